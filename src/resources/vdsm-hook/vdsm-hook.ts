import { findHook, type HostRisk } from '../../catalog/hooks.ts';
import type { Change } from '../../core/change.ts';
import { lines, sh } from '../../core/sh.ts';
import { clearFolder, explainFolder, MENDABLE, type Mendable, mendStep } from '../files/mend-file.ts';
import { dnfStep } from '../package/dnf.ts';
import { type Latest, latestProbes, readLatest } from '../package/dnf-latest.ts';
import { type PackageDemand, packageSteps, planMisnamed, planPackage } from '../package/package-plan.ts';
import type { InstalledPackage, ManifestFile } from '../package/rpm.ts';
import type { Explanation, Resource, Step } from '../resource.ts';
import { comesWith, explainMissingProvider, type RiskFound, readRisks, riskProbes } from './host-risks.ts';
import { diffFiles } from './vdsm-hook-files.ts';
import { type HooksFound, hooksProbe, readHooks } from './vdsm-hook-found.ts';
import { heedRisk } from './vdsm-hook-risk.ts';

export interface HookWanted extends PackageDemand {
  /** What the playbook calls it. */
  readonly name: string;
  /** The package that brings it. */
  readonly package: string;
  /** The condition under which it keeps VMs from starting; left out where it has none, or where the risk is accepted. */
  readonly risk?: HostRisk;
}

export interface PackagedHooksFound extends HooksFound {
  readonly latest: ReadonlyMap<string, Latest>;
  readonly risks: ReadonlyMap<HostRisk, RiskFound>;
}

/** Hooks that come as packages: installed, and every file of them as the package made it. */
export const vdsmHookResource: Resource<readonly HookWanted[], PackagedHooksFound> = {
  kind: 'vdsm-hook',

  probe: wanted =>
    lines([
      sh`( ${hooksProbe(wanted.map(hook => hook.package))} ) || exit "$?"`,
      ...riskProbes(wanted.flatMap(({ risk, state }) => (risk && state !== 'absent' ? [risk] : []))),
      ...latestProbes(wanted.map(hook => ({ ...hook, name: hook.package }))),
    ]),

  read: reply => ({ ...readHooks(reply), latest: readLatest(reply), risks: readRisks(reply) }),

  diff(wanted, found) {
    const asked = wanted.map(hook => hook.package);
    const packages = wanted.map(hook => planHook(hook, asked, found));
    const files = wanted
      .filter((hook, i) => hook.state !== 'absent' && !isReplaced(packages[i]?.changes ?? []))
      .map(hook => diffFiles(hook.name, filesOf(hook, found), found));
    const useless = !found.hasVdsm && wanted.some(hook => hook.state !== 'absent');
    return {
      changes: [...packages, ...files].flatMap(({ changes }) => changes),
      blocked: [...packages, ...files].flatMap(({ blocked }) => blocked),
      notes: [
        ...[...packages, ...files].flatMap(({ notes }) => notes),
        ...(useless ? ['VDSM is not installed on this host: nothing runs the hooks there'] : []),
      ],
    };
  },

  // What can be refused comes first: a package that no repository has leaves the rest untouched.
  apply(changes, wanted, found) {
    const files = new Map(
      wanted.flatMap(hook => filesOf(hook, found).map(file => [`${hook.name} ${file.path}`, file] as const)),
    );
    const due = changes.flatMap(change => {
      const hook = wanted.find(({ name }) => name === change.id);
      return hook ? [{ name: hook.package, demand: hook, change, ...companionsOf(hook, found) }] : [];
    });
    return [
      ...reinstall(changes, wanted, found),
      ...packageSteps(due, name => explainMissingProvider(name, wanted) ?? explainRemovedUpstream(name)),
      ...MENDABLE.flatMap(action => mend(action, changes, files)),
    ];
  },

  subjects: wanted => wanted.map(({ name }) => ({ resource: 'vdsm-hook', id: name })),
};

function planHook(hook: HookWanted, asked: readonly string[], found: PackagedHooksFound) {
  const place = { resource: 'vdsm-hook', id: hook.name, name: hook.package };
  const installed = found.packages.get(hook.package);
  const plan =
    planMisnamed(place, asked, found.packages) ??
    planPackage(place, hook, installed, found.latest.get(hook.package));
  const risk = hook.risk && found.risks.get(hook.risk);
  return heedRisk(plan, hook, risk, installed !== undefined);
}

/** What must come in the same transaction, so that the hook is never there without it. */
function companionsOf(
  { risk }: HookWanted,
  { risks }: PackagedHooksFound,
): { companions?: readonly string[] } {
  const found = risk && risks.get(risk);
  return risk && found?.because !== undefined && found.mayCome ? { companions: [comesWith(risk)] } : {};
}

/** Whether another version comes in place of all files: then what is wrong with the old ones does not matter. */
function isReplaced(changes: readonly Change[]): boolean {
  return changes.some(({ action }) => action === 'upgrade' || action === 'downgrade');
}

function filesOf(hook: HookWanted, found: HooksFound): readonly ManifestFile[] {
  return found.packages.get(hook.package)?.files ?? [];
}

/**
 * One transaction a package, of the very version that is installed: dnf passes over a missing one in a longer list. A
 * folder in a file's place stops rpm in the middle of the transaction, so it goes first, if it is empty.
 */
function reinstall(changes: readonly Change[], wanted: readonly HookWanted[], found: HooksFound): Step[] {
  return wanted.flatMap(hook => {
    const files = filesOf(hook, found);
    const made = changes.filter(
      change =>
        change.action === 'reinstall' && files.some(file => change.id === `${hook.name} ${file.path}`),
    );
    const folders = files.filter(file =>
      made.some(change => change.id === `${hook.name} ${file.path}` && change.before === 'folder'),
    );
    const installed = found.packages.get(hook.package);
    return made.length === 0 || !installed
      ? []
      : [...folders.map(file => clearStep(file.path)), reinstallStep(hook, installed, made)];
  });
}

/** From the file beside the playbook, where the hook comes from there: no repository may have it. */
function reinstallStep(
  { rpm, dnf }: HookWanted,
  { name, evra }: InstalledPackage,
  changes: readonly Change[],
) {
  return dnfStep('reinstall', [{ name, changes, ...(rpm ? { rpm } : { evra }) }], dnf);
}

function clearStep(path: string): Step {
  return {
    title: `remove the empty folder ${path}`,
    script: clearFolder(path),
    timeoutSeconds: 30,
    changes: [],
    explain: ({ stderr }) => explainFolder(stderr, path),
  };
}

/** Mends exactly the drifted paths, from the manifest. */
function mend(
  action: Mendable,
  changes: readonly Change[],
  files: ReadonlyMap<string, ManifestFile>,
): Step[] {
  return changes
    .filter(change => change.action === action)
    .flatMap(change => {
      const file = files.get(change.id);
      return file ? [mendStep(action, { ...file, owner: `${file.user}:${file.group}` }, change)] : [];
    });
}

/** A hook that VDSM no longer ships may still be in a site's repository; where it is not, this says why. */
function explainRemovedUpstream(packageName: string): Explanation | undefined {
  const hook = findHook(packageName);
  if (!hook?.removed) {
    return undefined;
  }
  return {
    message: `${packageName} is in no enabled repository of this host: the hook is gone from VDSM since ${hook.removed.sinceVdsm}`,
    hint: hook.replacement ?? 'Take it out of the playbook, or add a repository that still has it.',
  };
}
