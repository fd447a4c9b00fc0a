import { findHook } from '../catalog/hooks.ts';
import type { Change } from '../core/change.ts';
import { lines, type Sh, sh } from '../core/sh.ts';
import { dnfStep } from './dnf.ts';
import { packageChange } from './package.ts';
import type { Explanation, Resource, Step } from './resource.ts';
import type { ManifestFile } from './rpm.ts';
import { diffFiles, octal } from './vdsm-hook-files.ts';
import { type HooksFound, hooksProbe, readHooks } from './vdsm-hook-found.ts';

export interface HookWanted {
  /** What the playbook calls it. */
  readonly name: string;
  /** The package that brings it. */
  readonly package: string;
  readonly state: 'present' | 'absent';
}

/** Hooks that come as packages: installed, and every file of them as the package made it. */
export const vdsmHookResource: Resource<readonly HookWanted[], HooksFound> = {
  kind: 'vdsm-hook',

  probe: wanted => hooksProbe(wanted.map(hook => hook.package)),

  read: reply => readHooks(reply),

  diff(wanted, found) {
    const packages = wanted
      .filter(hook => found.packages.has(hook.package) !== (hook.state === 'present'))
      .map(hook =>
        packageChange('vdsm-hook', hook.name, hook.package, hook.state, found.packages.get(hook.package)),
      );
    const files = wanted
      .filter(hook => hook.state === 'present')
      .map(hook => diffFiles(hook.name, filesOf(hook, found), found));
    const useless = !found.hasVdsm && wanted.some(hook => hook.state === 'present');
    return {
      changes: [...packages, ...files.flatMap(file => file.changes)],
      blocked: files.flatMap(file => file.blocked),
      notes: [
        ...files.flatMap(file => file.notes),
        ...(useless ? ['VDSM is not installed on this host: nothing runs the hooks there'] : []),
      ],
    };
  },

  // What can be refused comes first: a package that no repository has leaves the rest untouched.
  apply(changes, wanted, found) {
    const files = new Map(
      wanted.flatMap(hook => filesOf(hook, found).map(file => [`${hook.name} ${file.path}`, file] as const)),
    );
    return [
      ...reinstall(changes, wanted, found),
      ...packageSteps('remove', changes, wanted),
      ...packageSteps('install', changes, wanted),
      ...mend('owner', changes, files),
      ...mend('mode', changes, files),
      ...mend('label', changes, files),
    ];
  },
};

function filesOf(hook: HookWanted, found: HooksFound): readonly ManifestFile[] {
  return found.packages.get(hook.package)?.files ?? [];
}

function packageSteps(
  verb: 'install' | 'remove',
  changes: readonly Change[],
  wanted: readonly HookWanted[],
): Step[] {
  const made = changes.filter(change => change.action === verb);
  const names = wanted.filter(hook => made.some(change => change.id === hook.name)).map(hook => hook.package);
  return made.length === 0 ? [] : [dnfStep(verb, names, made, explainRemovedUpstream)];
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
      : [
          ...folders.map(file => clearFolder(file.path)),
          dnfStep('reinstall', [`${installed.name}-${installed.evra}`], made),
        ];
  });
}

function clearFolder(path: string): Step {
  return {
    title: `remove the empty folder ${path}`,
    script: sh`rmdir -- "$ROOT"${path}`,
    timeoutSeconds: 30,
    changes: [],
    explain: () => ({
      message: `A folder with files in it stands where ${path} should be`,
      hint: 'Look at what it holds and move it away, then run this again.',
    }),
  };
}

type Mendable = 'owner' | 'mode' | 'label';

/**
 * Mends exactly the drifted paths, from the manifest and never through a link. rpm's own ways (--setperms, --setugids,
 * --restore) are not used: with one file of the package missing, rpm 4.18 deletes all its others (run).
 */
function mend(
  action: Mendable,
  changes: readonly Change[],
  files: ReadonlyMap<string, ManifestFile>,
): Step[] {
  return changes
    .filter(change => change.action === action)
    .flatMap(change => {
      const file = files.get(change.id);
      return file
        ? [
            {
              title: `${action} of ${file.path}`,
              script: mendScript(action, file),
              timeoutSeconds: 30,
              changes: [change],
            },
          ]
        : [];
    });
}

function mendScript(action: Mendable, file: ManifestFile): Sh {
  const chmod = sh`[ ! -h "$ROOT"${file.path} ] || { echo 'it has become a link' >&2; exit 1; }
chmod -- ${octal(file.mode).padStart(5, '0')} "$ROOT"${file.path}`;
  switch (action) {
    case 'owner': {
      const chown = sh`chown -h -- ${`${file.user}:${file.group}`} "$ROOT"${file.path}`;
      // A change of owner drops the set-id bits, root's too (chown(2)).
      return (file.mode & 0o6000) === 0 ? chown : lines([chown, chmod]);
    }
    case 'mode':
      return chmod;
    case 'label':
      return sh`restorecon -- "$ROOT"${file.path}`;
  }
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
