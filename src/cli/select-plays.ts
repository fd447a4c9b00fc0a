import { InputError, type Problem } from '../core/input-error.ts';
import { toHosts } from '../inventory/connection.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { localDefaults } from '../inventory/local-defaults.ts';
import { limitHosts, matchHosts } from '../inventory/patterns.ts';
import type { Play, Playbook } from '../playbook/play.ts';
import type { RunPlay } from '../run/run.ts';
import { bindPlay } from './bind-plays.ts';
import type { FleetOptions } from './options.ts';

/**
 * The plays of a playbook with their hosts, as far as `--limit` leaves them any.
 *
 * @returns the plays, and the names of those that the limit leaves without a host.
 * @throws {InputError} with every pattern that matches nothing and every connection variable that cannot be used.
 */
export function selectPlays(
  playbook: Playbook,
  inventory: Inventory,
  options: FleetOptions,
): { readonly plays: readonly RunPlay[]; readonly leftOut: readonly string[] } {
  const problems: Problem[] = [];
  const defaults = localDefaults(options);
  const selected = playbook.plays.map(play => {
    try {
      const hosts = toHosts(inventory, hostNames(play, inventory, options.limit), defaults);
      return bindPlay(play, hosts, options.become ?? false);
    } catch (error) {
      if (!(error instanceof InputError)) {
        throw error;
      }
      problems.push(...error.problems);
      return bindPlay(play, [], false);
    }
  });
  const plays = selected.filter(({ hosts }) => hosts.length > 0);
  if (plays.length === 0 && problems.length === 0) {
    problems.push({
      message: `--limit ${options.limit} leaves no host in any play of ${playbook.file}`,
      hint: `Its plays are for: ${playbook.plays.map(play => play.hosts.pattern).join(' · ')}`,
    });
  }
  if (problems.length > 0) {
    throw new InputError(withoutRepeats(problems));
  }
  return { plays, leftOut: selected.filter(({ hosts }) => hosts.length === 0).map(({ name }) => name) };
}

function hostNames(
  { hosts: { pattern, place } }: Play,
  inventory: Inventory,
  limit: string | undefined,
): string[] {
  return limit === undefined
    ? matchHosts(inventory, pattern, place)
    : limitHosts(inventory, pattern, limit, place);
}

/** A bad limit or a bad variable would else be told once a play. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()];
}
