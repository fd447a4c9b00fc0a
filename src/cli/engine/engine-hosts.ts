import { formatProblem, InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { localDefaults } from '../../inventory/local-defaults.ts';
import { openHosts } from '../../inventory/open-vaulted.ts';
import { matchHosts } from '../../inventory/patterns.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { AskedHosts } from '../login/ask-hosts.ts';
import type { EngineOptions } from '../options/engine-options.ts';

/**
 * Reads the inventory, and finds the engines in it.
 * @throws {InputError} for anything wrong with the inventory, and where it has no such hosts.
 */
export async function findEngines(options: EngineOptions): Promise<AskedHosts> {
  const inventory = await readInventory(options);
  if (options.engine === undefined && !inventory.groups.has('engine')) {
    throw new InputError([
      {
        message: 'The inventory has no group "engine"',
        hint: 'Name the engine host with --engine PATTERN.',
      },
    ]);
  }
  for (const warning of inventory.warnings) {
    process.stderr.write(`warning: ${printable(formatProblem(warning))}\n`);
  }
  const names = matchHosts(inventory, options.engine ?? 'engine', undefined);
  return { inventory, hosts: await openHosts(inventory, names, localDefaults(options)) };
}
