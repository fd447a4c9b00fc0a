import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { InputError, type Problem } from '../core/input-error.ts';
import type { Inventory } from './inventory.ts';
import { type InventoryFile, parseInventory } from './parse.ts';

/**
 * Reads the inventory from INI files, in the order given; a later file adds to the earlier ones and overrides them.
 *
 * @throws {InputError} for every file that cannot be read, else for everything that is wrong in what they say.
 */
export async function loadInventory(paths: readonly string[]): Promise<Inventory> {
  if (paths.length === 0) {
    throw new InputError([{ message: 'No inventory is given', hint: 'Name one with --inventory FILE' }]);
  }
  const read = await Promise.all(paths.map(readInventoryFile));
  const problems = read.flatMap(result => ('text' in result ? [] : result));
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return parseInventory(read.flatMap(result => ('text' in result ? result : [])));
}

async function readInventoryFile(file: string): Promise<InventoryFile | Problem[]> {
  try {
    const bytes = await readFile(file);
    const problems = notUtf8(bytes, file);
    return problems.length > 0 ? problems : { file, text: bytes.toString('utf8') };
  } catch (error) {
    return [unreadable(file, error)];
  }
}

/** Bytes that are not UTF-8 are allowed in comments alone, as in Ansible. */
function notUtf8(bytes: Buffer, file: string): Problem[] {
  if (isUtf8(bytes)) {
    return [];
  }
  const lines = bytes.toString('latin1').split(/\r\n|\n|\r/);
  return lines.flatMap((line, i) =>
    isUtf8(Buffer.from(line, 'latin1')) || /^\s*[#;]/.test(line)
      ? []
      : [
          {
            place: { file, line: i + 1 },
            message: 'The line is not UTF-8 text',
            hint: 'Save the file as UTF-8',
          },
        ],
  );
}

function unreadable(file: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const place = { file };
  switch (code) {
    case 'ENOENT':
      return { place, message: 'There is no such inventory file' };
    case 'EISDIR':
      return { place, message: 'The inventory is a folder', hint: 'Name the inventory file in it' };
    case 'EACCES':
      return { place, message: 'The inventory file may not be read by this user' };
    default:
      return {
        place,
        message: `The inventory file cannot be read: ${error instanceof Error ? error.message : error}`,
      };
  }
}
