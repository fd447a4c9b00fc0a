import test from 'ava';
import fc from 'fast-check';
import { isAvailable, readAskedVersion } from '../../src/catalog/availability.ts';
import { findHook, HOOKS, type Hook } from '../../src/catalog/hooks.ts';
import { ovirtReleases } from '../../src/catalog/releases.ts';

for (const [text, of, parts] of [
  ['4.4', 'ovirt', [4, 4]],
  ['4.5.6', 'ovirt', [4, 5]],
  ['3.0', 'ovirt', [3, 0]],
  ['oVirt 4.3', 'ovirt', [4, 3]],
  ['4.9', 'vdsm', [4, 9]],
  ['4.10', 'vdsm', [4, 10]],
  ['4.40', 'vdsm', [4, 40]],
  ['vdsm-4.50.5', 'vdsm', [4, 50, 5]],
  ['4.50.2.2', 'vdsm', [4, 50, 2, 2]],
] as const) {
  test(`${text} is a version of ${of}`, t => {
    t.deepEqual(readAskedVersion(text), { of, parts: [...parts] });
  });
}

for (const text of ['', '4', '4.6', '4.8', '5.0', '4.60.1', '3.7', '9', 'x', '4.x', '4.4 or so', '-4.4']) {
  test(`"${text}" is no version that the catalogue knows`, t => {
    t.is(readAskedVersion(text), undefined);
  });
}

const isThere = (name: string, version: string) => {
  const [hook, asked] = [findHook(name), readAskedVersion(version)];
  return hook && asked && isAvailable(hook, asked);
};

for (const [name, there, not] of [
  [
    'macspoof',
    ['3.3', '4.3', '4.30', '4.30.53', '4.40.0'],
    ['3.2', '4.4', '4.40.1', '4.40', '4.50.5', '4.10'],
  ],
  ['log_console', ['4.5', '4.50.2', '4.50'], ['4.4', '4.50.1', '4.40']],
  ['faqemu', ['3.0', '4.5', '4.9', '4.50.7'], []],
  ['smartcard', ['3.0', '3.2', '4.10'], ['3.3', '4.11.0', '4.5']],
  ['directlun', ['3.6', '4.17', '4.17.9'], ['4.0', '4.18.0']],
] as const) {
  test(`${name} is there in the versions that had it, and in no other`, t => {
    t.deepEqual(
      there.filter(version => !isThere(name, version)),
      [],
    );
    t.deepEqual(
      not.filter(version => isThere(name, version)),
      [],
    );
  });
}

test('a hook of which nobody knows since when it is there is taken for there', t => {
  const own: Hook = { ...(findHook('diskunmap') as Hook), status: 'site' };
  const { since: _, ...unknown } = own;
  const asked = readAskedVersion('3.0');
  t.true(asked && isAvailable(unknown, asked));
});

test('between two releases of oVirt that have a hook, all have it', t => {
  const releases = ovirtReleases();
  fc.assert(
    fc.property(
      fc.constantFrom(...HOOKS),
      fc.array(fc.nat(releases.length - 1), { minLength: 3, maxLength: 3 }),
      (hook, picked) => {
        const [a = 0, b = 0, c = 0] = picked.toSorted((x, y) => x - y);
        const has = (index: number) => {
          const asked = readAskedVersion(releases[index] ?? '');
          return asked !== undefined && isAvailable(hook, asked);
        };
        return !has(a) || !has(c) || has(b);
      },
    ),
  );
  t.true(releases.length > 10);
});
