import type { Change } from '../../core/change.ts';
import type { Diff, Resource } from '../resource.ts';
import { HOOKS_ROOT } from '../vdsm-hook/vdsm-hook-found.ts';
import { type HookFoldersFound, hookFoldersProbe, readHookFolders } from './hook-folder-found.ts';
import { hookFolderSteps } from './hook-folder-steps.ts';
import { diffHook, type SiteHook, scriptPath } from './hook-script.ts';
import type { Placed } from './placed-list.ts';

export interface HookFoldersWanted {
  /** What the hosts' lists call this playbook; the same for whoever runs it, wherever it lies. */
  readonly playbook: string;
  /** The site's own hooks that the play names. */
  readonly hooks: readonly SiteHook[];
  /** Own hooks that only other plays of this playbook name: they are those plays' business. */
  readonly namedElsewhere: readonly string[];
  /** What is done about executables that should not be there. */
  readonly unmanaged: 'report' | 'remove';
  /** Nothing may be removed but a hook that the play names with `state: absent`, whatever `unmanaged` says. */
  readonly namedOnly: boolean;
}

/**
 * The hook folders of a host: the site's own scripts in them, and that VDSM runs nothing there that no package, no
 * playbook and no earlier run of hookfleet has brought.
 */
export const hookFolderResource: Resource<HookFoldersWanted, HookFoldersFound> = {
  kind: 'hook-folder',

  probe(wanted) {
    const files = wanted.hooks.flatMap(hook => hook.files);
    return hookFoldersProbe({
      playbook: wanted.playbook,
      paths: files.map(scriptPath),
      events: [...new Set(files.map(file => file.event))],
      programs: [...new Set(files.flatMap(file => file.programs))],
    });
  },

  read: reply => readHookFolders(reply),

  diff(wanted, found) {
    const present = wanted.hooks.filter(hook => hook.state === 'present');
    const diffs = present.map(hook => ({ hook, ...diffHook(hook, wanted.playbook, found) }));
    const refused = new Set(diffs.flatMap(one => (one.refused ? [one.hook.name] : [])));
    const extra = extras(wanted, refused, found);
    return {
      changes: [...diffs.flatMap(({ changes }) => changes), ...extra.changes],
      blocked: diffs.flatMap(({ blocked }) => blocked),
      unmanaged: extra.unmanaged,
      notes: notes(wanted, present, found),
    };
  },

  apply: (changes, wanted, found) => hookFolderSteps(changes, wanted, found),

  subjects: ({ hooks }) => [...hooks.map(({ name }) => name), ''].map(id => ({ resource: 'vdsm-hook', id })),
};

/** What lies in the hook folders, or was placed there, and is not in a present hook of this play. */
function extras(
  wanted: HookFoldersWanted,
  refused: ReadonlySet<string>,
  found: HookFoldersFound,
): Required<Pick<Diff, 'changes' | 'unmanaged'>> {
  const named = new Set(wanted.hooks.flatMap(hook => hook.files).map(scriptPath));
  const states = new Map(wanted.hooks.map(hook => [hook.name, hook.state]));
  const changes: Change[] = [];
  const unmanaged: Change[] = [];
  const put = (mayRemove: boolean, id: string, before: string) => {
    // Nothing is known to be nobody's while a line of the list cannot be read.
    const removes = mayRemove && found.placedIsWhole;
    const change = { resource: 'vdsm-hook', id, before, after: null };
    (removes ? changes : unmanaged).push({ ...change, action: removes ? 'remove' : 'unmanaged' });
  };
  const removesExtras = wanted.unmanaged === 'remove' && !wanted.namedOnly;

  for (const entry of placedHere(wanted.playbook, found)) {
    const id = `${entry.hook} ${entry.path}`;
    const edited = isAsPlaced(entry, found) ? '' : ', edited since';
    const state = states.get(entry.hook);
    if (named.has(entry.path)) {
      continue;
    }
    if (state === 'absent') {
      put(true, id, `placed by ${entry.playbook}${edited}`);
    } else if (state === 'present') {
      if (!refused.has(entry.hook)) {
        put(!wanted.namedOnly, id, `placed by ${entry.playbook}, no longer in its source${edited}`);
      }
    } else if (!wanted.namedElsewhere.includes(entry.hook)) {
      put(removesExtras, id, `placed by ${entry.playbook}, which no longer names it${edited}`);
    }
  }
  for (const { path, type } of found.executables) {
    if (!named.has(path) && !found.placed.has(path) && found.unowned.has(path)) {
      put(removesExtras, path, `${type === 'link' ? 'link' : 'executable'} ${origin(path)}`);
    }
  }
  for (const folder of found.unreadableNames) {
    put(false, folder, 'executable with a tab or a line feed in its name');
  }
  return { changes, unmanaged };
}

/** What the playbook placed in hook folders, is still there, and has not become a package's since; by path. */
function placedHere(playbook: string, found: HookFoldersFound): Placed[] {
  return [...found.placed.values()]
    .filter(
      entry =>
        entry.playbook === playbook &&
        IN_HOOK_FOLDER.test(entry.path) &&
        found.disk.has(entry.path) &&
        !found.owners.has(entry.path) &&
        (isAsPlaced(entry, found) || found.unowned.has(entry.path)),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const IN_HOOK_FOLDER = new RegExp(`^${HOOKS_ROOT}/[a-z_]+/[^/]+$`);

function isAsPlaced({ path, sha256 }: Placed, found: HookFoldersFound): boolean {
  return found.digests.get(path) === sha256;
}

function origin(path: string): string {
  if (/\.rpm(?:save|new|orig)$/.test(path)) {
    return 'that rpm left behind, which VDSM runs';
  }
  return /~$|\.(?:bak|orig|old)$/.test(path)
    ? 'that looks like a backup copy, which VDSM runs'
    : 'of no package';
}

function notes(wanted: HookFoldersWanted, present: readonly SiteHook[], found: HookFoldersFound): string[] {
  const others = new Map<string, number>();
  for (const { path, hook, playbook } of found.placed.values()) {
    if (playbook !== wanted.playbook && IN_HOOK_FOLDER.test(path) && found.disk.has(path)) {
      const name = `The hook ${hook} of the playbook ${playbook}`;
      others.set(name, (others.get(name) ?? 0) + 1);
    }
  }
  const withOwn = (condition: boolean, note: string) => (condition && present.length > 0 ? [note] : []);
  return [
    ...withOwn(!found.hasVdsm, 'VDSM is not installed on this host: nothing runs the hooks there'),
    ...(found.hasVdsm ? [...found.missingEvents] : []).map(
      event => `VDSM of this host has no folder for ${event}: it may not know this event`,
    ),
    ...withOwn(
      found.isOvirtNode,
      'This host is an oVirt Node: own scripts below /usr are lost at its next upgrade; a package that `rpm:` pushes stays',
    ),
    ...withOwn(
      found.hasFapolicyd,
      'fapolicyd is active on this host and trusts files of packages alone: it may keep VDSM from running own scripts',
    ),
    ...(found.placedIsWhole
      ? []
      : ['The list of what hookfleet placed on this host has lines that cannot be read: nothing is removed']),
    ...[...others].map(
      ([name, files]) =>
        `${name} is on this host too (${files === 1 ? 'one file' : `${files} files`}): it is left alone`,
    ),
  ];
}
