import { execFileSync } from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import { pythonJson, readJson } from '../../../src/authoring/try/read-json.ts';

test('keys in another order are the same lines', t => {
  const [a, b] = ['{"b": 1, "a": [{"d": 1, "c": 2}]}', '{"a":[{"c":2,"d":1}],"b":1}'].map(readJson);
  t.deepEqual(a && 'lines' in a ? a.lines : undefined, b && 'lines' in b ? b.lines : 0);
});

for (const text of ['', '{', "{'a': 1}", '{"a": 1,}', 'nan', '\ufeff{}', '{} {}']) {
  test(`${JSON.stringify(text)} is no JSON`, t => {
    t.true('fault' in readJson(text));
  });
}

test('what Python writes for numbers that JSON does not have is read, and left alone in strings', t => {
  const read = readJson('[NaN, -Infinity, Infinity, "NaN", "\\"NaN"]');
  t.deepEqual('value' in read ? read.value : read, [null, null, null, 'NaN', '"NaN']);
});

test('JSON is written as Python writes it', t => {
  const values = fc.sample(
    fc
      .jsonValue({ noUnicodeString: false })
      .map(value =>
        JSON.parse(
          JSON.stringify(value, (_, one) => (typeof one === 'number' ? Math.trunc(one % 1e6) : one)),
        ),
      ),
    { numRuns: 500, seed: 13 },
  );
  const program = 'import json, sys\nfor line in sys.stdin: print(json.dumps(json.loads(line)))';
  const said = execFileSync('python3', ['-c', program], {
    input: values.map(value => `${JSON.stringify(value)}\n`).join(''),
    encoding: 'utf8',
  });
  t.deepEqual(said.trimEnd().split('\n'), values.map(pythonJson));
});
