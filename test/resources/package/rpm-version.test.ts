import test from 'ava';
import fc from 'fast-check';
import { compareEvr, compareVersions, parseEvr } from '../../../src/resources/package/rpm-version.ts';

// From the older to the newer; equal ones stand in one list. rpm's own tests have most of these (rpm: tests/rpmvercmp.at).
const ORDER: readonly (readonly string[])[] = [
  ['~'],
  ['', '.', '_'],
  ['^'],
  ['a'],
  ['b'],
  ['xyz'],
  ['0.9'],
  ['1.0~rc1~git123'],
  ['1.0~rc1'],
  ['1.0~rc2'],
  ['1.0', '1_0', '1.00', '1.0.', '01.0'],
  ['1.0^'],
  ['1.0^git1~pre'],
  ['1.0^git1'],
  ['1.0^20210501~rc1'],
  ['1.0^20210501'],
  ['1.0^20210501^git1'],
  ['1.0a'],
  ['1.0aa'],
  ['1.0.el9', '1.0el9', '1.0+el9'],
  ['1.0.1'],
  ['1.9'],
  ['1.10'],
  ['2.0.1'],
  ['2.0.1a'],
  ['2.0.1.1'],
  ['10xyz'],
  ['10.1xyz'],
  ['20101121'],
  ['20101122'],
  ['12345678901234567890123'],
  ['12345678901234567890124'],
];

test('versions are ordered as rpm orders them', t => {
  for (const [i, older] of ORDER.entries()) {
    for (const a of older) {
      for (const b of older) {
        t.is(Math.sign(compareVersions(a, b)), 0, `${a} = ${b}`);
      }
      for (const b of ORDER.slice(i + 1).flat()) {
        t.is(Math.sign(compareVersions(a, b)), -1, `${a} < ${b}`);
        t.is(Math.sign(compareVersions(b, a)), 1, `${b} > ${a}`);
      }
    }
  }
});

test('epoch comes before version, version before release', t => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['1:1.0-1', '2.0-1', 1],
    ['0:1.0-1', '1.0-1', 0],
    ['2:1.0-1', '10:1.0-1', -1],
    ['1.0-2', '1.0-10', -1],
    ['1.0-1.el9', '1.0-1.el8', 1],
    ['1.0-1', '1.0~rc1-9', 1],
    ['1.0', '1.0-7', 0],
    ['1:1.0', '1.0-7', 1],
    ['1.0^git1', '1.0-7', 1],
  ];
  for (const [a, b, order] of cases) {
    t.is(Math.sign(compareEvr(a, b)), order, `${a} and ${b}`);
    t.is(Math.sign(compareEvr(b, a)), -order || 0, `${b} and ${a}`);
  }
});

test('epoch, version and release are told apart', t => {
  t.deepEqual(parseEvr('1:4.50.5-1.el9'), { epoch: 1, version: '4.50.5', release: '1.el9' });
  t.deepEqual(parseEvr('4.50.5'), { epoch: 0, version: '4.50.5', release: null });
});

const version = fc.string({ unit: fc.constantFrom(...'019ab.~^_+'), maxLength: 8 });

test('the order is one: each way round, and over a third', t => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      t.is(Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) || 0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
        t.true(compareVersions(a, c) <= 0);
      }
    }),
    { numRuns: 2000 },
  );
});
