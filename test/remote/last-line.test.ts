import test from 'ava';
import { MarkedStream } from '../../src/remote/script/marked-stream.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

test('the last whole line of what runs is known as it comes, and forgotten at the next mark', t => {
  const stream = new MarkedStream(NONCE, 1000);
  stream.push(Buffer.from(`${NONCE} begin 1\n`));
  t.is(stream.lastLine, undefined);
  stream.push(Buffer.from('HTTP 404\nHTTP'));
  t.is(stream.lastLine, 'HTTP 404');
  stream.push(Buffer.from(' 503\n'));
  t.is(stream.lastLine, 'HTTP 503');
  stream.push(Buffer.from('\n'));
  t.is(stream.lastLine, '');
  stream.push(Buffer.from(`${NONCE} 0\n`));
  t.is(stream.lastLine, undefined);
});

test('a line that comes in many pieces is whole at its end', t => {
  const stream = new MarkedStream(NONCE, 1000);
  stream.push(Buffer.from(`${NONCE} begin 1\nearlier\n`));
  for (const letter of 'a line of some length, longer than what may be a mark\n') {
    stream.push(Buffer.from(letter));
  }
  t.is(stream.lastLine, 'a line of some length, longer than what may be a mark');
});
