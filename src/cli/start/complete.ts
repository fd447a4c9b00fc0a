import { Command } from 'commander';
import { loadInventory } from '../../inventory/load.ts';
import { inventoryOption } from '../options/command-options.ts';
import { settle } from '../settings/settle.ts';
import { candidates } from './candidates.ts';
import { readTyped } from './typed-words.ts';

/** What stands for the shell's own completion of file names. */
const FILES = ':files';

/**
 * The hidden command `complete`, which the shells call at every press of Tab: prints what the last word may become, one a
 * line. It asks nobody, contacts nobody and runs no program, so hosts come from inventories that are plain files.
 *
 * @param words what was typed behind the program's name, up to the cursor.
 * @returns 0: where nothing is known, nothing is offered.
 */
export async function complete(program: Command, words: readonly string[]): Promise<number> {
  const found = await candidates(readTyped(program, words), namesIn);
  const lines = found === 'files' ? [FILES] : found;
  process.stdout.write(lines.map(line => `${line}\n`).join(''));
  return 0;
}

/** Hosts and groups of the given inventories, or else of those in the settings; none where they cannot be read so. */
async function namesIn(inventories: readonly string[]): Promise<readonly string[]> {
  try {
    const paths = inventories.length > 0 ? inventories : await inventoriesOfSettings();
    const { hosts, groups } = await loadInventory(paths, { plainOnly: true });
    return [...hosts.keys(), ...groups.keys()];
  } catch {
    return [];
  }
}

async function inventoriesOfSettings(): Promise<readonly string[]> {
  const asking = inventoryOption(new Command());
  await settle(asking);
  return asking.opts<{ inventory?: readonly string[] }>().inventory ?? [];
}
