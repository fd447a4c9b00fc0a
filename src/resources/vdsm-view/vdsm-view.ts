import type { Blocked, Diff, Resource } from '../resource.ts';
import { readVdsmView, type VdsmReport, type VdsmViewFound, vdsmViewProbe } from './vdsm-view-found.ts';

export interface VdsmViewWanted {
  /** How long VDSM may take to tell its capabilities. */
  readonly timeLimitSeconds: number;
}

/** The client's own limit is a minute (vdsm: lib/vdsm/client.py). */
export const CAPABILITIES_SECONDS = 90;

/**
 * That VDSM sees the hook scripts which lie in its folders, with their content. It lists the folders anew each time, so
 * where it sees something else, no change of hookfleet's would help. Never part of a plain check: it takes seconds.
 */
export const vdsmViewResource: Resource<VdsmViewWanted, VdsmViewFound> = {
  kind: 'vdsm-view',
  probe: ({ timeLimitSeconds }) => vdsmViewProbe(timeLimitSeconds),
  read: readVdsmView,
  diff: (_, found) => ({ changes: [], ...compare(found) }),
  apply: () => [],
  subjects: () => [{ resource: 'vdsm-view', id: '' }],
};

function compare({ disk, report }: VdsmViewFound): Pick<Diff, 'blocked' | 'notes'> {
  if (report.kind !== 'told') {
    return { blocked: [], notes: [silence(report)] };
  }
  const names = [...new Set([...disk.keys(), ...report.hooks.keys()])].toSorted();
  return {
    blocked: names.flatMap(name => difference(name, disk.get(name), report.hooks.get(name)) ?? []),
    notes: [...report.hooks.values()].includes(null)
      ? ['VDSM of this host tells no SHA-256 of its hooks, as before 4.40.1: their names alone were compared']
      : [],
  };
}

function silence(report: Exclude<VdsmReport, { kind: 'told' }>): string {
  if (report.kind === 'no-client') {
    return 'This host has no vdsm-client, so what VDSM sees of the hooks was not compared';
  }
  const why =
    report.exitCode === 124
      ? 'no answer in time'
      : (report.said.split('\n').at(-1) ?? '') || `exit code ${report.exitCode}`;
  return `VDSM of this host does not tell its capabilities (${why}), so what it sees of the hooks was not compared`;
}

function difference(
  name: string,
  found: string | null | undefined,
  told: string | null | undefined,
): Blocked | undefined {
  if (found === told || (told === null && found !== undefined)) {
    return undefined;
  }
  const change = { resource: 'vdsm-view', id: name, action: 'see', before: shown(told), after: shown(found) };
  if (told === undefined) {
    return {
      change,
      message: `VDSM does not see ${name}, so it never runs it`,
      hint: 'User vdsm may not execute it: look at the modes of the file and of the folders above it, for a mount with noexec, and at what SELinux has denied (`ausearch -m avc`).',
    };
  }
  if (found === undefined) {
    return {
      change,
      message: `VDSM sees ${name}, which is no executable on the disk`,
      hint: 'Somebody changes the hooks of this host just now: run this again.',
    };
  }
  return told === ''
    ? {
        change,
        message: `VDSM may run ${name}, but not read it`,
        hint: 'A script that user vdsm cannot read fails when it is run: its mode should be 0755.',
      }
    : {
        change,
        message: `VDSM sees another content of ${name} than is on the disk`,
        hint: 'Somebody changes the hooks of this host just now: run this again.',
      };
}

function shown(digest: string | null | undefined): string | null {
  if (digest === undefined) {
    return null;
  }
  return digest === null || digest === '' ? 'content unknown' : `sha256 ${digest}`;
}
