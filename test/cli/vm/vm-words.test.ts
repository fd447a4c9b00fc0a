import test from 'ava';
import { readSetWords, refuseUnclear } from '../../../src/cli/vm/vm-words.ts';
import { InputError } from '../../../src/core/input-error.ts';

test('what has an equals sign is a property, what has none is a VM, in any order', t => {
  t.deepEqual(readSetWords(['a=x=y', 'web-*', 'b=1', 'db'], ['c']), {
    patterns: ['web-*', 'db'],
    wishes: [
      { name: 'a', value: 'x=y' },
      { name: 'b', value: '1' },
      { name: 'c', absent: true },
    ],
  });
});

for (const [words, unset, message] of [
  [['v', 'a=1', 'a=2'], [], /the property a is named twice/],
  [['v', 'a=1'], ['a'], /the property a is named twice/],
  [['v', 'a=1;2', 'b='], [], /semicolon[\s\S]*--unset b/],
  [['v', '=x'], [], /"" cannot be the name/],
  [['v'], ['a=1'], /"a=1" cannot be the name/],
] as const) {
  test(`refused: ${words.join(' ')} ${unset.map(one => `--unset ${one}`).join(' ')}`, t => {
    t.throws(() => readSetWords(words, unset), { instanceOf: InputError, message });
  });
}

for (const [words, search, message] of [
  [['a=1'], undefined, /told no VM/],
  [['v', 'a=1'], 'name=v', /v: VMs are named, or searched with --search, not both/],
  [['v'], undefined, /told nothing to set/],
] as const) {
  test(`unclear: ${words.join(' ')}${search === undefined ? '' : ` --search ${search}`}`, t => {
    t.throws(() => refuseUnclear('vm set', readSetWords(words, []), search, false), {
      instanceOf: InputError,
      message,
    });
  });
}
