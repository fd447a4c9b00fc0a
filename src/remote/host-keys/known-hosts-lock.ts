import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

// Held for as long as one small file is written: a holder of another machine that is older is gone.
const STALE_MS = 60_000;
const PATIENCE_MS = 10_000;

/**
 * Does something while no other hookfleet does it: a lock file stands for it. One whose holder was killed is taken away.
 *
 * @throws {Error} if another one holds it for longer than 10 s, or the lock file cannot be made.
 */
export async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await take(lock))) {
    if (performance.now() > deadline) {
      throw new Error(`another hookfleet is writing it; if none is, remove ${lock}`);
    }
    await removeStale(lock);
    await sleep(5 + Math.random() * 20);
  }
  try {
    return await work();
  } finally {
    await unlink(lock);
  }
}

async function take(lock: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
  try {
    await file.writeFile(`${process.pid} ${hostname()}\n`);
    return true;
  } catch (error) {
    await unlink(lock);
    throw error;
  } finally {
    await file.close();
  }
}

/** Takes away a lock whose holder is gone; put back if another one has taken it anew in between. */
async function removeStale(lock: string): Promise<void> {
  const stale = await staleInode(lock);
  if (stale === undefined) {
    return;
  }
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
    if ((await stat(aside)).ino !== stale) {
      await link(aside, lock);
    }
    await unlink(aside);
  } catch (error) {
    // Somebody else was quicker.
    if (!['ENOENT', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code))) {
      throw error;
    }
  }
}

/** The inode of a lock whose holder is gone; undefined if it is held, or not there. */
async function staleInode(lock: string): Promise<number | undefined> {
  try {
    const [text, { ino, mtimeMs }] = await Promise.all([readFile(lock, 'utf8'), stat(lock)]);
    const [, pid, host] = /^(\d+) (.+)\n$/.exec(text) ?? [];
    const gone = pid !== undefined && host === hostname() && !isAlive(Number(pid));
    return gone || Date.now() - mtimeMs > STALE_MS ? ino : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
