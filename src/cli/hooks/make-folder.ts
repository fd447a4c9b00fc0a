import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { NewFile } from '../../authoring/new/hook-folder.ts';
import { InputError } from '../../core/input-error.ts';

/**
 * Makes a folder with its files, as a whole: it is there with all of them, or not at all.
 *
 * @param dry only looks whether it could be made.
 * @returns the exit code: 3 where it was only looked.
 * @throws {InputError} where the folder is there already, or the one above it is not.
 */
export async function makeFolder(folder: string, files: readonly NewFile[], dry: boolean): Promise<number> {
  if (await lstat(folder).catch(() => undefined)) {
    throw new InputError([
      {
        place: { file: folder },
        message: 'is there already',
        hint: 'Choose another name, or another --dir.',
      },
    ]);
  }
  const above = await lstat(join(dirname(folder), '.')).catch(() => undefined);
  if (!above?.isDirectory()) {
    throw new InputError([
      { place: { file: dirname(folder) }, message: 'is no folder', hint: 'Make it first: mkdir -p.' },
    ]);
  }
  if (dry) {
    return 3;
  }
  const made = join(dirname(folder), `.${basename(folder)}.${randomBytes(4).toString('hex')}`);
  try {
    for (const { path, text, mode } of files) {
      await mkdir(dirname(join(made, path)), { recursive: true });
      await writeFile(join(made, path), text);
      await chmod(join(made, path), mode);
    }
    await rename(made, folder);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error instanceof Error && 'code' in error
      ? new InputError([{ place: { file: folder }, message: `cannot be made: ${error.message}` }])
      : error;
  }
  return 0;
}
