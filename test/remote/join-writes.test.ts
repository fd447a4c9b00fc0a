import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { joinWrites } from '../../src/remote/join-writes.ts';

function recording(): { readonly stream: Duplex; readonly writes: string[][] } {
  const writes: string[][] = [];
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      writes.push([String(chunk)]);
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  return { stream, writes };
}

test('the answers to what has come go out together, in their order', async t => {
  const { stream, writes } = recording();
  joinWrites(stream);
  stream.on('data', (chunk: Buffer) => {
    stream.write(`${chunk} 1;`);
    stream.write(`${chunk} 2;`);
  });
  stream.push('a');
  await turn();
  await turn();
  stream.push('b');
  await turn();
  await turn();
  t.deepEqual(writes, [
    ['a 1;', 'a 2;'],
    ['b 1;', 'b 2;'],
  ]);
});

test('what answers nothing goes out at once', t => {
  const { stream, writes } = recording();
  joinWrites(stream);
  stream.write('a');
  t.deepEqual(writes, [['a']]);
});

test('an end takes along what is held back', async t => {
  const { stream, writes } = recording();
  joinWrites(stream);
  stream.on('data', () => {
    stream.write('last');
    stream.end();
  });
  stream.push('a');
  await turn();
  await turn();
  t.deepEqual(writes.flat(), ['last']);
  t.true(stream.writableFinished);
});
