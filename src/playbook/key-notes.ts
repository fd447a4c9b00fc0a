import type { KeyNote, KeyNotes } from './key-note.ts';
import { HOOK, LIBVIRT_HOOK, PACKAGE, REPOSITORY } from './key-notes-items.ts';

const REPOSITORIES_ON: KeyNote = {
  meaning: 'repositories that are switched on for the packages of this play alone',
  example: 'site-testing',
};
const REPOSITORIES_OFF: KeyNote = {
  meaning: 'repositories that are switched off for the packages of this play alone',
  example: '[epel]',
};

const PLAY: KeyNotes = {
  name: { meaning: 'what reports call the play', example: 'Hooks on every hypervisor' },
  hosts: { meaning: 'a pattern of the inventory', example: 'hypervisors:!canary' },
  become: { meaning: "take root's rights with sudo; `false` unless given", example: 'true' },
  serial: {
    meaning: 'goes over the hosts in batches; the next one begins when the one before is verified',
    example: '[1, 25%, 100%]',
  },
  max_fail_percentage: {
    meaning:
      'more failed or unreachable hosts of a batch than this, and nothing more is started; 0 unless given',
    example: '10',
  },
  max_failed: { meaning: 'the same as a number, over all batches of the play', example: '3' },
  verify: {
    meaning: 'a command that every host must answer with exit code 0 after its change',
    example: 'systemctl is-active vdsmd',
  },
  verify_timeout: { meaning: 'the seconds that `verify` may take; 60 unless given', example: '120' },
  pause: { meaning: 'how long to wait between batches', example: '10m' },
  confirm: { meaning: '`true`: somebody must say yes after the first batch', example: 'true' },
  skip_states: {
    meaning:
      "hosts that the engine has in one of these states are left out; needs access to the engine's API",
    example: '[maintenance, installing, reboot]',
  },
  deep: {
    meaning:
      '`true`: the hooks are also compared with what VDSM and the engine see of them, which takes seconds a host',
    example: 'true',
  },
  repositories: {
    meaning: 'package repositories: one file each in `/etc/yum.repos.d`',
    example:
      '[{ id: site-hooks, baseurl: "https://repo.example.org/hooks/el9", gpgkey: files/RPM-GPG-KEY-site }]',
  },
  enablerepo: REPOSITORIES_ON,
  disablerepo: REPOSITORIES_OFF,
  packages: {
    meaning: 'names of packages, or mappings',
    example: '[vhostmd, { name: dcbd, state: absent }]',
  },
  vdsm_hooks: {
    meaning: 'names of the catalogue or of packages, or mappings',
    example: '[diskunmap, { name: qemucmdline, version: ">=4.50 <4.60" }]',
  },
  libvirt_hooks: {
    meaning: 'scripts for the drop-in folders of libvirt',
    example: '[{ driver: qemu, name: 10-audit, source: hooks/10-audit, operations: [prepare, release] }]',
  },
  protected_domains: {
    meaning:
      'names or UUIDs of domains that nobody but root can stop; an empty list takes the protection away. Not for hosts of VDSM',
    example: '[db-1, 4dea22b3-1d52-d8f3-2516-782e98ab3fa0]',
  },
  operators: {
    meaning:
      'the group of those who may use libvirt on hosts with protected domains, or several; `libvirt` unless given',
    example: '[libvirt, monitoring]',
  },
  unmanaged: {
    meaning:
      '`report` (unless given) or `remove`: executables in hook folders that nobody has named. With `libvirt_hooks` it speaks of libvirt’s folders; of VDSM’s too where the play has `vdsm_hooks`',
    example: 'remove',
  },
  service: {
    meaning: 'a systemd unit, or a list of them',
    example: '{ name: vhostmd, state: started, enabled: true }',
  },
  engine_properties: {
    meaning: 'custom properties that the engine shall define',
    example: '{ from_hooks: true, vm: { audit_tag: "^[a-z]+$" } }',
  },
  host_deploy_tasks: {
    meaning:
      '`true`: the engine brings repositories and packages of this playbook to every host that it installs; `false`: no longer',
    example: 'true',
  },
  engine_health_url: {
    meaning:
      'where the engine answers, as seen from its own host; `http://localhost/ovirt-engine/services/health` unless given',
    example: 'https://engine.example.org/ovirt-engine/services/health',
  },
  engine_health_timeout: {
    meaning: 'seconds that the engine may take after a restart; 300 unless given',
    example: '600',
  },
};

const SERVICE: KeyNotes = {
  name: { meaning: 'the systemd unit', example: 'vhostmd' },
  state: { meaning: '`started` or `stopped`; left as it is unless given', example: 'started' },
  enabled: { meaning: 'whether it starts with the host; left as it is unless given', example: 'true' },
};

const ENGINE_PROPERTIES: KeyNotes = {
  cluster_levels: {
    meaning: 'for these alone; for every level that the engine has unless given',
    example: '[4.7, 4.8]',
  },
  from_hooks: {
    meaning: 'also the properties that the present hooks of this playbook need',
    example: 'true',
  },
  override_predefined: {
    meaning: '`true`: names that the engine predefines may be defined anew, over its own definition',
    example: 'true',
  },
  vm: {
    meaning: 'of VMs: names with their regular expressions, or `{ state: absent }`',
    example: '{ audit_tag: "^[a-z]+$", old_tag: { state: absent } }',
  },
  device: {
    meaning: 'of devices, by type: `interface`, `disk` …',
    example: '{ interface: { audit_port: "^[0-9]+$" } }',
  },
  network: { meaning: 'of networks on hosts', example: '{ site_mtu: "^[0-9]+$" }' },
};

/** By the path of a key: `serial` of a play, `vdsm_hooks.version` of an item of its list. */
export const KEY_NOTES: KeyNotes = {
  ...PLAY,
  ...below('packages', PACKAGE),
  ...below('vdsm_hooks', HOOK),
  ...below('libvirt_hooks', LIBVIRT_HOOK),
  ...below('repositories', REPOSITORY),
  ...below('service', SERVICE),
  ...below('engine_properties', ENGINE_PROPERTIES),
};

function below(key: string, notes: KeyNotes): KeyNotes {
  return Object.fromEntries(Object.entries(notes).map(([name, note]) => [`${key}.${name}`, note]));
}
