import type { Change } from '../../core/change.ts';
import { groupBy } from '../group-by.ts';
import type { Blocked, Step } from '../resource.ts';
import { type DnfVerb, dnfStep, type ExplainMissing } from './dnf.ts';
import type { Latest } from './dnf-latest.ts';
import type { DnfOptions } from './dnf-shell.ts';
import type { InstalledPackage } from './rpm.ts';
import type { RpmFile } from './rpm-header.ts';
import { exactly, placeInRange, type VersionRange } from './version-range.ts';

/** What is wanted of one package, whichever resource wants it. */
export interface PackageDemand {
  /** `latest`: the newest version that can come in without another package being changed. */
  readonly state: 'present' | 'absent' | 'latest';
  /** The versions that will do, with `present`; any, unless said otherwise. */
  readonly version?: VersionRange;
  /** Whether an installed version above the range may be replaced by an older one. */
  readonly allowDowngrade?: boolean;
  /** The package itself, from beside the playbook: then its very version is wanted. */
  readonly rpm?: RpmFile;
  readonly dnf?: DnfOptions;
}

export interface PackagePlan {
  readonly changes: readonly Change[];
  readonly blocked: readonly Blocked[];
  readonly notes: readonly string[];
}

/** Where a package is planned for: the resource, what the playbook calls it, and its own name. */
export interface PackagePlace {
  readonly resource: string;
  readonly id: string;
  readonly name: string;
}

/**
 * Whether a name is more than one: rpm answers for `jq-1.6` and `jq.x86_64` too, under the package's own name.
 *
 * @param asked the names of all packages that rpm was asked for.
 */
export function planMisnamed(
  { resource, id, name }: PackagePlace,
  asked: readonly string[],
  installed: ReadonlyMap<string, InstalledPackage>,
): PackagePlan | undefined {
  const meant = installed.has(name)
    ? undefined
    : [...installed.values()].find(
        one =>
          !asked.includes(one.name) && [`${one.name}-`, `${one.name}.`].some(start => name.startsWith(start)),
      );
  return (
    meant && {
      changes: [],
      notes: [],
      blocked: [
        {
          change: { resource, id, action: 'name', before: name, after: meant.name },
          message: `${name} is no package's name: it is a version or an architecture of ${meant.name}`,
          hint: `Write \`name: ${meant.name}\`, and what version it shall be under \`version:\`.`,
        },
      ],
    }
  );
}

/** What has to be done so that a package is as demanded. */
export function planPackage(
  place: PackagePlace,
  demand: PackageDemand,
  installed: InstalledPackage | undefined,
  latest: Latest | undefined,
): PackagePlan {
  const change = (action: DnfVerb, after: string | null): Change => ({
    resource: place.resource,
    id: place.id,
    action,
    before: installed ? `${installed.name}-${installed.evra}` : null,
    after,
  });
  const only = (...changes: Change[]): PackagePlan => ({ changes, blocked: [], notes: [] });
  if (demand.state === 'absent') {
    return installed ? only(change('remove', null)) : only();
  }
  const range = rangeOf(demand);
  const after = demand.rpm
    ? `${place.name}-${demand.rpm.evr}.${demand.rpm.arch}`
    : titleOf(place.name, range);
  if (!installed) {
    return only(change('install', after));
  }
  if (demand.state === 'latest') {
    return planLatest(place, change, latest);
  }
  const places = installed.evrs.map(evr => (range ? placeInRange(evr, range) : 'in'));
  if (places.includes('in')) {
    return only();
  }
  if (places.includes('below')) {
    return only(change('upgrade', after));
  }
  const downgrade = change('downgrade', after);
  return demand.allowDowngrade
    ? only(downgrade)
    : {
        changes: [],
        blocked: [
          {
            change: downgrade,
            message: `${place.name} is installed as ${installed.evra}, newer than ${range?.text ?? 'wanted'}`,
            hint: 'Write `allow_downgrade: true` beside the version if the older one is really wanted.',
          },
        ],
        notes: [],
      };
}

function planLatest(
  { name }: PackagePlace,
  change: (action: DnfVerb, after: string) => Change,
  latest: Latest | undefined,
): PackagePlan {
  const held = latest?.held
    ? [`There is a newer ${name}, which would change other packages of this host: left as it is`]
    : [];
  switch (latest?.is) {
    case 'upgrade':
      return { changes: [change('upgrade', `${name}-${latest.evr}`)], blocked: [], notes: held };
    case 'unknown':
      return {
        changes: [change('upgrade', `${name} (latest)`)],
        blocked: [],
        notes: [
          `Whether ${name} is the latest cannot be told from here: this host has no metadata of its repositories yet (\`dnf makecache\` gets them)`,
        ],
      };
    default:
      return { changes: [], blocked: [], notes: held };
  }
}

/** A package whose change is due, with what it takes to make it. */
export interface DuePackage {
  readonly name: string;
  readonly demand: PackageDemand;
  readonly change: Change;
  /** What else must come in the same transaction: names of packages, or paths of files in packages. */
  readonly companions?: readonly string[];
}

// What can be refused comes first, and what goes makes room for what comes.
const ORDER: readonly DnfVerb[] = ['remove', 'downgrade', 'upgrade', 'install'];

/** The transactions that make the changes: one for all packages that want the same of dnf. */
export function packageSteps(due: readonly DuePackage[], explainMissing?: ExplainMissing): Step[] {
  return ORDER.flatMap(verb => {
    const groups = groupBy(
      due.filter(({ change }) => change.action === verb),
      ({ demand }) => JSON.stringify([demand.dnf ?? {}, demand.rpm !== undefined]),
    );
    return groups.map(group => {
      // A file is installed, whatever that does to the version: dnf's other verbs look into repositories alone.
      const called = verb !== 'remove' && group[0]?.demand.rpm ? 'install' : verb;
      const companions = new Set(group.flatMap(one => (verb === 'install' ? (one.companions ?? []) : [])));
      const targets = [...group.map(targetOf), ...[...companions].map(name => ({ name, changes: [] }))];
      return dnfStep(called, targets, group[0]?.demand.dnf, explainMissing);
    });
  });
}

function targetOf({ name, demand, change }: DuePackage) {
  const range = change.action === 'remove' ? undefined : rangeOf(demand);
  const rpm = change.action === 'remove' ? undefined : demand.rpm;
  return { name, changes: [change], ...(range ? { range } : {}), ...(rpm ? { rpm } : {}) };
}

function rangeOf({ rpm, version }: PackageDemand): VersionRange | undefined {
  return rpm ? exactly(rpm.evr) : version;
}

function titleOf(name: string, range: VersionRange | undefined): string {
  return range ? `${name} ${range.text}` : name;
}
