import type { RunResult } from '../core/host-result.ts';

/** Nothing was contacted: usage or input error. */
export const EXIT_INPUT = 2;

export const EXIT_INTERRUPTED = 130;

/**
 * The exit code of a run, the first that applies: 130 interrupted, 1 a host failed or the failure budget stopped the
 * run, 4 a host unreachable, 3 drift, 0. So 3 promises that every host was seen.
 */
export function exitCode({ hosts, interrupted, stopped }: RunResult): number {
  const outcomes = new Set([...hosts.values()].map(host => host.outcome));
  if (interrupted) {
    return EXIT_INTERRUPTED;
  }
  if (outcomes.has('failed') || stopped !== null) {
    return 1;
  }
  if (outcomes.has('unreachable')) {
    return 4;
  }
  return outcomes.has('drifted') ? 3 : 0;
}
