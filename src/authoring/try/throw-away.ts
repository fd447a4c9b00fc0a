import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOOKING_MODULE } from '../new/hooking-module.ts';

/** Makes a folder for one try, for this user alone, with a home and a place for temporary files in it. */
export async function makeThrowAway(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-try-'));
  await mkdir(join(folder, 'home'));
  await mkdir(join(folder, 'tmp'));
  return folder;
}

/** Removes it with all that scripts have left in it, also in folders that they have closed. */
export async function removeThrowAway(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await open(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(entries.filter(one => one.isDirectory()).map(one => open(join(folder, one.name))));
}

/** The Python module `hooking` for scripts. */
export interface Hooking {
  /** The folder that it lies in. */
  readonly folder: string;
  /** Whether it is hookfleet's own, since VDSM is not installed here. */
  readonly lent: boolean;
}

/**
 * Finds VDSM's module where it is installed, else puts hookfleet's own into the throw-away folder.
 *
 * @param root in the place of `/`.
 */
export async function lendHooking(folder: string, root = '/'): Promise<Hooking> {
  const lib = join(root, 'usr/lib');
  const pythons = (await readdir(lib).catch(() => [])).filter(name => /^python\d/.test(name)).sort();
  for (const python of pythons.reverse()) {
    const own = join(lib, python, 'site-packages/vdsm/hook');
    if (await isThere(join(own, 'hooking.py'))) {
      return { folder: own, lent: false };
    }
  }
  const lent = join(folder, 'lent');
  await mkdir(lent);
  await writeFile(join(lent, 'hooking.py'), HOOKING_MODULE);
  return { folder: lent, lent: true };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
