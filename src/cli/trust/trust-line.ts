import { groupHosts, type Inventory } from '../../inventory/inventory.ts';
import { commandLine } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';

/** What says which hosts there are and how they are reached: `trust` takes it as every command does. */
const SHARED = [
  'inventory',
  'vaultPasswordFile',
  'vaultId',
  'askVaultPass',
  'engineUser',
  'enginePasswordFile',
  'engineCa',
  'user',
  'privateKey',
  'knownHosts',
  'jump',
  'sshConfig',
  'sshAlgorithms',
  'timeout',
  'askPass',
  'connectionPasswordFile',
  'keyPassphraseFile',
] as const satisfies readonly (keyof FleetOptions)[];

type Shared = Pick<FleetOptions, (typeof SHARED)[number]>;

/** The exact `hookfleet trust …` to type for hosts of the inventory, quoted for the shell. */
export function trustLine(inventory: Inventory, names: readonly string[], options: Shared): string {
  const shared = Object.fromEntries(
    SHARED.flatMap(name => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  return commandLine(
    { name: 'trust', words: shortPattern(inventory, names) },
    { inventory: options.inventory, ...shared },
  );
}

/** No pattern for all hosts, a group that has exactly these, or their names. */
function shortPattern(inventory: Inventory, names: readonly string[]): readonly string[] {
  const wanted = new Set(names);
  const isExactly = (hosts: readonly string[]) =>
    hosts.length === wanted.size && hosts.every(host => wanted.has(host));
  if (isExactly([...inventory.hosts.keys()])) {
    return [];
  }
  const group = [...inventory.groups.keys()].find(
    name => wanted.size > 1 && !inventory.hosts.has(name) && isExactly(groupHosts(inventory, name)),
  );
  return [group ?? names.join(',')];
}
