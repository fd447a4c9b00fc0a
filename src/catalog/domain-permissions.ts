/** A command of virsh on a domain, and what libvirt asks its access control for it. */
export interface DomainCommand {
  /** The command, with the option that makes the difference where one does. */
  readonly command: string;
  /** Permissions of the object `domain`, as libvirt writes them in `org.libvirt.api.domain.<permission>`. */
  readonly permissions: readonly string[];
}

function command(name: string, ...permissions: readonly string[]): DomainCommand {
  return { command: name, permissions };
}

/**
 * Commands that end a domain, hold it up, or can be used to, and what they ask for (libvirt:
 * src/remote/remote_protocol.x and qemu_protocol.x, the `@acl` of each call; run with 9.0.0).
 */
export const STOPPING_COMMANDS: readonly DomainCommand[] = [
  command('destroy', 'stop'),
  command('shutdown', 'init-control'),
  command('shutdown --mode agent', 'init-control', 'write'),
  command('reboot', 'init-control'),
  command('reboot --mode agent', 'init-control', 'write'),
  command('reset', 'reset'),
  command('suspend', 'suspend'),
  command('resume', 'suspend'),
  command('save', 'hibernate'),
  command('managedsave', 'hibernate'),
  command('managedsave-remove', 'hibernate'),
  command('dump', 'core-dump'),
  command('dump --crash', 'core-dump'),
  command('dompmsuspend', 'pm-control'),
  command('migrate', 'migrate'),
  command('undefine', 'delete'),
  command('create', 'write', 'start'),
  command('restore', 'start', 'write'),
  command('define', 'write', 'save'),
  command('edit', 'write', 'save'),
  command('domrename', 'write', 'save'),
  command('snapshot-create', 'snapshot'),
  command('snapshot-revert', 'snapshot'),
  command('set-lifecycle-action', 'write'),
  command('autostart', 'write'),
  command('detach-device', 'write'),
  command('blockjob', 'write'),
  command('qemu-monitor-command', 'write'),
  command('qemu-agent-command', 'write'),
  command('send-key', 'send-input'),
  command('inject-nmi', 'inject-nmi'),
  command('send-process-signal', 'send-signal'),
  command('domfsfreeze', 'fs-freeze'),
];

/** To start a domain does not end it: alone of all that the commands above ask for, this stays allowed. */
const HARMLESS = 'start';

/** What is denied on a protected domain, sorted. */
export const DENIED_PERMISSIONS: readonly string[] = [
  ...new Set(STOPPING_COMMANDS.flatMap(({ permissions }) => permissions)),
]
  .filter(permission => permission !== HARMLESS)
  .sort();

/** What comes before the permission in the name of polkit's action. */
export const DOMAIN_ACTION = 'org.libvirt.api.domain.';

/** All actions of libvirt's access control begin with this. */
export const LIBVIRT_ACTION = 'org.libvirt.api.';

/** `virsh nodesuspend`: it holds up every domain of the host, and names none. */
export const HOST_SUSPEND = 'org.libvirt.api.connect.pm-control';

/**
 * What every user may do over the read-only socket as long as libvirt asks nobody, and what polkit's defaults refuse:
 * `virsh -r vol-list`, `nodedev-dumpxml` and `net-port-list` (run with 9.0.0; all other read-only calls are allowed).
 */
export const READ_ONLY_ACTIONS: readonly string[] = [
  'org.libvirt.api.network.search-ports',
  'org.libvirt.api.node-device.read',
  'org.libvirt.api.storage-pool.search-storage-vols',
];
