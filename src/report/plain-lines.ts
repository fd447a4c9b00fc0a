import type { RunEvent } from '../core/event.ts';
import type { HostResult } from '../core/host-result.ts';
import { printable } from '../core/printable.ts';
import type { Cause } from './cause.ts';
import { duration, roughDuration, wholeDuration } from './duration.ts';
import { stragglers, timeLeft } from './estimate.ts';
import type { Paint } from './paint.ts';
import type { Progress, Tally } from './progress.ts';
import { causeText, count, hostsText, outcomeCounts } from './words.ts';

const MOST_STRAGGLERS = 3;

/** What is told of an event; nothing of a host's. */
export function eventLines(progress: Progress, event: RunEvent, now: number, paint: Paint): string[] {
  const play = 'play' in event ? progress.plays[event.play] : undefined;
  switch (event.type) {
    case 'play-started':
      return [`${paint.bold(printable(play?.name ?? ''))}: ${count(play?.hosts ?? 0, 'host')}`];
    case 'batch-started': {
      const { index, count: batches, hosts } = event.batch;
      return batches === 1 ? [] : [`  batch ${index + 1} of ${batches}: ${numbered(hosts)}`];
    }
    case 'batch-finished': {
      const { index, count: batches } = event.batch;
      const batch = play?.batches.find(one => one.batch.index === index);
      return batch === undefined
        ? []
        : [`  batch ${index + 1} of ${batches} ended: ${tallyText(batch, now, paint)}`];
    }
    case 'pause-started':
      return [`  next batch in ${wholeDuration(event.until - now)}`];
    case 'play-finished':
      return play === undefined ? [] : [`  ended: ${tallyText(play, now, paint)}`];
    default:
      return [];
  }
}

/** How far the run is, and which hosts have been at one step for at least `slowMs`. */
export function stateLines(progress: Progress, now: number, slowMs: number): string[] {
  const { current } = progress;
  if (current === null || current.endedAt !== null || progress.pausedUntil !== null) {
    return [];
  }
  const left = timeLeft(progress, current, now);
  const facts = [
    ...outcomeCounts(current.counts).map(({ text }) => text),
    wholeDuration(now - (current.startedAt ?? now)),
    ...(left === null ? [] : [`${roughDuration(left)} left`]),
  ];
  const slow = stragglers(progress.busy.values(), now, slowMs);
  return [
    `  ${current.finished} of ${current.hosts}: ${facts.join(', ')}`,
    ...slow
      .slice(0, MOST_STRAGGLERS)
      .map(
        ({ hosts, step, ms }) =>
          `  still running: ${numbered(hosts)}, ${printable(step)}, ${wholeDuration(ms)}`,
      ),
  ];
}

/** Trouble that these hosts have in common. */
export function troubleLine(cause: Cause, hosts: readonly string[], paint: Paint): string {
  return `  ${paint.outcome(cause.outcome, cause.outcome)} ${numbered(hosts)}: ${causeText(cause)}`;
}

/** How one host ended. */
export function hostLine(host: string, { outcome, error, changes, ms }: HostResult, paint: Paint): string {
  const why = error
    ? `: ${printable(error.message.split('\n')[0] ?? '')}`
    : changes.length === 0
      ? ''
      : `: ${count(changes.length, 'change')}`;
  return `  ${paint.outcome(outcome, outcome)} ${printable(host)}${why} ${paint.dim(`${ms} ms`)}`;
}

function tallyText(tally: Tally, now: number, paint: Paint): string {
  const counts = outcomeCounts(tally.counts).map(({ outcome, text }) => paint.outcome(outcome, text));
  const took = duration((tally.endedAt ?? now) - (tally.startedAt ?? now));
  return [...counts, ...(tally.worked === 0 ? [] : [took])].join(', ');
}

/** `kvm-01`, `kvm[01-12] (12 hosts)`. */
function numbered(hosts: readonly string[]): string {
  return `${hostsText(hosts)}${hosts.length === 1 ? '' : ` (${count(hosts.length, 'host')})`}`;
}
