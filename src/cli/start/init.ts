import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { starterFiles } from './starter-files.ts';

/**
 * The command `init`: an inventory, a playbook, settings and the playbook's schema, to begin with. A file
 * that is there already is never replaced.
 *
 * @param folder where to; it is made where it is not there.
 * @returns the exit code.
 * @throws {InputError} where one of the files is there already, or cannot be written.
 */
export async function init(folder: string): Promise<number> {
  const files = starterFiles();
  try {
    await mkdir(folder, { recursive: true });
    await writeAll(folder, files);
  } catch (error) {
    if (error instanceof InputError) {
      throw error;
    }
    throw new InputError([
      {
        place: { file: folder },
        message: `nothing can be written there: ${error instanceof Error ? error.message : error}`,
      },
    ]);
  }
  const here = relative(process.cwd(), resolve(folder));
  process.stdout.write(
    `${Object.keys(files)
      .map(name => printable(join(here, name)))
      .join('\n')}\n`,
  );
  process.stderr.write(`
Next:
${here === '' ? '' : `  cd ${printable(here)}\n`}  put the names of your hosts into hosts.ini
  hookfleet trust              shows the host keys that are not on record, asks, and records them
  hookfleet check hooks.yml    what differs; changes nothing
  hookfleet apply hooks.yml    shows the plan, asks, and does it
`);
  return 0;
}

/** What is there already stays as it is: nothing is looked up first and written over later. */
async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const taken = new Set(await readdir(folder));
  const clashes = Object.keys(files).filter(name => taken.has(name));
  if (clashes.length > 0) {
    throw new InputError(
      clashes.map(name => ({
        place: { file: join(folder, name) },
        message: 'is there already, and nothing was written',
        hint: 'Give another folder: hookfleet init FOLDER',
      })),
    );
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { flag: 'wx' });
  }
}
