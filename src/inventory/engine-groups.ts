import type { Place, Problem } from '../core/input-error.ts';

/** The groups of some objects of an engine: by their ids. */
export interface EngineGroups {
  readonly names: ReadonlyMap<string, string>;
  readonly warnings: readonly Problem[];
}

/** A name as Ansible makes it safe for a group (lib/ansible/inventory/group.py, to_safe_group_name); the kind before it begins with a letter. */
function safe(kind: string, name: string): string {
  return `${kind}_${name.replaceAll(/[^\p{L}\p{N}_]/gu, '_')}`;
}

/**
 * Groups for objects of one kind. Where several names would become one group they get a part of their ids behind them: nobody shall
 * reach two clusters where one was meant.
 */
export function engineGroups(
  kind: 'cluster' | 'data_center',
  objects: readonly { readonly id: string; readonly name: string }[],
  place: Place,
): EngineGroups {
  const names = new Map<string, string>();
  const warnings: Problem[] = [];
  for (const group of new Set(objects.map(({ name }) => safe(kind, name)))) {
    const same = objects.filter(({ name }) => safe(kind, name) === group);
    for (const { id } of same) {
      const part = id.slice(0, 8).replaceAll(/[^A-Za-z0-9]/g, '_');
      names.set(id, same.length === 1 ? group : `${group}_${part}`);
    }
    if (same.length > 1) {
      const each = same.map(({ id, name }) => `"${name}" is ${names.get(id)}`);
      warnings.push({
        place,
        message: `there is no group ${group}, because ${same.length} names would become it: ${each.join(', ')}`,
        hint: 'Rename one of them in the engine, or use the longer names',
      });
    }
  }
  return { names, warnings };
}

/** What playbooks and limits are likely to leave out or to name, whether or not a host is in it just now (api-model: types/HostStatus.java). */
export const KNOWN_STATES: readonly string[] = [
  'up',
  'maintenance',
  'preparing_for_maintenance',
  'installing',
  'reboot',
  'non_operational',
  'non_responsive',
];

export function statusGroup(status: string): string {
  return safe('status', status);
}
