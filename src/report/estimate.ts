import type { BusyHost, PlayProgress, Progress } from './progress.ts';

// Below this, an estimate is noise.
const SOONEST_MS = 3_000;

/**
 * How long a play will still take, in milliseconds: the hosts that wait, and what those in flight have still to do, at
 * the mean of those that were worked on, so many at once as the run has forks. A pause counts as far as it is known.
 *
 * @returns null while no host is done, and where next to nothing is left.
 */
export function timeLeft(progress: Progress, play: PlayProgress, now: number): number | null {
  if (play.startedAt === null || play.endedAt !== null || play.worked === 0) {
    return null;
  }
  const mean = play.workedMs / play.worked;
  const busy = [...progress.busy.values()];
  const inFlight = busy.map(({ startedAt }) => Math.max(0, mean - (now - startedAt)));
  const waiting = Math.max(0, play.hosts - play.finished - busy.length);
  const lanes = Math.min(progress.forks, Math.max(1, waiting + busy.length));
  const work = inFlight.reduce((sum, ms) => sum + ms, waiting * mean);
  const pause = progress.pausedUntil === null ? 0 : Math.max(0, progress.pausedUntil - now);
  const left = Math.max(work / lanes, ...inFlight, waiting > 0 ? mean : 0) + pause;
  return left < SOONEST_MS ? null : left;
}

/** Hosts that are at the same step for long. */
export interface Stragglers {
  readonly step: string;
  readonly hosts: readonly string[];
  /** How long the one has been there that came first, in milliseconds. */
  readonly ms: number;
}

/** Hosts that have been at one step for at least `ms`, those at the same step together, the longest first. */
export function stragglers(busy: Iterable<BusyHost>, now: number, ms: number): Stragglers[] {
  const steps = new Map<string, { hosts: string[]; ms: number }>();
  for (const { host, step, stepSince } of busy) {
    const age = now - stepSince;
    if (age >= ms) {
      const found = steps.get(step) ?? { hosts: [], ms: 0 };
      found.hosts.push(host);
      steps.set(step, { hosts: found.hosts, ms: Math.max(found.ms, age) });
    }
  }
  return [...steps].map(([step, found]) => ({ step, ...found })).sort((a, b) => b.ms - a.ms);
}
