import test from 'ava';
import { didYouMean } from '../../src/core/suggest.ts';

const known = ['hosts', 'become', 'vdsm_hooks', 'diskunmap'];

for (const [word, expected] of [
  ['host', 'hosts'],
  ['diskunmpa', 'diskunmap'],
  ['VDSM_hooks', 'vdsm_hooks'],
  ['hsots', 'hosts'],
  ['zebra', undefined],
  ['x', undefined],
] as const) {
  test(`${word} means ${expected ?? 'nothing known'}`, t => {
    t.is(didYouMean(word, known), expected);
  });
}

test('nothing is near where nothing is known', t => {
  t.is(didYouMean('hosts', []), undefined);
});
