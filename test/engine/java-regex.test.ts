import { readFileSync } from 'node:fs';
import test from 'ava';
import { HOOKS } from '../../src/catalog/hooks.ts';
import { readJavaRegex } from '../../src/engine/java-regex.ts';

/** What java.util.regex.Pattern made of expressions: some written, most drawn by lot. */
const recorded: { readonly accepted: readonly string[]; readonly refused: readonly string[] } = JSON.parse(
  readFileSync(new URL('recorded/java-regex.json', import.meta.url), 'utf8'),
);

test(`what Java compiles is accepted: ${recorded.accepted.length} recorded expressions`, t => {
  t.true(recorded.accepted.length > 200);
  t.deepEqual(
    recorded.accepted.filter(regex => readJavaRegex(regex).fault !== undefined),
    [],
  );
});

test(`what Java does not compile is refused: ${recorded.refused.length} recorded expressions`, t => {
  t.true(recorded.refused.length > 200);
  t.deepEqual(
    recorded.refused.filter(regex => readJavaRegex(regex).fault === undefined),
    [],
  );
});

for (const [regex, fault] of [
  ['*', /\* that repeats nothing/],
  ['a{', /\{ that is no repetition/],
  ['a{3,1}', /runs backwards: \{3,1\}/],
  ['a{99999999999}', /more often than Java can count/],
  ['[z-a]', /range of characters that runs backwards, from z/],
  ['\\y', /escape that Java does not know here: \\y/],
  ['[\\b]', /escape that Java does not know here: \\b/],
  ['(?<n>a)(?<n>b)', /two groups n/],
  ['(?P<n>a)', /a named group is \(\?<name>…\)/],
  ['\\k<n>', /no \(\?<name>…\) before it/],
  [`${'('.repeat(201)}a${')'.repeat(201)}`, /more than 200 groups within each other/],
  ['\\x{110000}', /hexadecimal number of a character/],
] as const) {
  test(`the fault of ${regex.slice(0, 20)} is told: ${fault.source}`, t => {
    t.regex(readJavaRegex(regex).fault ?? '', fault);
  });
}

for (const [regex, unchecked] of [
  ['\\p{Lower}+', ['the name of a character property, \\p{…}']],
  ['(?<=a+)b', ['a look-behind']],
  ['(?x) a # (', ['all that follows the flag x']],
  ['\\N{DIGIT ONE}', ['the name of a character, \\N{…}']],
  ['^[a-z]+$', []],
] as const) {
  test(`what only Java can judge is told: ${regex}`, t => {
    t.deepEqual(readJavaRegex(regex), { fault: undefined, unchecked });
  });
}

test('every expression of the catalogue is one that Java compiles', t => {
  for (const { name, properties } of HOOKS) {
    const regexes = [properties.vm, properties.network, ...Object.values(properties.device)].flatMap(rules =>
      Object.values(rules),
    );
    t.deepEqual(regexes.map(regex => readJavaRegex(regex).fault).filter(Boolean), [], name);
  }
});
