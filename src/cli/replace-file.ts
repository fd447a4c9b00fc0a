import { randomBytes } from 'node:crypto';
import {
  access,
  constants,
  type FileHandle,
  open,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../core/input-error.ts';

/**
 * Makes sure that {@link replaceFile} can write a file, and leaves it as it is.
 *
 * @param trouble the problem in words, for the user.
 * @throws {InputError} where it cannot.
 */
export async function checkReplaceable(file: string, trouble: string): Promise<void> {
  try {
    const { path, isPlain } = await lookAt(file);
    if (isPlain) {
      const { handle, name } = await openBeside(path);
      await handle.close();
      await rm(name);
    } else {
      await access(path, constants.W_OK);
    }
  } catch (error) {
    throw new InputError([
      { place: { file }, message: `${trouble}: ${error instanceof Error ? error.message : error}` },
    ]);
  }
}

/**
 * Writes a file as a whole: whoever reads it sees the old text or the new one, and after a crash one of the two is
 * there. The other end of a symbolic link is written; what is no plain file (a pipe, a terminal) gets the text.
 *
 * @throws {Error} of the system.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const { path, isPlain, mode } = await lookAt(file);
  if (!isPlain) {
    await writeFile(path, text);
    return;
  }
  const { handle, name } = await openBeside(path);
  try {
    try {
      await handle.writeFile(text);
      if (mode !== undefined) {
        await handle.chmod(mode);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(name, path);
  } catch (error) {
    await rm(name, { force: true });
    throw error;
  }
}

/** Its mode is undefined where there is no such file yet. */
async function lookAt(file: string) {
  const path = await realpath(file).catch(() => file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    throw new Error('it is a folder');
  }
  return {
    path,
    isPlain: found === undefined || found.isFile(),
    mode: found === undefined ? undefined : found.mode & 0o777,
  };
}

/** A name that no collector of files takes for one of its own: hidden, and with another ending. */
async function openBeside(path: string): Promise<{ readonly handle: FileHandle; readonly name: string }> {
  const name = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}`);
  return { handle: await open(name, 'wx', 0o666), name };
}
