import type { Group, InventoryHost, Layer, Variables } from './inventory.ts';

/** What group_vars/ and host_vars/ of one folder hold: of each group and host its files, in the order they are read. */
export interface VarsFolder {
  readonly groups: ReadonlyMap<string, readonly Layer[]>;
  readonly hosts: ReadonlyMap<string, readonly Layer[]>;
}

export interface VarsFolders {
  /** Beside the inventories, in the order in which these were named. */
  readonly inventory: readonly VarsFolder[];
  /** Beside the playbook. */
  readonly playbook: readonly VarsFolder[];
}

export const NO_VARS: VarsFolders = { inventory: [], playbook: [] };

/**
 * The layers of a host's groups, weakest first, as Ansible's default precedence has them: what the inventory says of all
 * groups, then group_vars/all, then group_vars/ of the other groups, folder by folder (lib/ansible/vars/manager.py).
 *
 * @param names the host's groups, weakest first.
 */
export function groupLayers(
  names: readonly string[],
  groups: ReadonlyMap<string, Group>,
  { inventory, playbook }: VarsFolders,
): Layer[] {
  const others = names.filter(name => name !== 'all');
  const inFolders = (folders: readonly VarsFolder[], wanted: readonly string[]) =>
    folders.flatMap(folder => wanted.flatMap(name => folder.groups.get(name) ?? []));
  return [
    ...['all', ...others].flatMap(name => layer(`group ${name}`, groups.get(name)?.variables)),
    ...inFolders(inventory, ['all']),
    ...inFolders(playbook, ['all']),
    ...inFolders(inventory, others),
    ...inFolders(playbook, others),
  ];
}

/** The layers of the host itself, weakest first: the inventory, then host_vars/. */
export function hostLayers(
  { name, variables }: Pick<InventoryHost, 'name' | 'variables'>,
  { inventory, playbook }: VarsFolders,
): Layer[] {
  return [
    ...layer('host', variables),
    ...[...inventory, ...playbook].flatMap(folder => folder.hosts.get(name) ?? []),
  ];
}

function layer(of: string, variables: Variables | undefined): Layer[] {
  return variables === undefined || variables.size === 0 ? [] : [{ of, variables }];
}
