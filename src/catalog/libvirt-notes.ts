import type { LibvirtDriver, LibvirtOperation } from './libvirt-drivers.ts';

/** What an operator or an author wants to know of an operation besides its arguments. */
export interface OperationNotes {
  /** One sentence on when libvirt calls it. */
  readonly when: string;
  /** What a hook that fails does, as part of a sentence. */
  readonly failure: string;
  /** Sentences on what is peculiar to it. */
  readonly notes: readonly string[];
}

interface Note {
  readonly when: string;
  readonly failure?: string;
  readonly notes?: readonly string[];
}

const ENDS = 'Called too after a start that a hook has refused.';
const SECRETS = 'The XML has the secrets of the domain in it, such as the password of VNC: do not log it.';
const STRAY = 'What a hook prints is the new domain XML: a stray line makes the operation fail.';
const DAEMON_START = 'Called when the daemon starts, not when it is reloaded.';

const DOMAIN: Readonly<Record<string, Note>> = {
  prepare: {
    when: 'Before the resources of a starting domain are prepared.',
    failure: 'the start is aborted; stopped and release are still called',
  },
  start: {
    when: 'After that, before the domain itself is started.',
    failure: 'the start is aborted; stopped and release are still called',
  },
  started: {
    when: 'After the domain has started.',
    failure: 'the domain is killed; stopped and release follow',
  },
  stopped: {
    when: 'After the domain has ended, before its resources are given back.',
    notes: [ENDS, 'The XML may lack what only a running domain has, such as the name of a bridge.'],
  },
  release: {
    when: 'After the resources of a domain that ended were given back.',
    notes: [ENDS, 'The XML may lack what only a running domain has, such as the name of a bridge.'],
  },
  migrate: {
    when: 'Before an incoming migration, on the host that the domain goes to.',
    failure: 'the incoming migration is cancelled; the domain keeps running where it is',
    notes: [SECRETS, STRAY],
  },
  restore: {
    when: 'Before a domain is restored from a file, or started from a managed save.',
    failure: 'the restore is aborted; the saved image is kept',
    notes: [SECRETS, STRAY],
  },
  reconnect: {
    when: 'When the daemon finds a running domain again.',
    failure: 'THE RUNNING DOMAIN IS KILLED',
    notes: [DAEMON_START],
  },
  attach: {
    when: 'When libvirt took over a QEMU that it had not started.',
    failure: 'the attaching is aborted',
    notes: ['Still in its documentation.'],
  },
  stop: { when: 'Never.' },
};

const NETWORK: Readonly<Record<string, Note>> = {
  start: { when: 'Before a virtual network starts.', failure: 'the start of the network is aborted' },
  started: {
    when: 'After a virtual network has started.',
    failure: 'the start of the network is aborted',
    notes: [
      'libvirt 9.0.0 leaves the bridge behind then, and later starts fail until it is deleted by hand.',
    ],
  },
  stopped: { when: 'After a virtual network has ended.' },
  updated: {
    when: 'After the definition of a virtual network was changed.',
    failure: 'the change is made all the same; with --config an error is reported',
  },
  'port-created': {
    when: 'When a domain or a vNIC joins a virtual network.',
    failure: 'the start of the domain, or the attaching of the vNIC, is aborted',
    notes: ['Called again for running domains when the daemon starts; a failure is ignored then.'],
  },
  'port-deleted': { when: 'When a domain or a vNIC leaves a virtual network.' },
  plugged: {
    when: 'When a domain joined a virtual network.',
    failure: 'the start of the domain is aborted',
  },
  unplugged: { when: 'When a domain left a virtual network.' },
};

const EVERY_DAEMON =
  'Of a modular libvirt every daemon calls it, at each start by its socket and each end after a time without work; no argument says which.';

const DAEMON: Readonly<Record<string, Note>> = {
  start: { when: 'When a daemon starts, before its drivers are loaded.', notes: [EVERY_DAEMON] },
  shutdown: { when: 'When a daemon ends in order.', notes: [EVERY_DAEMON] },
  reload: {
    when: 'When a daemon is reloaded (SIGHUP).',
    notes: [
      'Just before it the daemon looks again which hooks there are.',
      'A restart is no reload: it calls shutdown and start.',
    ],
  },
};

/** What differs in single drivers. */
const OF_DRIVER: Readonly<Record<string, Partial<Note>>> = {
  'lxc/reconnect': { failure: 'the running container is stopped' },
  'libxl/reconnect': {
    failure: 'the driver cleans the domain up; by its documentation the domain is killed',
    notes: [DAEMON_START, 'Not called for Domain-0.'],
  },
};

/**
 * When an operation is called, and what a failure does. Sources: libvirt's docs/hooks.rst and the drivers' calls of
 * virHookCall; what is not in the documentation was seen with libvirt 9.0.0 and 12.8.0.
 */
export function notesOf(driver: LibvirtDriver, { name, aborts }: LibvirtOperation): OperationNotes {
  const table = driver === 'network' ? NETWORK : driver === 'daemon' ? DAEMON : DOMAIN;
  const { when, failure, notes }: Note = {
    ...(table[name] ?? { when: '' }),
    ...OF_DRIVER[`${driver}/${name}`],
  };
  const ignored = driver === 'daemon' ? 'its exit status is ignored' : 'is logged; the operation goes on';
  return {
    when,
    failure: failure ?? (aborts ? 'the operation is aborted' : ignored),
    notes: notes ?? [],
  };
}

/** The user of every hook: the daemons of a system run as root. Those of a session (`qemu:///session`) run as that user, and read the same folder. */
export const LIBVIRT_HOOK_USER = 'root';

/** What holds for every script of a driver. Sources: libvirt's src/util/virhook.c and vircommand.c; seen with 9.0.0 and 12.8.0. */
export const LIBVIRT_RULES: readonly string[] = [
  'First the script of the driver itself, then every executable file in its folder, in byte order of the names (10-b, 9-a, README): .hidden, x~, x.bak and x.rpmsave too.',
  'All of them run, even after one has failed; one failure is a failure, and the message is that of the last.',
  'A file without the x bit is skipped without a word.',
  'There is no time limit, and the domain is locked meanwhile: a hook that hangs, or that calls libvirt, freezes it and the lists of all domains.',
  'libvirt waits until stdout and stderr are closed: a child in the background that keeps them open holds the operation up.',
  'The first script of a driver is only noticed after a reload of the daemon (SIGHUP); later changes at once. Never restart it for that: a failing reconnect kills running domains.',
  'The environment has little more than PATH; the working folder is /, the umask 0022.',
];
