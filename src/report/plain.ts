import type { RunEvent } from '../core/event.ts';
import type { Aliases, Cause } from './cause.ts';
import type { Clock } from './clock.ts';
import { headerLines, type RunAbout } from './header.ts';
import type { Paint } from './paint.ts';
import { eventLines, hostLine, stateLines, troubleLine } from './plain-lines.ts';
import { follow, newProgress } from './progress.ts';
import type { View } from './view.ts';

export interface PlainOptions {
  readonly about: RunAbout;
  readonly aliases: Aliases;
  readonly paint: Paint;
  /** A line for every host. */
  readonly verbose: boolean;
  readonly clock: Clock;
}

/** How often a log is told that a run goes on, and a step that takes as long is named; in milliseconds. */
export const CALM_MS = 30_000;

/**
 * Progress as lines, for pipes and CI: plays and batches as they begin and end, trouble as it comes, and every half
 * minute how far it is. What many hosts have in common is told of the first at once, of the others together.
 */
export function plainView(write: (line: string) => void, options: PlainOptions): View {
  const { about, aliases, paint, verbose, clock } = options;
  const progress = newProgress(aliases);
  const told = new Map<Cause, number>();
  let stop = () => {};
  const tellTrouble = (isDue: (toldHosts: number) => boolean) => {
    for (const cause of verbose ? [] : progress.causes.all()) {
      const before = told.get(cause) ?? 0;
      if (cause.hosts.length > before && isDue(before)) {
        write(troubleLine(cause, cause.hosts.slice(before), paint));
        told.set(cause, cause.hosts.length);
      }
    }
  };
  const report = (event: RunEvent) => {
    const now = clock.now();
    follow(progress, event, now);
    switch (event.type) {
      case 'run-started':
        headerLines(about, progress).forEach(write);
        stop = clock.every(CALM_MS, () => {
          tellTrouble(() => true);
          if (!progress.asking) {
            stateLines(progress, clock.now(), CALM_MS).forEach(write);
          }
        });
        break;
      case 'host-finished':
        if (verbose) {
          write(hostLine(event.host, event.result, paint));
        }
        tellTrouble(before => before === 0);
        break;
      case 'batch-finished':
      case 'play-finished':
        tellTrouble(() => true);
        break;
      case 'run-finished':
        stop();
        break;
      default:
    }
    eventLines(progress, event, now, paint).forEach(write);
  };
  return { report, say: write, finished: async () => {} };
}
