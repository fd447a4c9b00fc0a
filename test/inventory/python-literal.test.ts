import test from 'ava';
import fc from 'fast-check';
import { readLiteral } from '../../src/inventory/python-literal.ts';
import type { PythonValue } from '../../src/inventory/python-value.ts';

// The values are those of Python 3.11's ast.literal_eval.
const literals: readonly (readonly [string, PythonValue])[] = [
  ['True', true],
  ['None', null],
  ['0o17', 15n],
  ['0x1F', 31n],
  ['0b101', 5n],
  ['1_000', 1000n],
  ['00', 0n],
  ['-1', -1n],
  ['+ 1', 1n],
  ['12345678901234567890123', 12345678901234567890123n],
  ['1.10', 1.1],
  ['01.5', 1.5],
  ['1.', 1],
  ['-.5', -0.5],
  ['1e400', Number.POSITIVE_INFINITY],
  ["'a'", 'a'],
  ['\'a\' "b"', 'ab'],
  ["'''it's'''", "it's"],
  ["''", ''],
  ["r'\\n'", '\\n'],
  ["'\\n\\x41\\u00e9\\101\\d'", '\nA\u00e9A\\d'],
  ["b'\\xc3\\xa9'", '\u00e9'],
  ['[1, 2,]', [1n, 2n]],
  ["['a', None, [True]]", ['a', null, [true]]],
  ['()', []],
  ['(1)', 1n],
  ['(1,)', [1n]],
  ['1, 2', [1n, 2n]],
  ['1,', [1n]],
  ["{'a': {'b': 1},}", new Map([['a', new Map([['b', 1n]])]])],
  ['{1: 2, 1: 3}', new Map([[1n, 3n]])],
  ['{1, 2}', { unprintable: 'a set' }],
  ['set()', { unprintable: 'a set' }],
  ['3j', { unprintable: 'a complex number' }],
  ['1.5J', { unprintable: 'a complex number' }],
  ['1+2j', { unprintable: 'a complex number' }],
  ['-0x1 - 2.5J', { unprintable: 'a complex number' }],
  ['(1+2j)', { unprintable: 'a complex number' }],
  ["[b'a']", [{ unprintable: 'bytes', decoded: 'a' }]],
  ['...', { unprintable: 'an ellipsis' }],
  ['{(1, 2): 3}', { unprintable: 'a dict with a key that is no simple value' }],
  ['  8080  # a comment', 8080n],
];

for (const [source, value] of literals) {
  test(`a Python literal is read: ${source}`, t => {
    t.deepEqual(readLiteral(source)?.value, value);
  });
}

const texts = [
  '',
  'true',
  'FALSE',
  'yes',
  'none',
  'TrueX',
  '017',
  '1__0',
  '1_',
  '--1',
  '-True',
  '0xg',
  '1a',
  '1.2.3',
  '192.0.2.1',
  '2024-01-01',
  '1 2',
  'web # x',
  "'a",
  "'a' b",
  "'\\x4'",
  "f'x'",
  "ur'x'",
  "b'\u00e9'",
  "'a' b'b'",
  '[a]',
  '[1 2]',
  '[',
  '(1',
  '{a: 1}',
  "{'a'}x",
  '{1: 2, 3}',
  '{{ template }}',
  'set(1)',
  '#',
  ',',
  `${'['.repeat(201)}${']'.repeat(201)}`,
  '1'.repeat(4301),
];

for (const source of texts) {
  test(`what is no Python literal stays text: ${source.slice(0, 30)}`, t => {
    t.is(readLiteral(source), undefined);
  });
}

test('of a literal its text is kept as written, and of a string what is in the quotes', t => {
  t.is(readLiteral(' 1.10 # release')?.text, '1.10');
  t.is(readLiteral("'root' # user")?.text, 'root');
  t.is(readLiteral("['a', 1]  ")?.text, "['a', 1]");
});

test('every JSON string without surrogates alone reads as the same text', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      t.is(readLiteral(JSON.stringify(text))?.value, text);
    }),
  );
});

test('no text makes the reader fail', t => {
  const pieces = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    ',',
    ':',
    '1',
    '.',
    'e',
    'j',
    '_',
    "'",
    '"',
    '\\',
    'b',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(pieces), parts => {
      t.notThrows(() => readLiteral(parts.join('')));
    }),
  );
});
