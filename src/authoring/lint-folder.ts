import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { findOperation, type LibvirtDriver } from '../catalog/libvirt-drivers.ts';
import { finding } from '../lint/finding.ts';
import { type Installed, installedScripts } from '../lint/makefile.ts';
import { judgeEventFolder, neverRuns } from '../lint/names.ts';
import { driverOf, type LintWishes, misplaced, type Place, scriptAt } from './lint-place.ts';
import { type Found, type LintTarget, lookInto, textsIn, unreadable } from './lint-target.ts';

/** Folders deeper than this below the given one are not looked into. */
const DEEPEST = 6;

/** What no hook lies in; `samples`, `tests` and `packaging` stand beside the event folders of a hook. */
const PASSED_OVER = /^(?:\..*|node_modules|__pycache__|tests?|samples|packaging)$/;

/**
 * The scripts in a folder, and what is wrong with how they lie there. It may be a hook (`<event>/<NN_name>`), an event
 * folder, a folder of libvirt's, a hook in VDSM's source with its Makefile.am, or a folder with any of these in it.
 */
export async function lintFolder(path: string, wishes: LintWishes, depth = 0): Promise<LintTarget[]> {
  const entries = await entriesOf(path);
  if (!Array.isArray(entries)) {
    return [entries];
  }
  const real = await realpath(path);
  const dropIn = driverOf(basename(real), '.d');
  if (dropIn !== undefined) {
    const own = await Promise.all(entries.map(async one => [one, await isDispatched(one, dropIn)] as const));
    const direct = own.filter(([, dispatched]) => !dispatched).map(([one]) => one);
    const guests = own.filter(([, dispatched]) => dispatched).map(([one]) => one);
    return [
      ...scripts(direct, { of: 'libvirt', driver: dropIn, placed: true }),
      ...(await inTurn(guests, one => lintFolder(one.path, {}, depth + 1))),
    ];
  }
  const event = judgeEventFolder(basename(real)) === 'event' ? basename(real) : undefined;
  if (event !== undefined) {
    const beside = await textsIn(dirname(real));
    return scripts(entries, { of: 'vdsm', events: [event], beside, placed: true });
  }
  const installed = installedIn(entries);
  if (installed.length > 0) {
    return built(entries, installed, await textsIn(path));
  }
  const folders = entries.filter(one => one.type === 'folder' && !PASSED_OVER.test(one.name));
  const free = wishes.event === undefined && wishes.driver === undefined;
  if (free && folders.some(one => judgeEventFolder(one.name) !== undefined)) {
    const beside = await textsIn(path);
    const events = await inTurn(folders, one => eventFolder(one, beside));
    const dead = entries.filter(one => one.type === 'broken');
    return [
      ...events,
      ...dead.map(one => misplaced(one.path, neverRuns('a link that leads nowhere', 'VDSM'))),
    ];
  }
  const files = wishes.driver === undefined ? entries : entries.filter(one => one.type !== 'folder');
  const below = depth < DEEPEST ? folders : [];
  const found = await inTurn(below, one => lintFolder(one.path, wishes, depth + 1));
  return [...scripts(files, await placeIn(path, wishes), isRoot(entries)), ...found];
}

async function inTurn(
  folders: readonly Found[],
  lint: (folder: Found) => Promise<LintTarget[]>,
): Promise<LintTarget[]> {
  const found: LintTarget[] = [];
  for (const one of folders) {
    found.push(...(await lint(one)));
  }
  return found;
}

/**
 * Whether a folder among a driver's scripts is for another hook that runs what lies in it: by guest and operation, as
 * in `qemu.d/GUEST/prepare/begin`, the widespread layout of VFIO-Tools.
 */
async function isDispatched({ path, type }: Found, driver: LibvirtDriver): Promise<boolean> {
  const names = type === 'folder' ? await readdir(path).catch(() => []) : [];
  return names.some(name => findOperation(driver, name) !== undefined);
}

/** Where scripts lie of a folder that says nothing of it. */
async function placeIn(path: string, { driver, event }: LintWishes): Promise<Place> {
  const beside = await textsIn(path);
  return driver !== undefined
    ? { of: 'libvirt', driver, placed: true }
    : event !== undefined
      ? { of: 'vdsm', events: [event], beside, placed: false }
      : { of: 'unknown', beside };
}

async function entriesOf(path: string): Promise<Found[] | LintTarget> {
  return lookInto(path).catch((error: unknown) => misplaced(path, unreadable(error)));
}

/** Whether a folder is that of all libvirt hooks: `qemu.d` and the like stand in it. */
function isRoot(entries: readonly Found[]): boolean {
  return entries.some(one => one.type === 'folder' && driverOf(one.name, '.d') !== undefined);
}

/** @param root the folder is that of all libvirt hooks, so `qemu` is its main script. */
function scripts(entries: readonly Found[], place: Place, root = false): LintTarget[] {
  return entries.flatMap(entry => {
    const driver = root && entry.type === 'file' ? driverOf(entry.name, '') : undefined;
    return scriptAt(entry, driver === undefined ? place : { of: 'libvirt', driver, placed: false }) ?? [];
  });
}

async function eventFolder({ name, path }: Found, beside: string): Promise<LintTarget[]> {
  const judged = judgeEventFolder(name);
  if (judged !== 'event') {
    return judged === undefined ? [] : [misplaced(path, judged)];
  }
  const entries = await entriesOf(path);
  if (!Array.isArray(entries)) {
    return [entries];
  }
  const found = scripts(entries, { of: 'vdsm', events: [name], beside, placed: true });
  const message = 'VDSM runs nothing of this folder: no file in it is executable or begins with #!';
  const hint = 'Put a script there, or take the folder away.';
  return found.length > 0 || entries.length === 0
    ? found
    : [misplaced(path, finding('no-script', 1, message, hint))];
}

/** What a Makefile.am of VDSM's in the folder installs. */
export function installedIn(entries: readonly Found[]): Installed[] {
  const makefile = entries.find(one => one.name === 'Makefile.am')?.content;
  return makefile === undefined ? [] : installedScripts(Buffer.from(makefile).toString('utf8'));
}

/** VDSM's build gives its scripts their names and modes. */
function built(entries: readonly Found[], installed: readonly Installed[], beside: string): LintTarget[] {
  return entries.flatMap(entry => {
    const events = installed.filter(one => one.file === entry.name).map(one => one.event);
    const place: Place = { of: 'vdsm', events, beside, placed: false };
    return events.length === 0 ? [] : (scriptAt({ ...entry, script: true }, place) ?? []);
  });
}
