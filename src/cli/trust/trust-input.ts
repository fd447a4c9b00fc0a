import type { Host } from '../../core/host.ts';
import { InputError } from '../../core/input-error.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { readLimit } from '../../inventory/limit.ts';
import { localDefaults } from '../../inventory/local-defaults.ts';
import { openHosts } from '../../inventory/open-vaulted.ts';
import { matchHosts } from '../../inventory/patterns.ts';
import type { KnownHosts, KnownTarget } from '../../remote/host-keys/known-hosts.ts';
import { cannotWrite } from '../../remote/host-keys/known-hosts-write.ts';
import type { FleetOptions } from '../options/options.ts';
import { allOrProblems } from '../plays/gather-problems.ts';

export interface TrustOptions extends FleetOptions {
  /** A file: only keys with these fingerprints are recorded. */
  readonly fingerprints?: string;
}

/** @throws {InputError} where there is nobody to ask, and no option that answers. */
export function refuseWithoutConsent({ yes, fingerprints, json }: TrustOptions): void {
  const canAsk = !json && process.stdin.isTTY && process.stderr.isTTY;
  if (!yes && fingerprints === undefined && !canAsk) {
    throw new InputError([
      {
        message: 'trust asks before it records keys, and nobody can answer here',
        hint: 'Give --fingerprints FILE to record only the keys that stand in it, or --yes to record whatever the hosts show; or run it on a terminal without --json.',
      },
    ]);
  }
}

/** @throws {InputError} for every file that new keys could not be recorded in. */
export async function refuseUnwritable(
  targets: readonly KnownTarget[],
  knownHosts: KnownHosts,
): Promise<void> {
  const files = new Set(
    (await Promise.all(targets.map(target => knownHosts.lookup(target)))).map(({ file }) => file),
  );
  const problems = await Promise.all(
    [...files].map(async file => {
      const reason = await cannotWrite(file);
      return reason === undefined ? [] : [{ place: { file }, message: `cannot be written: ${reason}` }];
    }),
  );
  if (problems.flat().length > 0) {
    throw new InputError(problems.flat());
  }
}

/**
 * The hosts of the patterns, all of the inventory without one, as far as `--limit` leaves them.
 *
 * @throws {InputError} for a pattern that matches nothing, and where no host is left.
 */
export async function selectHosts(
  inventory: Inventory,
  patterns: readonly string[],
  options: TrustOptions,
): Promise<readonly Host[]> {
  const { limit } = options;
  const [limited, matched] = await allOrProblems([
    limitedTo(inventory, limit),
    allOrProblems(
      (patterns.length === 0 ? ['all'] : patterns).map(async pattern => matchHosts(inventory, pattern)),
    ),
  ]);
  const selected = [...new Set(matched.flat())].filter(name => limited?.includes(name) ?? true);
  if (selected.length === 0) {
    throw new InputError([{ message: `--limit ${limit} leaves no host` }]);
  }
  const hosts = await openHosts(inventory, selected, localDefaults(options));
  const overSsh = hosts.filter(({ connection }) => connection !== 'local');
  if (overSsh.length === 0) {
    throw new InputError([
      { message: 'These hosts are this machine itself (ansible_connection=local): they have no host keys' },
    ]);
  }
  return overSsh;
}

async function limitedTo(
  inventory: Inventory,
  limit: string | undefined,
): Promise<readonly string[] | undefined> {
  return limit === undefined ? undefined : matchHosts(inventory, await readLimit(limit));
}
