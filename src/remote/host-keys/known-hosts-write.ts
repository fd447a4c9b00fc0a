import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  access,
  constants,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { withLock } from './known-hosts-lock.ts';

/**
 * Writes a file anew, as a whole or not at all: beside it under another name, on the disk, then in its place. Mode,
 * owner and a symbolic link that leads to it stay. A missing file gets mode 0600, a missing folder 0700. Other runs that
 * do the same wait; if somebody else has changed the file in the meantime, it is made from what is there then.
 *
 * @param change gives the new content for the present one; the same buffer leaves the file alone. May be called again.
 * @throws {Error} if it is no regular file, or cannot be read or written.
 */
export async function rewriteKnownHosts(path: string, change: (content: Buffer) => Buffer): Promise<void> {
  const file = await followLinks(path);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await withLock(`${file}.hookfleet-lock`, async () => {
    for (;;) {
      const before = await regularFile(file);
      const content = before === undefined ? Buffer.alloc(0) : await readFile(file);
      const changed = change(content);
      if (changed === content || (await replaced(file, before, changed))) {
        return;
      }
    }
  });
}

/** What keeps a file from being written anew; undefined if nothing is in sight. Its folder may be missing, but not the one above. */
export async function cannotWrite(path: string): Promise<string | undefined> {
  try {
    const file = await followLinks(path);
    await regularFile(file);
    const folder = dirname(file);
    const there = await access(folder).then(
      () => true,
      () => false,
    );
    await access(there ? folder : dirname(folder), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Writes beside the file, and puts it there if the file is still what it was. */
async function replaced(file: string, before: Stats | undefined, content: Buffer): Promise<boolean> {
  const temporary = `${file}.hookfleet-${randomUUID()}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      const { uid, gid } = await handle.stat();
      if (before !== undefined && (before.uid !== uid || before.gid !== gid)) {
        await handle.chown(before.uid, before.gid);
      }
      await handle.chmod(before === undefined ? 0o600 : before.mode & 0o7777);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const now = await regularFile(file);
    const same = now?.ino === before?.ino && now?.size === before?.size && now?.mtimeMs === before?.mtimeMs;
    if (same) {
      await rename(temporary, file);
      await syncFolder(dirname(file));
    } else {
      await unlink(temporary);
    }
    return same;
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Undefined if there is none. A device or a pipe must not be replaced. */
async function regularFile(file: string): Promise<Stats | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (found && !found.isFile()) {
    throw new Error(`${file} is not a regular file: nothing can be recorded in it`);
  }
  return found;
}

/** Where symbolic links lead, also to a file that is not there yet. */
async function followLinks(path: string): Promise<string> {
  let file = resolve(path);
  for (let links = 0; links < 40; links += 1) {
    const target = await readlink(file).catch((error: NodeJS.ErrnoException) => {
      if (['EINVAL', 'ENOENT'].includes(String(error.code))) {
        return undefined;
      }
      throw error;
    });
    if (target === undefined) {
      return file;
    }
    file = resolve(await realpath(dirname(file)), target);
  }
  throw new Error(`${path}: too many symbolic links`);
}
