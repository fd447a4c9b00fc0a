import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { InputError } from '../../src/core/input-error.ts';

/** Writes files into a folder that lives as long as the test; what begins with `#!` becomes executable. */
export async function folderWith(
  t: ExecutionContext,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-inventory-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await chmod(path, content.toString().startsWith('#!') ? 0o755 : 0o644);
  }
  return folder;
}

/** What an input error tells, with the folder's own path taken out. */
export async function told(folder: string, act: () => unknown): Promise<string> {
  try {
    await act();
    return '';
  } catch (error) {
    if (error instanceof InputError) {
      return error.message.replaceAll(`${folder}/`, '');
    }
    throw error;
  }
}
