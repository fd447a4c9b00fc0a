import { access, mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { libvirtHash } from './libvirt-recipe.ts';
import { debianHash, LAB, labHash, type VdsmVersion } from './recipe.ts';

/** What hosts are laid over: folders for `lowerdir`, none of which anything may write to. */
export interface Base {
  /** Debian with the lab's settings, repositories and users. */
  readonly host: readonly string[];
  /** The same plus the `vdsm` package of a version. */
  withVdsm(version: VdsmVersion): readonly string[];
  /** Goes on top of one of the above and makes an engine of it. */
  readonly engine: string;
  /** Goes on top of one of the first two and gives it a libvirtd and QEMU. Built when it is first called for. */
  libvirt(): Promise<string>;
}

/**
 * Makes sure that the base of the hosts is there, and says where. The first call after the recipe changed builds it
 * (half a minute and 300 MB, from Debian's mirror); later ones find it. Processes that call at once wait for one builder.
 *
 * It is kept in `/var/cache/hookfleet-lab`, or where `HOOKFLEET_LAB_CACHE` says.
 */
export async function ensureBase(): Promise<Base> {
  const cache = process.env.HOOKFLEET_LAB_CACHE ?? '/var/cache/hookfleet-lab';
  const debian = join(cache, `debian-${debianHash()}`);
  const lab = join(cache, `lab-${labHash()}`);
  await ensure(cache, [debian, lab]);
  const host = [join(lab, 'host'), debian];
  return {
    host,
    withVdsm: version => [join(lab, `vdsm-${version}`), ...host],
    engine: join(lab, 'engine'),
    async libvirt() {
      const libvirt = join(cache, `libvirt-${libvirtHash()}`);
      await ensure(cache, [debian, lab, libvirt]);
      return libvirt;
    },
  };
}

/** Builds what is missing of the folders, and notes that all of them are in use. */
async function ensure(cache: string, folders: readonly string[]): Promise<void> {
  const there = await Promise.all(folders.map(exists));
  if (there.includes(false)) {
    await mkdir(cache, { recursive: true });
    const build = ['--import=tsx', join(LAB, 'build-base.ts'), ...folders];
    // flock(1) lets go of the lock when the builder ends, however it ends.
    const command = [join(cache, 'lock'), process.execPath, ...build];
    await execa('flock', command, { cwd: LAB, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  for (const used of folders) {
    await utimes(used, new Date(), new Date());
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
