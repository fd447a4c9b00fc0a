import type { Change } from '../../core/change.ts';
import type { Placed } from '../files/placed-list.ts';
import type { Diff } from '../resource.ts';
import { driverOf, type LibvirtHooksFound } from './libvirt-hook-found.ts';
import { LIBVIRT_HOOKS } from './libvirt-hook-probe.ts';
import { folderOf, hookPath, type LibvirtHooksWanted } from './libvirt-hook-wanted.ts';

/** What was placed in the folders of hooks. */
export const IN_HOOK_FOLDER = new RegExp(`^${LIBVIRT_HOOKS}/[a-z]+\\.d/[^/]+$`);

/** What lies in the folders of hooks, or was placed there, and is no present hook of this play. */
export function extras(
  wanted: LibvirtHooksWanted,
  found: LibvirtHooksFound,
): Required<Pick<Diff, 'changes' | 'unmanaged'>> {
  const states = new Map(wanted.hooks.map(hook => [hookPath(hook), hook.state]));
  const named = new Set([...states.keys(), ...wanted.namedElsewhere]);
  const changes: Change[] = [];
  const unmanaged: Change[] = [];
  const put = (mayRemove: boolean, id: string, before: string) => {
    // Nothing is known to be nobody's while a line of the list cannot be read.
    const removes = mayRemove && found.placedIsWhole;
    const change = { resource: 'libvirt-hook', id, before, after: null };
    (removes ? changes : unmanaged).push({ ...change, action: removes ? 'remove' : 'unmanaged' });
  };
  const removesExtras = wanted.unmanaged === 'remove' && !wanted.namedOnly;
  for (const [path, state] of states) {
    if (state === 'absent' && found.disk.has(path)) {
      put(true, path, origin(path, found));
    }
  }
  if (wanted.unmanaged === 'ignore') {
    return { changes, unmanaged };
  }
  for (const { path, playbook } of placedHere(wanted.playbook, found)) {
    if (!named.has(path)) {
      put(removesExtras, path, `placed by ${playbook}, which no longer names it${edited(path, found)}`);
    }
  }
  for (const { path } of found.executables) {
    const isInFolder = IN_HOOK_FOLDER.test(path);
    if (isInFolder && !named.has(path) && !found.placed.has(path) && !found.owners.get(path)) {
      put(removesExtras && found.owners.has(path), path, origin(path, found));
    }
  }
  for (const folder of found.unreadableNames) {
    put(false, folder, 'executable with a name that cannot be told safely');
  }
  return { changes, unmanaged };
}

/** What the playbook placed in folders of hooks, is still there, and has not become a package's since; by path. */
function placedHere(playbook: string, found: LibvirtHooksFound): Placed[] {
  return [...found.placed.values()]
    .filter(
      entry =>
        entry.playbook === playbook &&
        IN_HOOK_FOLDER.test(entry.path) &&
        found.disk.has(entry.path) &&
        !found.owners.get(entry.path),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function edited(path: string, found: LibvirtHooksFound): string {
  return found.digests.get(path) === found.placed.get(path)?.sha256 ? '' : ', edited since';
}

function origin(path: string, found: LibvirtHooksFound): string {
  const entry = found.placed.get(path);
  if (entry) {
    return `placed by ${entry.playbook}${edited(path, found)}`;
  }
  const type = found.disk.get(path)?.type === 'link' ? 'link' : 'executable';
  if (/\.(?:rpm(?:save|new|orig)|dpkg-(?:old|new|dist))$/.test(path)) {
    return `${type} that a package manager left behind, which libvirt runs`;
  }
  return /~$|\.(?:bak|orig|old)$/.test(path)
    ? `${type} that looks like a backup copy, which libvirt runs`
    : `${type} of no package`;
}

/** What is worth knowing of what else is there. */
export function notesOnOthers(wanted: LibvirtHooksWanted, found: LibvirtHooksFound): string[] {
  const drivers = [...new Set(wanted.hooks.map(({ driver }) => driver))];
  const folders = [...found.disk].filter(
    ([path, { type }]) => IN_HOOK_FOLDER.test(path) && type === 'folder',
  );
  const others = [...found.placed.values()].filter(
    ({ path, playbook }) => playbook !== wanted.playbook && IN_HOOK_FOLDER.test(path) && found.disk.has(path),
  );
  return [
    ...folders.map(
      ([path]) =>
        `${path} is a folder, which libvirt passes over: it looks like the layout of a dispatcher, and is left alone`,
    ),
    ...found.executables
      .filter(({ path }) => !IN_HOOK_FOLDER.test(path))
      .filter(({ path }) => drivers.some(driver => driver === driverOf(path)))
      .filter(({ path }) => !found.owners.get(path) && !(found.hasVdsm && driverOf(path) === 'qemu'))
      .map(
        ({ path }) =>
          `${path} is of no package and runs before the scripts of ${folderOf(driverOf(path))}: it is left alone`,
      ),
    ...others.map(
      ({ path, playbook }) => `${path} of the playbook ${playbook} is on this host too: it is left alone`,
    ),
    ...(found.placedIsWhole
      ? []
      : ['The list of what hookfleet placed on this host has lines that cannot be read: nothing is removed']),
  ];
}
