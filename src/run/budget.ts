import type { Batch } from '../core/event.ts';
import type { HostResult } from '../core/host-result.ts';

/** How much of a play may go wrong before nothing more is started. */
export interface Budget {
  /** Of a batch, in per cent; null: it may lose hosts as long as one of them comes through. */
  readonly maxFailPercentage: number | null;
  /** Of all hosts of the play, over its batches; null for any number. */
  readonly maxFailed: number | null;
}

/** A play as far as it has come. */
export interface Played {
  readonly name: string;
  /** How many hosts the play has in all. */
  readonly hosts: number;
  /** The batch that has just ended. */
  readonly batch: Batch;
  /** The results of all hosts of its batches so far, by name. */
  readonly results: ReadonlyMap<string, HostResult>;
}

/**
 * Why nothing more may be started, with the numbers and names; null while the play is within its budget. A host that
 * failed counts, and one that was unreachable as well. What a batch may lose is judged by `maxFailPercentage`, what the
 * play may lose by `maxFailed`. Whoever keeps to a percentage in each batch keeps to it in the play.
 */
export function overBudget(played: Played, { maxFailPercentage, maxFailed }: Budget): string | null {
  const { batch, name, results } = played;
  const badOfBatch = badOnes(batch.hosts, results);
  const badOfPlay = badOnes([...results.keys()], results);
  const where =
    batch.count === 1 ? `of "${name}"` : `of batch ${batch.index + 1} of ${batch.count} of "${name}"`;
  if (
    badOfBatch.length > 0 &&
    maxFailPercentage === null &&
    !batch.hosts.some(name => cameThrough(name, results))
  ) {
    return `${share(badOfBatch, batch.hosts.length, where)}: none came through`;
  }
  if (100 * badOfBatch.length > (maxFailPercentage ?? 100) * batch.hosts.length) {
    return `${share(badOfBatch, batch.hosts.length, where)}, more than max_fail_percentage: ${maxFailPercentage} allows`;
  }
  return maxFailed !== null && badOfPlay.length > maxFailed
    ? `${share(badOfPlay, played.hosts, `of "${name}"`)}, more than max_failed: ${maxFailed} allows`
    : null;
}

/** The hosts that count against a budget. */
export function isBad({ outcome }: HostResult): boolean {
  return outcome === 'failed' || outcome === 'unreachable';
}

/** A host that was not started, because an earlier play has lost it, has not come through either. */
function cameThrough(name: string, results: ReadonlyMap<string, HostResult>): boolean {
  return ['ok', 'changed'].includes(results.get(name)?.outcome ?? '');
}

function badOnes(names: readonly string[], results: ReadonlyMap<string, HostResult>): string[] {
  return names.filter(name => {
    const result = results.get(name);
    return result !== undefined && isBad(result);
  });
}

// More names make no sentence; the summary has them all.
const MOST_NAMES = 5;

/** `2 of 4 hosts of "Hooks" failed or were unreachable (a, b)`. */
function share(bad: readonly string[], all: number, where: string): string {
  const more = bad.length > MOST_NAMES ? ` and ${bad.length - MOST_NAMES} more` : '';
  const hosts = `host${all === 1 ? '' : 's'}`;
  const verb = bad.length === 1 ? 'was' : 'were';
  return `${bad.length} of ${all} ${hosts} ${where} failed or ${verb} unreachable (${bad.slice(0, MOST_NAMES).join(', ')}${more})`;
}
