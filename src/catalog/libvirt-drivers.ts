/** The libvirt drivers that call hooks (libvirt: src/util/virhook.c). */
export type LibvirtDriver = 'daemon' | 'qemu' | 'lxc' | 'libxl' | 'bhyve' | 'network';

/** The drivers whose hooks can be deployed; of the others the operations are known, no more. */
export const DEPLOYED_DRIVERS = ['qemu', 'network', 'daemon'] as const satisfies readonly LibvirtDriver[];

export type DeployedDriver = (typeof DEPLOYED_DRIVERS)[number];

/** A moment at which libvirt calls the hooks of a driver: `HOOK object operation sub-operation extra`. */
export interface LibvirtOperation {
  readonly name: string;
  readonly subOperation: 'begin' | 'end' | '-';
  /** The fourth argument; `-` where there is none. Where it is one of several, {@link LibvirtOperation.reasonSince} says from when on. */
  readonly extra: string;
  /** From which libvirt on the fourth argument is the reason why the domain ended; before that it is `-`. */
  readonly reasonSince?: string;
  /** The libvirt that was the first to call it; null where no release ever did. */
  readonly since: string | null;
  /** The libvirt that was the first to call it no more. */
  readonly removedIn?: string;
  readonly stdin: 'none' | 'domain' | 'domain with secrets' | 'network' | 'network port';
  /** What a hook prints becomes the new domain XML. */
  readonly output: boolean;
  /** A hook that fails makes the operation fail. */
  readonly aborts: boolean;
  /** What to use where libvirt does not call it. */
  readonly instead?: string;
}

/** A driver with hooks: the script `/etc/libvirt/hooks/<driver>` and the folder `/etc/libvirt/hooks/<driver>.d`. */
export interface LibvirtDriverHooks {
  readonly driver: LibvirtDriver;
  readonly since: string;
  /** The first argument of its hooks. */
  readonly object: 'domain' | 'network' | '-';
  /** The daemons that call them, as systemd's units and with the URI at which they answer. */
  readonly daemons: readonly LibvirtDaemon[];
  readonly operations: readonly LibvirtOperation[];
}

export interface LibvirtDaemon {
  readonly unit: string;
  readonly uri?: string;
}

/** Why a domain ended, as the `release` hook is told (libvirt: docs/hooks.rst). */
export const SHUTOFF_REASONS: readonly string[] = [
  'unknown',
  'shutdown',
  'destroyed',
  'crashed',
  'migrated',
  'saved',
  'failed',
  'from snapshot',
  'daemon',
];

type Details = Partial<Omit<LibvirtOperation, 'name' | 'since'>>;

function operation(name: string, since: string | null, details: Details = {}): LibvirtOperation {
  return {
    ...{ name, since, subOperation: 'begin', extra: '-', stdin: 'domain', output: false, aborts: false },
    ...details,
  };
}

const ABORTS: Details = { aborts: true };
const END: Details = { subOperation: 'end' };
const REASON: Details = { ...END, extra: 'destroyed', reasonSince: '10.5.0' };
const FILTER: Details = { aborts: true, output: true, stdin: 'domain with secrets' };
const NETWORK: Details = { stdin: 'network' };
const PORT: Details = { stdin: 'network port' };

const MONOLITHIC: LibvirtDaemon = { unit: 'libvirtd' };

/** The daemons of a modular libvirt that have no hooks of a driver, but call those of `daemon` (libvirt: docs/daemons.rst). */
const OTHER_DAEMONS = [
  'virtproxyd',
  'virtstoraged',
  'virtnodedevd',
  'virtnwfilterd',
  'virtsecretd',
  'virtinterfaced',
];

/**
 * What each driver calls, and since when (libvirt: docs/hooks.rst, src/util/virhook.c; seen with 9.0.0 and 12.8.0). A
 * domain's `attach` is still documented, but its caller went with the attach API.
 */
