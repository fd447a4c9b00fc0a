import { formatProblem, InputError, type Problem } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { explainHost, explainHostJson } from '../../inventory/explain.ts';
import { exportGraph, exportHost, exportList } from '../../inventory/export.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { InventoryOptions } from '../options/options.ts';
import { readInventory } from './read-inventory.ts';

/**
 * The command `inventory`: prints what `ansible-inventory` prints, and where values come from.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the inventory or the options.
 */
export async function showInventory(options: InventoryOptions): Promise<number> {
  const { list, host, graph, explain, json, playbookDir } = options;
  if ([list, host, graph, explain].filter(option => option !== undefined).length !== 1) {
    throw new InputError([
      { message: 'inventory wants exactly one of --list, --host NAME, --graph and --explain HOST' },
    ]);
  }
  if (json && explain === undefined) {
    throw new InputError([
      { message: '--json goes with --explain', hint: '--list and --host are JSON anyway' },
    ]);
  }
  const inventory = await readInventory(options, playbookDir);
  const output = outputOf(inventory, options);
  for (const warning of [...inventory.warnings, ...leftOut(inventory)]) {
    process.stderr.write(`warning: ${printable(formatProblem(warning))}\n`);
  }
  process.stdout.write(`${output}\n`);
  return 0;
}

function outputOf(inventory: Inventory, { host, graph, explain, json }: InventoryOptions): string {
  if (graph !== undefined) {
    return printable(exportGraph(inventory, graph === true ? 'all' : graph));
  }
  if (explain !== undefined) {
    return json ? explainHostJson(inventory, explain) : printable(explainHost(inventory, explain));
  }
  return host === undefined ? exportList(inventory) : exportHost(inventory, host);
}

/** An export opens no secrets, so what is encrypted as a whole is not in it. */
function leftOut({ hosts }: Inventory): Problem[] {
  const files = new Set(
    [...hosts.values()].flatMap(host => host.layers.flatMap(({ closed }) => closed?.file ?? [])),
  );
  return [...files].map(file => ({
    place: { file },
    message: 'The file is encrypted, and an export opens no secrets: its variables are left out',
  }));
}
