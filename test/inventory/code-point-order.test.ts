import test from 'ava';
import fc from 'fast-check';
import { byCodePoint } from '../../src/inventory/code-point-order.ts';

test('texts are ordered by code point, as their UTF-8 bytes are', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      t.is(Math.sign(byCodePoint(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  t.true(byCodePoint('\u{1f600}', '\uffff') > 0);
});
