import type { DemoFile } from './files.ts';

/** One host of the fleet as the inventory has it. */
export interface InventoryHost {
  readonly name: string;
  readonly group: 'hypervisors' | 'engine';
  readonly port: number;
}

export const PLAYBOOK = 'hooks.yml';
const INVENTORY = 'hosts.ini';
const KNOWN_HOSTS = 'known_hosts';
const KEY = 'id_ed25519';

/** What every command on this fleet needs, in the working folder. */
export const FLEET_OPTIONS = ['-i', INVENTORY, '--known-hosts', KNOWN_HOSTS] as const;

/** What a user of the fleet has in the working folder: inventory, playbook, a hook of the site's own, key and known_hosts. */
export function controlFiles(
  folder: string,
  hosts: readonly InventoryHost[],
  privateKey: string,
  knownHosts: string,
): readonly DemoFile[] {
  return [
    { path: `/${INVENTORY}`, mode: 0o644, text: inventory(hosts, `${folder}/${KEY}`) },
    { path: `/${PLAYBOOK}`, mode: 0o644, text: PLAYBOOK_TEXT },
    { path: '/site_audit/after_vm_start/60_site_audit', mode: 0o755, text: SITE_AUDIT },
    { path: `/${KEY}`, mode: 0o600, text: privateKey },
    { path: `/${KNOWN_HOSTS}`, mode: 0o644, text: knownHosts },
  ];
}

function inventory(hosts: readonly InventoryHost[], keyFile: string): string {
  const group = (name: InventoryHost['group']) => [
    `[${name}]`,
    ...hosts
      .filter(host => host.group === name)
      .map(host => `${host.name} ansible_host=127.0.0.1 ansible_port=${host.port}`),
    '',
  ];
  return [
    '# Simulated hosts on this machine; made by hookfleet demo.',
    ...group('hypervisors'),
    ...group('engine'),
    '[all:vars]',
    'ansible_user=root',
    `ansible_ssh_private_key_file=${keyFile}`,
    '',
  ].join('\n');
}

/** The playbook of the story. */
export const PLAYBOOK_TEXT = `- name: Hooks on every hypervisor
  hosts: hypervisors
  vdsm_hooks:
    - diskunmap               # three hooks of the catalogue
    - qemucmdline
    - extnet
    - name: site_audit        # and one of the site's own
      source: site_audit

- name: Custom properties in the engine
  hosts: engine
  engine_properties:
    from_hooks: true          # those that the hooks need
`;

const SITE_AUDIT = `#!/bin/sh
# After the start of a VM: a line in the journal.
logger -t site-audit "VM \${vmId:-unknown} started"
`;
