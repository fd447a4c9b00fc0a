import { formatProblem, InputError } from '../core/input-error.ts';
import { printable } from '../core/printable.ts';
import { exportGraph, exportHost, exportList } from '../inventory/export.ts';
import { loadInventory } from '../inventory/load.ts';
import type { InventoryOptions } from './options.ts';

/**
 * The command `inventory`: prints what `ansible-inventory` prints.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the inventory or the options.
 */
export async function showInventory({
  inventory: files,
  list,
  host,
  graph,
}: InventoryOptions): Promise<number> {
  if ([list, host, graph].filter(option => option !== undefined).length !== 1) {
    throw new InputError([{ message: 'inventory wants exactly one of --list, --host NAME and --graph' }]);
  }
  const inventory = await loadInventory(files);
  for (const warning of inventory.warnings) {
    process.stderr.write(`warning: ${printable(formatProblem(warning))}\n`);
  }
  process.stdout.write(
    `${host === undefined ? (list ? exportList(inventory) : printable(exportGraph(inventory))) : exportHost(inventory, host)}\n`,
  );
  return 0;
}
