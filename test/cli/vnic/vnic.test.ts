import test from 'ava';
import { withEngineOf } from '../vm/engine-program.ts';

const PROFILES = [
  { name: 'ovirtmgmt', properties: { SecurityGroups: '' } },
  { name: 'trunk', network: 'vlan-7', properties: { extnet: 'a', audit_port: '1' } },
  { name: 'trunk', network: 'vlan-8' },
  { name: 'trunk', network: 'vlan-8', dataCenter: 'south', filter: null },
];
const ENGINE = {
  dataCenters: [{ name: 'Default' }, { name: 'south', version: '4.6' }],
  profiles: PROFILES,
  interface: { extnet: '^[a-z]+$', audit_port: '^[0-9]+$' },
};

test('the properties and the filter of every profile, by data center and network', async t => {
  const { run } = await withEngineOf(t, ENGINE);
  const { stdout, exitCode } = await run('vnic', 'show', 'vlan-*/trunk');
  t.is(exitCode, 0);
  t.is(
    stdout,
    `Default/vlan-7/trunk  level 4.7  network filter: vdsm-no-mac-spoofing
  PROPERTY    VALUE  HOOK
  extnet      a      extnet
  audit_port  1      -
Default/vlan-8/trunk  level 4.7  network filter: vdsm-no-mac-spoofing
  no custom properties
south/vlan-8/trunk  level 4.6  network filter: none
  no custom properties`,
  );
  const { profiles } = JSON.parse((await run('vnic', 'show', '--json')).stdout);
  t.is(Object.keys(profiles).length, 4);
});

test('--no-filter takes the filter away, keeps the properties, and a second time does nothing', async t => {
  const { run, profile, puts } = await withEngineOf(t, ENGINE);
  t.like(await run('vnic', 'set', 'vlan-7/trunk', '--no-filter'), {
    exitCode: 0,
    stdout: 'Default/vlan-7/trunk  changed  network filter: vdsm-no-mac-spoofing -> (none)',
  });
  t.is(profile('Default/vlan-7/trunk').filter, null);
  t.deepEqual(profile('Default/vlan-7/trunk').properties, { extnet: 'a', audit_port: '1' });
  t.deepEqual(puts()[0]?.body, { network_filter: {} });
  t.like(await run('vnic', 'set', 'vlan-7/trunk', '--no-filter'), {
    exitCode: 0,
    stdout: 'Default/vlan-7/trunk  ok',
  });
  t.is(puts().length, 1);
});

test('properties are merged by name, and running vNICs that keep the old ones are named', async t => {
  const nics = [{ name: 'nic1', profile: 'Default/vlan-7/trunk' }];
  const { run, profile } = await withEngineOf(t, {
    ...ENGINE,
    vms: [
      { name: 'web-1', nics },
      { name: 'web-2', nics: [{ name: 'nic1', profile: 'Default/vlan-8/trunk' }] },
      { name: 'web-3', status: 'down', nics },
      { name: 'web-4', nics: [{ name: 'nic1', profile: 'Default/vlan-7/trunk', plugged: false }] },
    ],
  });
  const { stdout, exitCode } = await run('vnic', 'set', 'vlan-7/trunk', 'extnet=b', '--unset', 'audit_port');
  t.is(exitCode, 0);
  t.deepEqual(profile('Default/vlan-7/trunk').properties, { extnet: 'b' });
  t.is(profile('Default/vlan-7/trunk').filter, 'vdsm-no-mac-spoofing');
  t.regex(stdout, /extnet: a -> b; audit_port: 1 -> \(none\); running vNICs keep .*: web-1\/nic1$/);
});

test('what the engine refuses is told in its words, with the level that counts and how to define it', async t => {
  const { run } = await withEngineOf(t, ENGINE);
  const { stdout, exitCode } = await run('vnic', 'set', 'south/vlan-8/trunk', 'audit_prot=1');
  t.is(exitCode, 1);
  t.regex(stdout, /not configured by the system\. The keys are: audit_prot\n/);
  t.regex(stdout, /data center's level 4\.6: hookfleet engine show lists it.*\{audit_prot: REGEX\}/);
});

test('what somebody else writes at the same time is seen', async t => {
  const { run, profile } = await withEngineOf(t, ENGINE);
  profile('Default/vlan-7/trunk').afterPut = () => {
    profile('Default/vlan-7/trunk').properties = {};
  };
  const { stdout, exitCode } = await run('vnic', 'set', 'vlan-7/trunk', 'extnet=b');
  t.is(exitCode, 1);
  t.regex(stdout, /Somebody else has changed the profile at the same time/);
});

for (const [words, message] of [
  [
    ['trunk', '--no-filter'],
    /3 vNIC profiles are called trunk: Default\/vlan-7\/trunk, Default\/vlan-8\/trunk, south\/vlan-8\/trunk\n {2}Name the one/,
  ],
  [['vlan-8/trunk', '--no-filter'], /2 vNIC profiles are called vlan-8\/trunk/],
  [['ovirtmgnt', '--no-filter'], /no vNIC profile ovirtmgnt .*\n {2}Did you mean "ovirtmgmt"\?/],
  [['ovirtmgmt'], /told nothing to set/],
  [['extnet=a'], /told no vNIC profile/],
  [['ovirtmgmt', 'extnet=a;b'], /semicolon/],
] as const) {
  test(`refused, with stdout empty and nothing written: vnic set ${words.join(' ')}`, async t => {
    const { run, puts } = await withEngineOf(t, ENGINE);
    const { stdout, stderr, exitCode } = await run('vnic', 'set', ...words);
    t.is(exitCode, 2);
    t.is(stdout, '');
    t.regex(stderr, message);
    t.is(puts().length, 0);
  });
}
