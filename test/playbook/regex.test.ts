import test from 'ava';
import fc from 'fast-check';
import { HOOKS } from '../../src/catalog/hooks.ts';
import { deviceRegexFault, networkRegexFault, regexFault } from '../../src/playbook/regex.ts';

/** Accepted or refused by java.util.regex.Pattern, Java 17. */
const JAVA_ACCEPTS = [
  '^(off|on)$',
  '[]a]',
  '[^]a]',
  '[a[b-d]]',
  '[a-z&&[^aeiou]]',
  '[(]',
  '\\(',
  '\\[\\)',
  'a]',
  '\\Q([{\\E',
  '\\Q([{',
  '[\\]]',
  '(?i)on',
  '(?x)a # (',
  '^[a-f]{2}$',
  'ü+',
  '\\\\',
];

for (const regex of JAVA_ACCEPTS) {
  test(`the expression ${regex} is accepted, as Java does`, t => {
    t.is(regexFault(regex), undefined);
  });
}

for (const [regex, fault] of [
  ['', /empty/],
  ['a;b', /semicolon/],
  ['a\nb', /line break/],
  ['a\r', /line break/],
  ['a\u2028b', /line break/],
  ['a\0b', /control character/],
  ['a\u001bb', /control character/],
  ['(a', /does not close a parenthesis/],
  ['a)', /parenthesis that it does not open/],
  ['(a))(', /parenthesis that it does not open/],
  ['[a', /does not close a bracket/],
  ['[[a]', /does not close a bracket/],
  ['[]', /does not close a bracket/],
  ['[^]', /does not close a bracket/],
  ['(\\)', /does not close a parenthesis/],
  ['\\Q(\\E(', /does not close a parenthesis/],
  ['a\\', /lone backslash/],
] as const) {
  test(`the expression ${JSON.stringify(regex)} is refused: ${fault.source}`, t => {
    t.regex(regexFault(regex) ?? '', fault);
  });
}

const balanced = fc.letrec<{ regex: string }>(tie => ({
  regex: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', '\\(', '\\]', '[()]', '[^]x]', '[a[b]]', '\\Q)[\\E', '.', ']'),
    tie('regex').map(inner => `(${inner})`),
    fc.tuple(tie('regex'), tie('regex')).map(parts => parts.join('')),
  ),
})).regex;

test('brackets that match are never a fault, and one parenthesis too many always is', t => {
  fc.assert(
    fc.property(balanced, regex => {
      t.is(regexFault(regex), undefined);
      t.truthy(regexFault(`(${regex}`));
      t.truthy(regexFault(`${regex})`));
      t.truthy(regexFault(`${regex}[`));
    }),
  );
});

test('braces are fine in the expression of a device, but not what begins another group', t => {
  t.is(deviceRegexFault('^[a-f]{2}$'), undefined);
  t.is(deviceRegexFault('^(a{2}){3}'), undefined);
  t.regex(deviceRegexFault('a}}{type=disk') ?? '', /another device type/);
  t.regex(deviceRegexFault('a;b') ?? '', /semicolon/);
  t.regex(deviceRegexFault('[}}{type=disk]') ?? '', /another device type/);
  t.is(regexFault('[}}{type=disk]'), undefined, 'only devices have groups');
});

test('a network property’s expression holds no equals sign, as engine-config would refuse it', t => {
  t.regex(networkRegexFault('^a=(b|c)$') ?? '', /write \\x3d/);
  t.is(networkRegexFault('^a\\x3d(b|c)$'), undefined);
  t.regex(networkRegexFault('a;b') ?? '', /semicolon/);
});

test('every network expression of the catalogue is one that engine-config takes', t => {
  for (const hook of HOOKS) {
    for (const [name, regex] of Object.entries(hook.properties.network)) {
      t.is(networkRegexFault(regex), undefined, `${hook.name}: ${name}`);
    }
  }
});
