import type { Host } from '../../core/host.ts';
import type { Problem } from '../../core/input-error.ts';

const MOST_GROUPS = 5;

/**
 * A warning for hosts that the inventory has under more than one name: the same address, port and way there. Two names
 * that only a name server or ssh_config leads to one machine are not found.
 *
 * @param hosts of all plays; one that is in several counts once.
 */
export function sameHostWarnings(hosts: readonly Host[]): readonly Problem[] {
  const namesOf = new Map<string, Set<string>>();
  for (const host of hosts) {
    const key = machineOf(host);
    namesOf.set(key, (namesOf.get(key) ?? new Set()).add(host.name));
  }
  const shared = [...namesOf.values()].filter(names => names.size > 1);
  if (shared.length === 0) {
    return [];
  }
  const groups = shared.slice(0, MOST_GROUPS).map(names => listed([...names]));
  const more = shared.length > MOST_GROUPS ? `; and ${shared.length - MOST_GROUPS} more hosts` : '';
  return [
    {
      message: `${shared.length === 1 ? 'One host has' : `${shared.length} hosts have`} several names in the inventory: ${groups.join('; ')}${more}`,
      hint: 'Such a host is worked on once a name, one change after the other, and each name counts in batches and budgets: leave one in.',
    },
  ];
}

function machineOf({ connection, address, port, jump }: Host): string {
  return connection === 'local' ? 'local' : JSON.stringify([address.toLowerCase(), port ?? 22, jump]);
}

/** `a, b and c`. */
function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
