import test from 'ava';
import fc from 'fast-check';
import { MarkedStream } from '../../../src/remote/script/marked-stream.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    NONCE,
    `${NONCE} `,
    `${NONCE} beginning\n`,
    `${NONCE} 1000\n`,
    `${NONCE} x`,
    `${NONCE} begin`,
    `${NONCE} begin 12345678901\n`,
    `x${NONCE} `,
    'ü',
  ),
);

/** What UTF-8 makes of it: a lone surrogate has no form there. */
function asUtf8(value: string): string {
  return Buffer.from(value).toString();
}

function fed(data: Buffer, cuts: readonly number[], limit = 1e9): MarkedStream {
  const stream = new MarkedStream(NONCE, limit);
  const ends = [...cuts.map(cut => cut % (data.length + 1)), data.length].sort((a, b) => a - b);
  ends.reduce((from, to) => {
    stream.push(data.subarray(from, to));
    return to;
  }, 0);
  return stream;
}

test('pieces are cut at the marks wherever the chunks end, and characters stay whole', t => {
  fc.assert(
    fc.property(
      text,
      fc.array(fc.tuple(text, fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      text,
      fc.array(fc.nat(), { maxLength: 12 }),
      (before, pieces, after, cuts) => {
        const data = Buffer.from(
          `${before}${NONCE} begin 1\n${pieces.map(([out, code]) => `${out}${NONCE} ${code}\n`).join('')}${NONCE} end\n${after}`,
        );
        const stream = fed(data, cuts);
        t.true(stream.begun && stream.ended);
        t.is(stream.noise, asUtf8(before));
        t.deepEqual(
          stream.pieces,
          pieces.map(([out, exitCode]) => ({ text: asUtf8(out), exitCode })),
        );
      },
    ),
  );
});

test('without marks everything is noise', t => {
  fc.assert(
    fc.property(text, fc.array(fc.nat()), (noise, cuts) => {
      const stream = fed(Buffer.from(noise), cuts);
      t.deepEqual([stream.begun, stream.ended, stream.noise], [false, false, asUtf8(noise)]);
    }),
  );
});

test('what has come since the last mark can be told before the next one', t => {
  const stream = fed(Buffer.from(`${NONCE} begin 1\none${NONCE} 0\ntwo`), []);
  t.deepEqual([stream.pieces, stream.unfinished], [[{ text: 'one', exitCode: 0 }], 'two']);
});

test('beyond the limit bytes are dropped and counted, marks are still seen', t => {
  const data = Buffer.from(
    `noise${NONCE} begin 1\n${'x'.repeat(100)}${NONCE} 0\n${'y'.repeat(10)}${NONCE} 7\n${NONCE} end\n`,
  );
  const stream = fed(data, [20, 50, 90, 130], 60);
  t.true(stream.ended);
  t.is(stream.dropped, 110 - 60);
  t.deepEqual(
    stream.pieces.map(piece => [piece.text.length, piece.exitCode]),
    [
      [60, 0],
      [0, 7],
    ],
  );
});
