import test from 'ava';
import { globToRegExp, isGlob } from '../../src/inventory/glob.ts';

const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['kvm-*', ['kvm-', 'kvm-01.x'], ['akvm-01', 'kvm']],
  ['kvm-0?', ['kvm-01'], ['kvm-0', 'kvm-012']],
  ['h[ab]', ['ha', 'hb'], ['hc', 'h[ab]']],
  ['h[!ab]', ['hc'], ['ha', 'h']],
  ['h[1-3]', ['h2'], ['h4']],
  ['h[]x]', ['h]', 'hx'], ['h']],
  ['h[^a]', ['h^', 'ha'], ['hb']],
  ['h[a', ['h[a'], ['ha']],
  ['a.b*', ['a.bc'], ['axbc']],
  ['(a|b)+*', ['(a|b)+c'], ['a']],
];

for (const [glob, matching, others] of table) {
  test(`a glob matches whole names, as fnmatch does: ${glob}`, t => {
    const expression = globToRegExp(glob);
    for (const name of matching) {
      t.regex(name, expression);
    }
    for (const name of others) {
      t.notRegex(name, expression);
    }
  });
}

test('a glob is told from a plain name', t => {
  t.deepEqual(['kvm', 'a.b', 'kvm*', 'h?', 'h[ab]'].map(isGlob), [false, false, true, true, true]);
});
