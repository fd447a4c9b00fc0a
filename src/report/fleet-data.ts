import type { Change, Subject } from '../core/change.ts';
import type { HostResult, RunResult } from '../core/host-result.ts';
import type { FleetEngine } from './fleet-engines.ts';
import type { RunsDiff } from './runs/runs-diff.ts';

/** A run and its fleet, as every report file has it: the one data set of `--junit`, `--metrics` and `--html`. */
export interface FleetData {
  readonly about: ReportAbout;
  readonly stopped: string | null;
  readonly interrupted: boolean;
  /** In the order of the run. */
  readonly hosts: readonly FleetHost[];
  /** What was looked at anywhere in the fleet; the cells of every host have the same order. */
  readonly columns: readonly FleetColumn[];
  /** The groups of the inventory that have a host of the run, `all` and `ungrouped` left out. */
  readonly groups: readonly string[];
  readonly engines: readonly FleetEngine[];
  readonly since: Since | null;
}

/** Which run it is. */
export interface ReportAbout {
  /** The version that ran. */
  readonly hookfleet: string;
  readonly command: string;
  /** The command's own words, as typed. */
  readonly words: readonly string[];
  /** What tells the series of one playbook from those of another: its absolute path, or the words of a command without one. */
  readonly playbook: string;
  /** `ann@admin-01`. */
  readonly by: string;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly exitCode: number;
}

export interface FleetHost {
  readonly name: string;
  readonly groups: readonly string[];
  readonly result: HostResult;
  readonly cells: readonly Cell[];
}

/** One thing that hosts are held against: a hook, a package, a service … */
export interface FleetColumn extends Subject {
  /** For people: `diskunmap`, `custom properties`. */
  readonly label: string;
}

/** How one host has one of them. `unknown` where the run did not come to it, `none` where it was not wanted there. */
export interface Cell {
  readonly state: 'ok' | 'changed' | 'drifted' | 'unknown' | 'none';
  readonly changes: readonly Change[];
}

/** What is otherwise than in the run before. */
export interface Since {
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly diff: RunsDiff;
}

/** What the report files need to know besides the result. */
export interface FleetSource extends Pick<FleetData, 'about' | 'engines' | 'since'> {
  /** What was looked at, by host. */
  readonly subjects: ReadonlyMap<string, readonly Subject[]>;
  /** Of the inventory, by host. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** Puts what a run found beside what it looked at: hosts by hooks, packages, services. */
export function fleetData(result: RunResult, source: FleetSource): FleetData {
  const columns = columnsOf(result, source);
  const keys = columns.map(keyOf);
  const hosts = [...result.hosts].map(([name, host]): FleetHost => {
    const changes = byColumn(host.changes, keys);
    const wanted = new Set((source.subjects.get(name) ?? []).map(keyOf));
    return {
      name,
      groups: (source.groups.get(name) ?? []).filter(isTelling),
      result: host,
      cells: keys.map(key => cellOf(host, changes.get(key) ?? [], wanted.has(key))),
    };
  });
  return {
    about: source.about,
    stopped: result.stopped,
    interrupted: result.interrupted,
    hosts,
    columns,
    groups: [...new Set(hosts.flatMap(({ groups }) => groups))].sort(),
    engines: source.engines,
    since: source.since,
  };
}

function isTelling(group: string): boolean {
  return group !== 'all' && group !== 'ungrouped';
}

function columnsOf({ hosts }: RunResult, { subjects }: FleetSource): FleetColumn[] {
  const found = new Map<string, Subject>();
  for (const list of new Set(subjects.values())) {
    for (const subject of list) {
      found.set(keyOf(subject), subject);
    }
  }
  const named = [...found.keys()];
  for (const { changes } of hosts.values()) {
    for (const change of changes) {
      const key = columnKey(change, named);
      if (!found.has(key)) {
        found.set(key, { resource: change.resource, id: '' });
      }
    }
  }
  return [...found.values()]
    .map(({ resource, id }) => ({ resource, id, label: id === '' ? (REST[resource] ?? resource) : id }))
    .sort((a, b) => rank(a) - rank(b) || a.resource.localeCompare(b.resource, 'en'));
}

/** What a column is called that stands for a kind as a whole, or for the rest of it. */
const REST: Readonly<Record<string, string>> = {
  'vdsm-hook': 'other hook files',
  'libvirt-hook': 'libvirt hooks',
  package: 'other packages',
  'engine-properties': 'custom properties',
  'host-deploy-tasks': 'tasks for new hosts',
  'unfinished-file': 'unfinished files',
  'vdsm-view': 'what VDSM sees',
  'engine-view': 'what the engine has on record',
};

const ORDER = ['vdsm-hook', 'libvirt-hook', 'engine-properties', 'package', 'service', 'repository'];

function rank({ resource, id }: Subject): number {
  const place = ORDER.indexOf(resource);
  return 2 * (place < 0 ? ORDER.length : place) + (id === '' ? 1 : 0);
}

function keyOf({ resource, id }: Subject): string {
  return `${resource} ${id}`;
}

function byColumn(changes: readonly Change[], keys: readonly string[]): Map<string, Change[]> {
  const found = new Map<string, Change[]>();
  for (const change of changes) {
    const key = columnKey(change, keys);
    found.set(key, [...(found.get(key) ?? []), change]);
  }
  return found;
}

/** The column of a change: that of the first word of its id where there is one, else that of its kind. */
function columnKey({ resource, id }: Change, keys: readonly string[]): string {
  const key = keyOf({ resource, id: id.split(' ')[0] ?? '' });
  return keys.includes(key) ? key : keyOf({ resource, id: '' });
}

const NONE: Cell = { state: 'none', changes: [] };
const OK: Cell = { state: 'ok', changes: [] };
const UNKNOWN: Cell = { state: 'unknown', changes: [] };

function cellOf({ outcome }: HostResult, changes: readonly Change[], wanted: boolean): Cell {
  if (changes.length > 0) {
    return { state: outcome === 'drifted' ? 'drifted' : 'changed', changes };
  }
  if (!wanted) {
    return NONE;
  }
  return ['ok', 'changed', 'drifted'].includes(outcome) ? OK : UNKNOWN;
}
