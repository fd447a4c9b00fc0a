import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A file system that can be written to, over folders that stay as they are. */
export interface Overlay {
  /** Where it is mounted. */
  readonly root: string;
  /** What was written so far, as overlayfs keeps it. */
  readonly upper: string;
}

/**
 * Mounts an overlay below a new folder; what is written goes to memory.
 *
 * @param lower folders, the topmost first
 * @param size of the memory, in tmpfs's own notation (`64m`): how full the disk of the host can get
 */
export async function mountOverlay(folder: string, lower: readonly string[], size: string): Promise<Overlay> {
  const memory = join(folder, 'memory');
  const [root, upper, work] = [join(folder, 'root'), join(memory, 'upper'), join(memory, 'work')];
  await mkdir(memory, { recursive: true });
  await mkdir(root);
  await execa('mount', ['-t', 'tmpfs', '-o', `mode=0755,size=${size}`, 'hookfleet-lab', memory]);
  await mkdir(upper);
  await mkdir(work);
  const options = `lowerdir=${lower.join(':')},upperdir=${upper},workdir=${work}`;
  await execa('mount', ['-t', 'overlay', '-o', options, 'hookfleet-lab', root]);
  return { root, upper };
}

/** Takes away what {@link mountOverlay} mounted, also half of it or nothing; open files do not hold it up. */
export async function unmountOverlay(folder: string): Promise<void> {
  for (const part of ['root', 'memory']) {
    await execa('umount', ['-l', join(folder, part)], { reject: false });
  }
}
