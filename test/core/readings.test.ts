import test from 'ava';
import { rememberReadings } from '../../src/core/readings.ts';
import type { Section } from '../../src/core/section.ts';

const REPLY: Section = { stdout: 'a', stderr: '', exitCode: 0 };

function counted() {
  let count = 0;
  const read = rememberReadings(({ stdout }) => {
    count += 1;
    if (stdout === 'broken') {
      throw new Error('broken');
    }
    return { stdout };
  });
  return { read, count: () => count };
}

test('the same reply of another host is not read again', t => {
  const { read, count } = counted();
  const first = read(REPLY);
  t.is(read({ ...REPLY }), first);
  t.is(count(), 1);
});

test('a reply that differs anywhere is read by itself', t => {
  const { read, count } = counted();
  const others = [REPLY, { ...REPLY, stdout: 'b' }, { ...REPLY, stderr: 'b' }, { ...REPLY, exitCode: 1 }];
  const readings = others.map(read);
  t.is(new Set(readings).size, others.length);
  t.is(count(), others.length);
});

test('few replies are kept, and none that is large', t => {
  const { read, count } = counted();
  for (let i = 0; i < 10; i += 1) {
    read({ ...REPLY, stdout: String(i) });
  }
  read({ ...REPLY, stdout: '0' });
  t.is(count(), 11);
  const large = { ...REPLY, stdout: 'x'.repeat(1_000_000) };
  t.not(read(large), read(large));
});

test('what cannot be read is an error each time', t => {
  const { read, count } = counted();
  t.throws(() => read({ ...REPLY, stdout: 'broken' }), { message: 'broken' });
  t.throws(() => read({ ...REPLY, stdout: 'broken' }), { message: 'broken' });
  t.is(count(), 2);
});
