import type { Command } from 'commander';
import { inventoryOption } from '../options/command-options.ts';
import type { InventoryOptions } from '../options/options.ts';

/** The command `inventory`. */
export function addInventory(command: Command, done: (exitCode: number) => void): void {
  inventoryOption(command)
    .description('show what was understood of an inventory, as ansible-inventory prints it')
    .option('--list', 'all groups, hosts and variables, as JSON')
    .option('--host <name>', 'the variables of one host, as JSON')
    .option('--graph [group]', 'the groups and hosts, as a tree')
    .option('--explain <host>', 'where each variable of a host comes from, and what it overrides')
    .option('--json', 'with --explain: as JSON')
    .option('--playbook-dir <folder>', 'read group_vars/ and host_vars/ beside a playbook too')
    .action(async (options: InventoryOptions) => {
      const { showInventory } = await import('./inventory.ts');
      done(await showInventory(options));
    });
}
