import type { Place, Problem } from '../core/input-error.ts';
import type { PythonValue } from './python-value.ts';
import type { Vault } from './vault.ts';

/** A variable as written in an inventory, and where. */
export interface Variable {
  readonly name: string;
  /** Its value for hookfleet: always text, so the version `1.10` stays `1.10`; the quotes of a quoted string are gone. */
  readonly text: string;
  /** Of an INI file: the value before Ansible's typing, for the export alone. */
  readonly source: string;
  /** Of YAML and JSON: the value with its type, for the export; it goes before the source. */
  readonly value?: PythonValue;
  readonly place: Place;
  /** It was encrypted: it is never shown. */
  readonly secret?: true;
  /** What the same owner said earlier, in the same file or in another inventory. */
  readonly overrode?: Variable;
}

export type Variables = ReadonlyMap<string, Variable>;

/** A group with its own members; `all` and `ungrouped` are always there. */
export interface Group {
  readonly name: string;
  /** The hosts that stand in the group itself, in inventory order. */
  readonly hosts: readonly string[];
  /** The groups directly below it. */
  readonly children: readonly string[];
  /** Those of the inventory itself, without group_vars/. */
  readonly variables: Variables;
  /** The longest way down from `all`; a deeper group is stronger. */
  readonly depth: number;
  /** `ansible_group_priority`, by default 1: decides between groups of the same depth. */
  readonly priority: number;
}

/** A host as the inventory has it; how to reach it is worked out by `toHosts`. */
export interface InventoryHost {
  readonly name: string;
  /** Every group that it is in, also by way of children: weakest first, so `all` first. */
  readonly groups: readonly string[];
  /** Its own variables in the inventory itself, those of its groups and of host_vars/ left out. */
  readonly variables: Variables;
  /** All variables that hold for it, weakest first: a later layer overrides an earlier one. */
  readonly layers: readonly Layer[];
}

/** The variables of one owner in the inventory itself, or in one file of group_vars/ or host_vars/. */
export interface Layer {
  /** Whose they are: `host`, or `group web`. */
  readonly of: string;
  readonly variables: Variables;
  /** The file that they are in is encrypted, and not opened: the variables are empty. */
  readonly closed?: ClosedFile;
}

export interface ClosedFile {
  readonly file: string;
  readonly ciphertext: string;
}

/** Everything that the inventory files say. Maps, because a host or a group may well be called `constructor`. */
export interface Inventory {
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  readonly groups: ReadonlyMap<string, Group>;
  /** Nothing that stops a run, but most likely not what was meant. */
  readonly warnings: readonly Problem[];
  /** What opens encrypted values, where the user said how. */
  readonly vault?: Vault;
}

/**
 * The names of the hosts in a group and in all groups below it, in the order in which Ansible lists them: the
 * group's own, then those of its children, then those of theirs (lib/ansible/inventory/group.py).
 */
export function groupHosts(inventory: Inventory, groupName: string): string[] {
  const groups = new Set([groupName]);
  const hosts = new Set<string>();
  for (const name of groups) {
    const group = inventory.groups.get(name);
    for (const host of group?.hosts ?? []) {
      hosts.add(host);
    }
    for (const child of group?.children ?? []) {
      groups.add(child);
    }
  }
  return [...hosts];
}

/** The variables that hold for a host: those of its groups, overridden by deeper groups, overridden by its own. */
export function hostVariables(inventory: Inventory, hostName: string): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const layer of inventory.hosts.get(hostName)?.layers ?? []) {
    for (const [name, variable] of layer.variables) {
      variables.set(name, variable);
    }
  }
  return variables;
}

/** One variable of a host, found without gathering them all. */
export function hostVariable(
  inventory: Inventory,
  hostName: string,
  variableName: string,
): Variable | undefined {
  return inventory.hosts
    .get(hostName)
    ?.layers.findLast(({ variables }) => variables.has(variableName))
    ?.variables.get(variableName);
}
