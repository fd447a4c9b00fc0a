import type { Host } from '../core/host.ts';
import { InputError } from '../core/input-error.ts';
import { toHosts } from '../inventory/connection.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { localDefaults } from '../inventory/local-defaults.ts';
import { limitHosts, matchHosts } from '../inventory/patterns.ts';
import type { Play, Playbook } from '../playbook/play.ts';
import type { RunPlay } from '../run/run.ts';
import { allOrProblems } from './gather-problems.ts';
import type { FleetOptions } from './options.ts';
import { type PrepareOptions, preparePlay } from './prepare-play.ts';

/** What of a playbook is run. */
export interface Selection {
  readonly plays: readonly RunPlay[];
  /** The names of the plays that `--limit` leaves without a host. */
  readonly leftOut: readonly string[];
  /** Some play removes what nobody names any more: that takes a run over all of its hosts. */
  readonly needsWhole: boolean;
}

/**
 * The plays of a playbook with their hosts, as far as `--limit` leaves them any, and with everything that they name.
 *
 * @throws {InputError} with every pattern that matches nothing, every connection variable that cannot be used and
 * everything that is wrong with a file that a play names.
 */
export async function selectPlays(
  playbook: Playbook,
  inventory: Inventory,
  options: FleetOptions,
  prepare: PrepareOptions,
): Promise<Selection> {
  const selected = await allOrProblems(
    playbook.plays.map(async (play): Promise<RunPlay> => {
      const [hosts, resources] = await allOrProblems([
        selectHosts(play, inventory, options),
        preparePlay(play, playbook, prepare),
      ]);
      return {
        name: play.name,
        hosts,
        become: play.become || (options.become ?? false),
        maxFailPercentage: play.maxFailPercentage,
        resources,
      };
    }),
  );
  const plays = selected.filter(({ hosts }) => hosts.length > 0);
  if (plays.length === 0) {
    throw new InputError([
      {
        message: `--limit ${options.limit} leaves no host in any play of ${playbook.file}`,
        hint: `Its plays are for: ${playbook.plays.map(play => play.hosts.pattern).join(' · ')}`,
      },
    ]);
  }
  return {
    plays,
    leftOut: selected.filter(({ hosts }) => hosts.length === 0).map(({ name }) => name),
    needsWhole: playbook.plays.some(
      play => play.unmanaged === 'remove' || play.vdsmHooks.some(hook => hook.source !== undefined),
    ),
  };
}

async function selectHosts(
  { hosts: { pattern, place } }: Play,
  inventory: Inventory,
  options: FleetOptions,
): Promise<readonly Host[]> {
  const names =
    options.limit === undefined
      ? matchHosts(inventory, pattern, place)
      : limitHosts(inventory, pattern, options.limit, place);
  return toHosts(inventory, names, localDefaults(options));
}