export const LIBVIRT_DRIVERS: readonly LibvirtDriverHooks[] = [
  {
    driver: 'qemu',
    since: '0.8.0',
    object: 'domain',
    daemons: [
      { ...MONOLITHIC, uri: 'qemu:///system' },
      { unit: 'virtqemud', uri: 'qemu:///system' },
    ],
    operations: [
      operation('prepare', '0.9.0', ABORTS),
      operation('start', '0.8.0', ABORTS),
      operation('started', '0.9.13', ABORTS),
      operation('stopped', '0.8.0', END),
      operation('release', '0.9.0', REASON),
      operation('migrate', '0.9.11', FILTER),
      operation('restore', '1.2.9', FILTER),
      operation('reconnect', '0.9.13', ABORTS),
      operation('attach', '0.9.13', {
        ...{ ...ABORTS, removedIn: '5.5.0' },
        instead: 'Nothing calls it since the API to attach to a running QEMU is gone: take it out.',
      }),
      operation('stop', null, {
        ...ABORTS,
        instead:
          'It was proposed to the mailing list and never merged. Access control (polkit) can keep guests from being stopped; hookfleet writes its rules from `protected_domains`.',
      }),
    ],
  },
  {
    driver: 'network',
    since: '1.2.2',
    object: 'network',
    daemons: [
      { ...MONOLITHIC, uri: 'network:///system' },
      { unit: 'virtnetworkd', uri: 'network:///system' },
    ],
    operations: [
      operation('start', '1.2.2', { ...NETWORK, ...ABORTS }),
      operation('started', '1.2.2', { ...NETWORK, ...ABORTS }),
      operation('stopped', '1.2.2', { ...NETWORK, ...END }),
      operation('updated', '1.2.2', NETWORK),
      operation('port-created', '5.5.0', { ...PORT, ...ABORTS }),
      operation('port-deleted', '5.5.0', PORT),
      operation('plugged', '1.2.2', {
        ...{ ...PORT, ...ABORTS, removedIn: '5.5.0' },
        instead: 'It is called port-created now.',
      }),
      operation('unplugged', '1.2.2', {
        ...{ ...PORT, removedIn: '5.5.0' },
        instead: 'It is called port-deleted now.',
      }),
    ],
  },
  {
    driver: 'daemon',
    since: '0.8.0',
    object: '-',
    daemons: [
      MONOLITHIC,
      ...['virtqemud', 'virtnetworkd', 'virtlxcd', 'virtxend', ...OTHER_DAEMONS].map(unit => ({ unit })),
    ],
    operations: [
      operation('start', '0.8.0', { subOperation: '-', extra: 'start', stdin: 'none' }),
      operation('shutdown', '0.8.0', { subOperation: '-', extra: 'shutdown', stdin: 'none' }),
      operation('reload', '0.8.0', { extra: 'SIGHUP', stdin: 'none' }),
    ],
  },
  {
    driver: 'lxc',
    since: '0.8.0',
    object: 'domain',
    daemons: [MONOLITHIC, { unit: 'virtlxcd' }],
    operations: [
      operation('prepare', '0.9.13', ABORTS),
      operation('start', '0.8.0', ABORTS),
      operation('started', '0.9.13', ABORTS),
      operation('stopped', '0.8.0', END),
      operation('release', '0.9.13', REASON),
      operation('reconnect', '0.9.13', ABORTS),
    ],
  },
  {
    driver: 'libxl',
    since: '2.1.0',
    object: 'domain',
    daemons: [MONOLITHIC, { unit: 'virtxend' }],
    operations: [
      operation('prepare', '2.1.0', ABORTS),
      operation('start', '2.1.0', ABORTS),
      operation('started', '2.1.0', ABORTS),
      operation('stopped', '2.1.0', END),
      operation('release', '2.1.0', END),
      operation('migrate', '2.1.0', FILTER),
      operation('reconnect', '2.1.0', ABORTS),
    ],
  },
  {
    driver: 'bhyve',
    since: '6.1.0',
    object: 'domain',
    daemons: [MONOLITHIC, { unit: 'virtbhyved' }],
    operations: [
      operation('prepare', '6.1.0', ABORTS),
      operation('start', '6.1.0', ABORTS),
      operation('started', '6.1.0', ABORTS),
      operation('stopped', '6.1.0', END),
      operation('release', '6.1.0', END),
    ],
  },
];

/** @throws {RangeError} for a driver that has no hooks; the type allows none. */
export function driverHooks(driver: LibvirtDriver): LibvirtDriverHooks {
  const found = LIBVIRT_DRIVERS.find(one => one.driver === driver);
  if (found === undefined) {
    throw new RangeError(`libvirt has no hooks of a driver ${driver}`);
  }
  return found;
}

/** The operation of that name, called by a release or not; undefined where libvirt knows no such word. */
export function findOperation(driver: LibvirtDriver, name: string): LibvirtOperation | undefined {
  return driverHooks(driver).operations.find(one => one.name === name);
}
