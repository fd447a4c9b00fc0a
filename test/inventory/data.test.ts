import test from 'ava';
import fc from 'fast-check';
import { pythonValue } from '../../src/inventory/data-node.ts';
import { readJsonData } from '../../src/inventory/json-data.ts';
import { pythonJson } from '../../src/inventory/python-json.ts';
import { readYamlData } from '../../src/inventory/yaml-data.ts';

const json = (text: string) => {
  const { root, problems } = readJsonData(text, 'f');
  return root === undefined
    ? problems.map(({ place, message }) => [place?.line, place?.column, message])
    : pythonJson(pythonValue(root));
};

test('JSON reads as the same value that JavaScript reads, but integers stay integers', t => {
  fc.assert(
    fc.property(fc.json(), text => {
      const { root } = readJsonData(text, 'f');
      t.deepEqual(root && JSON.parse(pythonJson(pythonValue(root))), JSON.parse(text));
    }),
  );
  t.is(json('12345678901234567890'), '12345678901234567890');
  t.is(json('1.0'), '1.0');
});

test('numbers that JSON does not have are read as Python reads them', t => {
  t.is(json('[NaN, Infinity, -Infinity]'), '[\n    NaN,\n    Infinity,\n    -Infinity\n]');
});

test('broken JSON is told with its place', t => {
  for (const [text, place] of [
    ['', [1, 1, 'Broken JSON: it ends too early']],
    ['{"a": 1,\n "b" 2}', [2, 6, 'Broken JSON: "2}" is not expected here']],
    ['[1,]', [1, 4, 'Broken JSON: "]" is not expected here']],
    ['{"a": 01}', [1, 8, 'Broken JSON: "1}" is not expected here']],
    ['"a\tb"', [1, 1, 'Broken JSON: "\\"a\\tb\\"" is not expected here']],
    ['"\\x"', [1, 1, 'Broken JSON: "\\"\\\\x\\"" is not expected here']],
    ['{} {}', [1, 4, 'Broken JSON: "{}" is not expected here']],
  ] as const) {
    t.deepEqual(json(text), [place], text);
  }
  t.is(readJsonData('['.repeat(100_000), 'f').root, undefined);
});

test('whatever a YAML file holds, data comes out or a problem with a place', t => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      '1',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '#',
      '&a',
      '*a',
      '!vault ',
      '!!int ',
      '<<: ',
      '|\n',
    ],
    ...['---\n', '? ', '\t', '%YAML 1.1\n', '0x', '2023-01-01', '@', '__proto__', '\u0085', '~'],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), parts => {
      const { root, problems } = readYamlData(parts.join(''), 'f');
      t.is(root === undefined, problems.length > 0);
      t.true(problems.every(({ place }) => place?.line !== undefined));
      if (root !== undefined) {
        pythonValue(root);
      }
    }),
    { numRuns: 1000 },
  );
});
