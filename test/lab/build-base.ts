/**
 * Builds what is missing of the parts of the hosts' base, each under a temporary name that becomes the real one when
 * it is whole. Started by `ensureBase` under a lock, so whatever has a temporary name was left by a builder that died.
 *
 * Usage: build-base.ts DEBIAN_FOLDER LAB_FOLDER [LIBVIRT_FOLDER]
 */
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildDebian } from './build-debian.ts';
import { buildLab } from './build-lab.ts';
import { buildLibvirt } from './build-libvirt.ts';

const [debian = '', lab = '', libvirt] = process.argv.slice(2);
const cache = dirname(lab);

for (const name of await readdir(cache)) {
  if (name.endsWith('.part')) {
    await rm(join(cache, name), { recursive: true });
  }
}
await whole(debian, buildDebian);
await whole(lab, part => buildLab(debian, part));
if (libvirt !== undefined) {
  await whole(libvirt, part => buildLibvirt([join(lab, 'host'), debian], part));
}
await forgetOld();

async function whole(target: string, build: (part: string) => Promise<void>): Promise<void> {
  if (!existsSync(target)) {
    await build(`${target}.part`);
    // mmdebstrap sets the folder's time back, and from its time it is told when a base was last used.
    await utimes(`${target}.part`, new Date(), new Date());
    await rename(`${target}.part`, target);
  }
}

/** Older recipes' bases: other clones may still use them, so they go once nobody has for a week. */
async function forgetOld(): Promise<void> {
  const week = 7 * 24 * 3600 * 1000;
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    if (/^(debian|lab|libvirt)-/.test(name) && Date.now() - (await stat(path)).mtimeMs > week) {
      await rm(path, { recursive: true });
    }
  }
}
