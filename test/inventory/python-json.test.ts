import test from 'ava';
import fc from 'fast-check';
import { pythonJson, unprintable } from '../../src/inventory/python-json.ts';

// As Python's json.dumps writes them.
const floats: readonly (readonly [number, string])[] = [
  [1, '1.0'],
  [-0, '-0.0'],
  [0.1, '0.1'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [123456789012345680, '1.2345678901234568e+17'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1.5e-10, '1.5e-10'],
  [5e-324, '5e-324'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
];

for (const [value, text] of floats) {
  test(`a float is written as Python writes it: ${text}`, t => {
    t.is(pythonJson(value), text);
  });
}

test('a float reads back as the same number, and always shows that it is one', t => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
      const text = pythonJson(value);
      t.is(Number(text), value);
      t.regex(text, /[.e]/);
    }),
  );
});

test('an integer keeps all its digits', t => {
  t.is(pythonJson(12345678901234567890123n), '12345678901234567890123');
});

test('keys are sorted by code point, and other kinds of keys become text', t => {
  t.is(
    pythonJson(
      new Map([
        ['\u{1f600}', 1n],
        ['\uffff', 2n],
        ['B', 3n],
        ['a', 4n],
      ]),
    ),
    '{\n    "B": 3,\n    "a": 4,\n    "\uffff": 2,\n    "\u{1f600}": 1\n}',
  );
  t.is(
    pythonJson(
      new Map<bigint | boolean, null>([
        [10n, null],
        [9n, null],
        [true, null],
      ]),
    ),
    '{\n    "true": null,\n    "9": null,\n    "10": null\n}',
  );
});

test('empty lists and dicts stand on one line', t => {
  t.is(pythonJson([new Map(), []]), '[\n    {},\n    []\n]');
});

test('what JSON cannot hold is found at any depth, and never written', t => {
  const value = [new Map([['a', { unprintable: 'a set' }]])];
  t.is(unprintable(value), 'a set');
  t.is(unprintable([1n, new Map([['a', null]])]), undefined);
  t.throws(() => pythonJson(value), { instanceOf: RangeError });
});
