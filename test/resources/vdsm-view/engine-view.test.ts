import test from 'ava';
import { staleView, unkeepable } from '../../../src/resources/vdsm-view/engine-view.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const record = (event: string, name: string, checksum: string) => ({ event, name, checksum });
const told = (...args: Parameters<typeof staleView>) =>
  staleView(...args).map(({ resource, action, id, before, after }) => {
    const short = (text: string | null) => text?.replace(/^(sha256 .).*/, '$1') ?? 'none';
    return `${resource} ${action} ${id}: ${short(before)} -> ${short(after)}`;
  });

test('a record that is right, in whatever order, is not stale', t => {
  const seen = new Map([
    ['before_vm_start/50_a', A],
    ['after_vm_start/50_b', B],
  ]);
  t.deepEqual(told(seen, [record('after_vm_start', '50_b', B), record('before_vm_start', '50_a', A)]), []);
  t.deepEqual(told(new Map(), []), []);
});

test('what is missing, gone, or has another content is stale', t => {
  const seen = new Map([
    ['before_vm_start/50_a', A],
    ['before_vm_start/50_new', B],
  ]);
  t.deepEqual(told(seen, [record('before_vm_start', '50_a', B), record('before_vm_start', '50_gone', A)]), [
    'engine-view refresh before_vm_start/50_a: sha256 b -> sha256 a',
    'engine-view refresh before_vm_start/50_gone: sha256 a -> none',
    'engine-view refresh before_vm_start/50_new: none -> sha256 b',
  ]);
});

test('a script that moved to another event is two things', t => {
  t.is(told(new Map([['after_vm_start/50_a', A]]), [record('before_vm_start', '50_a', A)]).length, 2);
});

test('of sums that are no SHA-256 the names alone count', t => {
  const md5 = 'c'.repeat(32);
  t.deepEqual(told(new Map([['before_vm_start/50_a', A]]), [record('before_vm_start', '50_a', md5)]), []);
  t.deepEqual(told(new Map([['before_vm_start/50_a', null]]), [record('before_vm_start', '50_a', md5)]), []);
  t.is(told(new Map([['before_vm_start/50_a', null]]), []).length, 1);
});

test('a script that VDSM could not read, and can now, is stale', t => {
  t.is(told(new Map([['before_vm_start/50_a', A]]), [record('before_vm_start', '50_a', '')]).length, 1);
  t.deepEqual(told(new Map([['before_vm_start/50_a', '']]), [record('before_vm_start', '50_a', '')]), []);
});

test('the engine loses the blanks of a name, and that is not drift', t => {
  t.deepEqual(told(new Map([['before_vm_start/50 a b', A]]), [record('before_vm_start', '50ab', A)]), []);
});

test('names that spoil the record of a whole host are found', t => {
  const names = ['e/50_a', 'e/a=b', 'e/a,b', 'e/{', 'e/}', 'e/a b'];
  t.deepEqual(unkeepable(new Map(names.map(name => [name, A]))), ['e/a,b', 'e/a=b', 'e/{', 'e/}']);
});
