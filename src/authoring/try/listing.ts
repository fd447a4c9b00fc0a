import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A script that would run. */
export interface Script {
  /** Absolute. */
  readonly path: string;
  /** Its file name. */
  readonly name: string;
}

/** A file that would not run, and why. */
export interface PassedOver {
  readonly name: string;
  readonly why: string;
}

/** What runs of a folder, in order, and what does not. */
export interface Listing {
  readonly scripts: readonly Script[];
  readonly passedOver: readonly PassedOver[];
}

export type Caller = 'VDSM' | 'libvirt';

/**
 * What VDSM or libvirt would run of a folder. VDSM: what the shell's `*` matches, is a regular file, and may be executed by
 * this user (lib/vdsm/common/hooks.py). libvirt: every regular file with one of its three x bits (src/util/virhook.c). Both:
 * in byte order of the names, links followed.
 */
export async function listFolder(folder: string, caller: Caller): Promise<Listing> {
  const names = (await readdir(folder)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const listings = await Promise.all(names.map(name => listFile(join(folder, name), caller)));
  return {
    scripts: listings.flatMap(one => one.scripts),
    passedOver: listings.flatMap(one => one.passedOver),
  };
}

/** The same for one file. */
export async function listFile(path: string, caller: Caller): Promise<Listing> {
  const name = basename(path);
  const why = await whyNot(path, name, caller);
  return why === undefined
    ? { scripts: [{ path, name }], passedOver: [] }
    : { scripts: [], passedOver: why === '' ? [] : [{ name, why }] };
}

/** Undefined for what runs; empty for what nobody takes for a script. */
async function whyNot(path: string, name: string, caller: Caller): Promise<string | undefined> {
  if (name.startsWith('.') && caller === 'VDSM') {
    return 'its name begins with a dot';
  }
  if (name.includes('\ufffd')) {
    return 'its name is not UTF-8, so it is left out here';
  }
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) {
    return 'it is a link that leads nowhere';
  }
  if (!stats.isFile()) {
    return stats.isDirectory() ? '' : 'it is no regular file';
  }
  if ((stats.mode & 0o111) === 0) {
    return 'it has no x bit';
  }
  return (await access(path, constants.X_OK).then(
    () => true,
    () => caller === 'libvirt',
  ))
    ? undefined
    : 'this user may not execute it';
}
