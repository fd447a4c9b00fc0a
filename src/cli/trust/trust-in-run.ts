import type { Host } from '../../core/host.ts';
import type { HostResult, RunResult } from '../../core/host-result.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { NewHostKey } from '../../remote/host-keys/host-key-check.ts';
import { HOST_KEY_UNKNOWN, recordedKeysText, type UnknownKeys } from '../../report/unknown-hosts.ts';
import type { KnownHostsUse } from '../login/connector.ts';
import type { FleetOptions } from '../options/options.ts';
import { trustLine } from './trust-line.ts';

/** What a run says about host keys. */
export interface HostKeysOfRun extends KnownHostsUse {
  /** For its start: that keys are accepted; undefined where all is strict. */
  readonly header: string | undefined;
  /** The hosts that were not reached because their keys are not on record, as one list; undefined without any. */
  unknownIn(result: RunResult): UnknownKeys | undefined;
  /** The result with a note at each host whose key was recorded. */
  withNotes(result: RunResult): RunResult;
  /** For people: the keys that were recorded since the last time, as one list; undefined without any. */
  takeRecorded(): string | undefined;
}

/** Gathers what a run's connections find out about host keys. */
export function hostKeysOfRun(
  hosts: readonly Host[],
  inventory: Inventory,
  options: FleetOptions,
): HostKeysOfRun {
  const unknown = new Map<string, NewHostKey>();
  const recorded: NewHostKey[] = [];
  let told = 0;
  const accepting = new Set(
    hosts.flatMap(({ name, hostKeyChecking }) => (hostKeyChecking === 'accept-new' ? [name] : [])),
  ).size;
  return {
    file: options.knownHosts,
    header:
      accepting === 0
        ? undefined
        : `host keys: accept-new for ${accepting} host${accepting === 1 ? '' : 's'}: the first key that a host shows is recorded`,
    // All hosts where a hop is meant: which are behind it, the hop does not say.
    trustCommand: ({ name, role }) =>
      trustLine(inventory, role === 'host' ? [name] : [...inventory.hosts.keys()], options),
    onNewHostKey(key) {
      if (key.recordedIn === undefined) {
        unknown.set(`${key.name} ${key.address} ${key.port}`, key);
      } else {
        recorded.push(key);
      }
    },
    unknownIn(result) {
      const names = [...result.hosts].flatMap(([name, { error }]) =>
        error?.kind === HOST_KEY_UNKNOWN ? [name] : [],
      );
      // Of another name than any host is a jump host, on the way to some of them.
      const keys = [...unknown.values()].filter(
        ({ name }) => names.includes(name) || !result.hosts.has(name),
      );
      return names.length === 0 || keys.length === 0
        ? undefined
        : { keys, command: trustLine(inventory, names, options) };
    },
    withNotes(result) {
      const hosts = new Map(
        [...result.hosts].map(([name, host]): [string, HostResult] => {
          const notes = recorded.filter(key => key.name === name).map(recordedNote);
          return [name, notes.length === 0 ? host : { ...host, notes: [...notes, ...host.notes] }];
        }),
      );
      return { ...result, hosts };
    },
    takeRecorded() {
      const fresh = recorded.slice(told);
      told = recorded.length;
      return fresh.length === 0
        ? undefined
        : recordedKeysText(fresh, [...new Set(fresh.flatMap(({ recordedIn }) => recordedIn ?? []))]);
    },
  };
}

function recordedNote({ type, fingerprint, recordedIn }: NewHostKey): string {
  return `its host key was new and was recorded (accept-new): ${type} ${fingerprint} in ${recordedIn}`;
}
