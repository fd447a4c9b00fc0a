import test from 'ava';
import { HOOKS } from '../../src/catalog/hooks.ts';
import { isPredefined } from '../../src/catalog/predefined.ts';
import { resolveEngineProperties } from '../../src/playbook/engine-properties.ts';

test('the properties of hooks come with the hook as their origin', t => {
  t.deepEqual(resolveEngineProperties({ levels: 'all' }, ['qemucmdline', 'extnet', 'ethtool_options']), {
    levels: 'all',
    vm: [{ name: 'qemu_cmdline', regex: '^.*$', origin: 'qemucmdline' }],
    device: [
      { type: 'interface', properties: [{ name: 'extnet', regex: '^[a-zA-Z0-9_ ---]+$', origin: 'extnet' }] },
    ],
    network: [{ name: 'ethtool_opts', regex: '.*', origin: 'ethtool_options' }],
  });
});

test('what the playbook says of a name wins over a hook, be it another expression or none', t => {
  const resolved = resolveEngineProperties(
    {
      levels: ['4.7'],
      vm: { diskunmap: '^on$', qemu_cmdline: { state: 'absent' }, tag: 'x' },
      device: { interface: { extnet: '^lab$' }, disk: { speed: '[0-9]+' } },
      network: { ethtool_opts: { state: 'absent' } },
    },
    ['diskunmap', 'qemucmdline', 'smbios', 'extnet', 'ethtool_options'],
  );
  t.deepEqual(resolved, {
    levels: ['4.7'],
    vm: [
      { name: 'diskunmap', regex: '^on$', origin: 'playbook' },
      { name: 'qemu_cmdline', absent: true, origin: 'playbook' },
      { name: 'tag', regex: 'x', origin: 'playbook' },
      { name: 'smbios', regex: '^.*$', origin: 'smbios' },
    ],
    device: [
      { type: 'interface', properties: [{ name: 'extnet', regex: '^lab$', origin: 'playbook' }] },
      { type: 'disk', properties: [{ name: 'speed', regex: '[0-9]+', origin: 'playbook' }] },
    ],
    network: [{ name: 'ethtool_opts', absent: true, origin: 'playbook' }],
  });
});

test('a name that the engine predefines is never taken from a hook', t => {
  const everything = resolveEngineProperties(
    { levels: 'all' },
    HOOKS.map(hook => hook.name),
  );
  const names = everything.vm.map(property => property.name);
  for (const name of ['sap_agent', 'hugepages', 'mdev_type']) {
    t.false(names.includes(name), name);
    t.true(
      HOOKS.some(hook => name in hook.properties.vm),
      `${name} is a property of some hook`,
    );
  }
  t.deepEqual(
    names.filter(name => isPredefined(name)),
    [],
  );
  t.true(names.includes('macspoof'));
});

test('a hook that stands in several plays, or that the catalogue does not know, adds nothing more', t => {
  t.deepEqual(
    resolveEngineProperties({ levels: 'all' }, ['smbios', 'vdsm-hook-own', 'smbios']),
    resolveEngineProperties({ levels: 'all' }, ['smbios']),
  );
});
