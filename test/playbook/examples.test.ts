import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { loadPlaybook } from '../../src/playbook/playbook.ts';

const folder = fileURLToPath(new URL('../../playbooks/', import.meta.url));

const EXPECTED: Record<string, { hosts: string[]; work: string[] }> = {
  'absent.yml': {
    hosts: ['hypervisors', 'engine'],
    work: [
      'macspoof absent',
      'qemucmdline absent',
      'vm macspoof',
      'vm qemu_cmdline',
      'interface ifacemacspoof',
    ],
  },
  'fcoe.yml': {
    hosts: ['hypervisors', 'engine'],
    work: [
      'fcoe-utils present',
      'dcbd absent',
      'fcoe present',
      'lldpad started',
      'fcoe started',
      'network fcoe',
    ],
  },
  'hooks.yml': {
    hosts: ['hypervisors', 'engine'],
    work: [
      'diskunmap present',
      'qemucmdline present',
      'ethtool_options present',
      'vm diskunmap',
      'vm qemu_cmdline',
      'network ethtool_opts',
    ],
  },
  'libvirt.yml': {
    hosts: ['kvm'],
    work: ['qemu 10-audit present', 'qemu 20-old-audit absent'],
  },
  'properties.yml': {
    hosts: ['engine'],
    work: ['vm audit_tag', 'vm old_tag', 'interface audit_port', 'network site_mtu'],
  },
  'rolling.yml': {
    hosts: ['hypervisors', 'engine'],
    work: ['diskunmap present', 'vm diskunmap'],
  },
};

test('every example playbook is known to this test', t => {
  t.deepEqual(
    readdirSync(folder)
      .filter(name => name.endsWith('.yml'))
      .toSorted(),
    Object.keys(EXPECTED),
  );
});

for (const [file, { hosts, work }] of Object.entries(EXPECTED)) {
  test(`the example ${file} loads and says what it is for`, async t => {
    const { plays } = await loadPlaybook(folder + file);
    t.deepEqual(
      plays.map(play => play.hosts.pattern),
      hosts,
    );
    t.deepEqual(
      plays.flatMap(({ packages, vdsmHooks, libvirtHooks, services, engine }) => [
        ...packages.map(item => `${item.name} ${item.state}`),
        ...vdsmHooks.map(item => `${item.name} ${item.state}`),
        ...libvirtHooks.map(item => `${item.driver} ${item.name} ${item.state}`),
        ...services.map(item => `${item.name} ${item.state}`),
        ...(engine?.properties.vm ?? []).map(item => `vm ${item.name}`),
        ...(engine?.properties.device ?? []).flatMap(({ type, properties }) =>
          properties.map(item => `${type} ${item.name}`),
        ),
        ...(engine?.properties.network ?? []).map(item => `network ${item.name}`),
      ]),
      work,
    );
  });
}
