import test from 'ava';
import fc from 'fast-check';
import { type BatchSize, batchesOf } from '../../src/run/batches.ts';

const fleet = (count: number) => Array.from({ length: count }, (_, i) => i);
const cut = (count: number, ...sizes: BatchSize[]) =>
  batchesOf(fleet(count), sizes).map(batch => batch.length);

test('without sizes all hosts are one batch', t => {
  t.deepEqual(cut(7), [7]);
});

test('a number is so many hosts, and the last size holds for all that follow', t => {
  t.deepEqual(cut(10, { hosts: 4 }), [4, 4, 2]);
  t.deepEqual(cut(10, { hosts: 1 }, { hosts: 2 }), [1, 2, 2, 2, 2, 1]);
});

test('a percentage is of all hosts of the play, rounded down, and at least one host', t => {
  t.deepEqual(cut(10, { percent: 25 }), [2, 2, 2, 2, 2]);
  t.deepEqual(cut(3, { percent: 10 }), [1, 1, 1]);
  t.deepEqual(cut(500, { hosts: 1 }, { percent: 25 }, { percent: 100 }), [1, 125, 374]);
});

test('every host is in exactly one batch, in its order, and no batch is empty', t => {
  const size = fc.oneof(
    fc.record({ hosts: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.array(size, { maxLength: 5 }), (count, sizes) => {
      const batches = batchesOf(fleet(count), sizes);
      t.deepEqual(batches.flat(), fleet(count));
      t.true(batches.every(batch => batch.length > 0));
    }),
  );
});
