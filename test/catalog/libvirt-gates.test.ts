import test from 'ava';
import { findOperation, LIBVIRT_DRIVERS } from '../../src/catalog/libvirt-drivers.ts';
import {
  callsOf,
  hasDropIns,
  isCalled,
  readLibvirtVersion,
  whyNotCalled,
} from '../../src/catalog/libvirt-gates.ts';

for (const [text, version] of [
  ['libvirtd (libvirt) 9.0.0', '9.0.0'],
  ['virtqemud (libvirt) 11.3.0\n', '11.3.0'],
  ['/usr/sbin/libvirtd (libvirt) 8.0.0', '8.0.0'],
  ['10.0.0-rc1', '10.0.0-rc1'],
  ['', undefined],
  ['libvirtd: not found', undefined],
] as const) {
  test(`the version in ${JSON.stringify(text)}`, t => t.is(readLibvirtVersion(text), version));
}

for (const [version, has] of [
  ['4.5.0', false],
  ['6.4.9', false],
  ['6.5.0', true],
  ['6.5.0-rc1', false],
  ['7.0.0-rc1', true],
  ['12.8.0', true],
] as const) {
  test(`libvirt ${version} ${has ? 'looks' : 'does not look'} into folders of hooks`, t =>
    t.is(hasDropIns(version), has));
}

for (const [driver, name, version, called] of [
  ['qemu', 'prepare', '0.8.9', false],
  ['qemu', 'prepare', '0.9.0', true],
  ['qemu', 'restore', '1.2.8', false],
  ['qemu', 'restore', '1.2.9', true],
  ['qemu', 'attach', '5.4.0', true],
  ['qemu', 'attach', '5.5.0', false],
  ['qemu', 'stop', '12.8.0', false],
  ['qemu', 'stop', '99.0.0', false],
  ['network', 'port-created', '5.4.0', false],
  ['network', 'port-created', '5.5.0', true],
  ['network', 'plugged', '5.5.0', false],
  ['libxl', 'start', '2.0.0', false],
  ['libxl', 'start', '2.1.0', true],
  ['lxc', 'release', '0.9.12', false],
  ['bhyve', 'prepare', '6.1.0', true],
] as const) {
  test(`libvirt ${version} ${called ? 'calls' : 'does not call'} the ${driver} operation ${name}`, t => {
    const operation = findOperation(driver, name);
    t.truthy(operation);
    t.is(operation && isCalled(operation, version), called);
    t.is(whyNotCalled(driver, name, version, []) === undefined, called);
    t.is(whyNotCalled(driver, name, version, [name]), undefined, 'the site says that it is called');
  });
}

test('whoever wants stop is told what to use instead', t => {
  const why = whyNotCalled('qemu', 'stop', '11.3.0', []);
  t.regex(why?.message ?? '', /11\.3\.0.*no release has it/);
  t.regex(why?.hint ?? '', /protected_domains/);
  t.regex(why?.hint ?? '', /libvirt_extra_operations: \[stop\]/);
});

test('an operation of a later libvirt: since when it exists', t => {
  t.regex(whyNotCalled('network', 'port-created', '5.0.0', [])?.message ?? '', /since 5\.5\.0/);
});

test('the calls of a libvirt: those that it makes, and the reason where it tells one', t => {
  const names = (version: string, extra: readonly string[] = []) =>
    callsOf('qemu', version, extra).map(({ operation, extra: fourth }) => `${operation} ${fourth}`);
  t.deepEqual(names('9.0.0'), [
    'prepare -',
    'start -',
    'started -',
    'stopped -',
    'release -',
    'migrate -',
    'restore -',
    'reconnect -',
  ]);
  t.deepEqual(
    names('10.5.0').filter(call => call.startsWith('release')),
    ['release destroyed', 'release from snapshot'],
  );
  t.true(names('9.0.0', ['stop']).includes('stop -'));
  t.deepEqual(
    callsOf('daemon', '9.0.0', []).map(({ subOperation, extra, stdin }) => [subOperation, extra, stdin]),
    [
      ['-', 'start', 'none'],
      ['-', 'shutdown', 'none'],
      ['begin', 'SIGHUP', 'none'],
    ],
  );
});

test('only what migrates or restores is a filter, and what comes too late aborts nothing', t => {
  for (const { driver, operations } of LIBVIRT_DRIVERS) {
    for (const { name, output, aborts, subOperation, stdin } of operations) {
      t.is(output, name === 'migrate' || name === 'restore', `${driver} ${name}`);
      t.false(aborts && subOperation === 'end', `${driver} ${name}`);
      t.is(stdin === 'none', driver === 'daemon', `${driver} ${name}`);
    }
  }
});
