import { readFileSync } from 'node:fs';
import test from 'ava';
import { HOOKS } from '../../src/catalog/hooks.ts';
import { javaMatches } from '../../src/engine/java-match.ts';

type Pair = readonly [regex: string, value: string];

/** What Java's own String.matches said of expressions and values: some written, most drawn by lot. */
const recorded: { readonly matches: readonly Pair[]; readonly differs: readonly Pair[] } = JSON.parse(
  readFileSync(new URL('recorded/java-match.json', import.meta.url), 'utf8'),
);

for (const [name, answer] of [
  ['matches', true],
  ['differs', false],
] as const) {
  const pairs = recorded[name];
  test(`of ${pairs.length} recorded values where Java says ${answer}, none is said to be otherwise`, t => {
    t.deepEqual(
      pairs.filter(([regex, value]) => javaMatches(regex, value) === !answer),
      [],
    );
  });

  test(`and most of the ${pairs.length} are decided`, t => {
    const decided = pairs.filter(([regex, value]) => javaMatches(regex, value) === answer);
    t.true(decided.length > pairs.length / 2, `${decided.length}`);
  });
}

for (const [regex, value] of [
  ['a++', 'aa'],
  ['(?i)yes', 'YES'],
  ['[a-z&&[^b]]', 'a'],
  ['[]a]', 'a'],
  ['\\p{Alpha}+', 'a'],
  ['(a)?\\1', ''],
  ['\\Qa\\E', 'a'],
  ['.', 'é'],
  ['(', '('],
] as const) {
  test(`what JavaScript may take in another way is left to the engine: ${regex} and "${value}"`, t => {
    t.is(javaMatches(regex, value), undefined);
  });
}

test('every expression of the catalogue but those that only Java can judge decides about a value', t => {
  const regexes = HOOKS.flatMap(({ properties }) =>
    [properties.vm, properties.network, ...Object.values(properties.device)].flatMap(rules =>
      Object.values(rules),
    ),
  );
  const open = regexes.filter(regex => javaMatches(regex, 'x') === undefined);
  t.true(regexes.length > 20);
  t.true(open.length <= 3, open.join('\n'));
});
