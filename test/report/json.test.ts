import test from 'ava';
import fc from 'fast-check';
import { jsonText } from '../../src/report/json.ts';

test('a document is JSON that reads back, and holds nothing that drives a terminal', t => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), texts => {
      const text = jsonText({ texts });
      t.deepEqual(JSON.parse(text), { texts });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
      t.notRegex(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
    }),
  );
});
