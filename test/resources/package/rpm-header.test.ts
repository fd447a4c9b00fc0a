import test from 'ava';
import { Secret } from '../../../src/core/secret.ts';
import { RPM_SIZE_LIMIT, readRpm } from '../../../src/resources/package/rpm-header.ts';
import { type Entry, rpm } from '../rpm-bytes.ts';

const PACKAGE: readonly Entry[] = [
  [1000, 'vdsm-hook-x'],
  [1001, '1.0~rc1'],
  [1002, '2.el9'],
  [1003, 3],
  [1022, 'noarch'],
  [1044, 'vdsm-hook-x-1.0~rc1-2.el9.src.rpm'],
];

test('name, version and architecture come from the header, whatever the signature’s length', t => {
  for (const signature of ['', 'a', 'abcd', 'abcdefg', 'abcdefgh']) {
    const bytes = rpm(PACKAGE, [[1000, signature]]);
    const read = readRpm('files/x.rpm', bytes);
    t.like(read, { file: 'files/x.rpm', name: 'vdsm-hook-x', evr: '3:1.0~rc1-2.el9', arch: 'noarch' });
    t.is('base64' in read && read.base64.reveal(), bytes.toString('base64'));
  }
});

test('a package without an epoch has epoch 0', t => {
  t.like(readRpm('x.rpm', rpm(PACKAGE.filter(([tag]) => tag !== 1003))), { evr: '0:1.0~rc1-2.el9' });
});

test('the bytes are never shown', t => {
  const read = readRpm('x.rpm', rpm(PACKAGE));
  t.true('base64' in read && read.base64 instanceof Secret);
  t.notRegex(JSON.stringify(read), /7avu2/);
});

test('what is no binary RPM is refused with a reason', t => {
  const whole = rpm(PACKAGE);
  const cases: readonly (readonly [Uint8Array, RegExp])[] = [
    [Buffer.from(''), /no RPM: it does not begin as one/],
    [Buffer.from('PK\x03\x04'.padEnd(200)), /no RPM: it does not begin as one/],
    [whole.subarray(0, 150), /damaged or cut off/],
    [whole.subarray(0, 100), /damaged or cut off/],
    [rpm(PACKAGE.filter(([tag]) => tag !== 1044)), /is a source package/],
    [rpm(PACKAGE.filter(([tag]) => tag !== 1001)), /no name, version or architecture/],
    [rpm([[1000, '../x'], ...PACKAGE.slice(1)]), /without a proper name/],
    [
      rpm(PACKAGE.map(([tag, value]) => [tag, tag === 1002 ? '1/../../etc' : value])),
      /without a proper name or version/,
    ],
    [Buffer.alloc(RPM_SIZE_LIMIT + 1), /has 21 MiB; at most 20 MiB/],
  ];
  for (const [bytes, fault] of cases) {
    const read = readRpm('x.rpm', bytes);
    t.regex('fault' in read ? read.fault : '', fault);
    t.true('hint' in read && read.hint.length > 0);
  }
});

test('a damaged header is refused or read, and never an error', t => {
  const whole = rpm(PACKAGE);
  for (let at = 96; at < whole.length - 7; at++) {
    const bytes = Buffer.from(whole);
    bytes[at] = 0xff;
    t.notThrows(() => readRpm('x.rpm', bytes));
  }
});
