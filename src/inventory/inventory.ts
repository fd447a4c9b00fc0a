import type { Place, Problem } from '../core/input-error.ts';

/** A variable as written in an inventory, and where. */
export interface Variable {
  readonly name: string;
  /** Its value for hookfleet: always text, so the version `1.10` stays `1.10`; the quotes of a quoted string are gone. */
  readonly text: string;
  /** The value before Ansible's typing, for the export alone. */
  readonly source: string;
  readonly place: Place;
}

/** A group with its own members; `all` and `ungrouped` are always there. */
export interface Group {
  readonly name: string;
  /** The hosts that stand in the group itself, in inventory order. */
  readonly hosts: readonly string[];
  /** The groups directly below it. */
  readonly children: readonly string[];
  readonly variables: ReadonlyMap<string, Variable>;
  /** The longest way down from `all`; a deeper group is stronger. */
  readonly depth: number;
  /** `ansible_group_priority`, by default 1: decides between groups of the same depth. */
  readonly priority: number;
}

/** A host as the inventory has it; how to reach it is worked out by `toHost`. */
export interface InventoryHost {
  readonly name: string;
  /** Every group that it is in, also by way of children: weakest first, so `all` first. */
  readonly groups: readonly string[];
  /** Its own variables, those of its groups left out. */
  readonly variables: ReadonlyMap<string, Variable>;
}

/** Everything that the inventory files say. Maps, because a host or a group may well be called `constructor`. */
export interface Inventory {
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  readonly groups: ReadonlyMap<string, Group>;
  /** Nothing that stops a run, but most likely not what was meant. */
  readonly warnings: readonly Problem[];
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
  const host = inventory.hosts.get(hostName);
  const groups = host?.groups.map(name => inventory.groups.get(name)) ?? [];
  for (const owner of [...groups, host]) {
    for (const [name, variable] of owner?.variables ?? []) {
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
  const host = inventory.hosts.get(hostName);
  const own = host?.variables.get(variableName);
  if (host === undefined || own !== undefined) {
    return own;
  }
  for (const groupName of host.groups.toReversed()) {
    const inherited = inventory.groups.get(groupName)?.variables.get(variableName);
    if (inherited !== undefined) {
      return inherited;
    }
  }
  return undefined;
}
