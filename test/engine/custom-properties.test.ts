import test from 'ava';
import fc from 'fast-check';
import {
  type CustomProperty,
  differencesOf,
  mergeValues,
  type PropertyWish,
  wishFault,
} from '../../src/engine/custom-properties.ts';

for (const [wish, fault] of [
  [{ name: 'audit_tag', value: 'web' }, undefined],
  [{ name: 'a', value: 'x=y, {z} "q"' }, undefined],
  [{ name: 'a', absent: true }, undefined],
  [{ name: 'a', value: 'x;y' }, /semicolon: the engine begins another property/],
  [{ name: 'a', value: '' }, /no value; --unset a takes it away/],
  [{ name: 'a', value: 'x\ny' }, /line break or another control character/],
  [{ name: 'a', value: 'x\u2028y' }, /line break/],
  [{ name: 'a-b', value: 'x' }, /"a-b" cannot be the name/],
  [{ name: '', value: 'x' }, /"" cannot be the name/],
  [{ name: 'a b', absent: true }, /"a b" cannot be the name/],
] as const satisfies readonly (readonly [PropertyWish, RegExp | undefined])[]) {
  test(`whatever the engine defines: ${JSON.stringify(wish)} is ${fault === undefined ? 'fine' : 'refused'}`, t => {
    const said = wishFault(wish);
    if (fault === undefined) {
      t.is(said, undefined);
    } else {
      t.regex(said ?? '', fault);
    }
  });
}

const list = (text: string): CustomProperty[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map(one => ({ name: one.split('=')[0] ?? '', value: one.split('=')[1] ?? '' }));

for (const [title, before, wishes, after] of [
  ['a new one comes last', 'a=1 b=2', [{ name: 'c', value: '3' }], 'a=1 b=2 c=3'],
  ['a known one keeps its place', 'a=1 b=2', [{ name: 'a', value: '3' }], 'a=3 b=2'],
  ['one goes, the others stay', 'a=1 b=2', [{ name: 'a', absent: true }], 'b=2'],
  ['one that is not there goes without a word', 'a=1', [{ name: 'b', absent: true }], 'a=1'],
  ['of two of one name the last counts', 'a=1 b=2 a=3', [], 'a=3 b=2'],
] as const) {
  test(`merging: ${title}`, t => {
    t.deepEqual(mergeValues(list(before), wishes), list(after));
  });
}

const name = fc.constantFrom('a', 'b', 'c', 'd');
const properties = fc.uniqueArray(fc.record({ name, value: fc.string() }), { selector: one => one.name });
const wishes = fc.uniqueArray(
  fc.oneof(fc.record({ name, value: fc.string() }), fc.record({ name, absent: fc.constant(true as const) })),
  { selector: one => one.name },
);

test('merging twice is merging once, and what no wish names is as it was', t => {
  fc.assert(
    fc.property(properties, wishes, (before, wanted) => {
      const once = mergeValues(before, wanted);
      t.deepEqual(mergeValues(once, wanted), once);
      t.deepEqual(differencesOf(once, mergeValues(once, wanted)), []);
      const named = new Set<string>(wanted.map(one => one.name));
      const others = (all: readonly CustomProperty[]) => all.filter(one => !named.has(one.name));
      t.deepEqual(others(once), others(before));
    }),
  );
});

test('differences lead from one list to the other', t => {
  fc.assert(
    fc.property(properties, properties, (before, after) => {
      const asWishes = differencesOf(before, after).map(
        (one): PropertyWish =>
          one.after === null ? { name: one.name, absent: true } : { name: one.name, value: one.after },
      );
      t.deepEqual(differencesOf(mergeValues(before, asWishes), after), []);
    }),
  );
});
