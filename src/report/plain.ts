import type { Reporter } from '../core/event.ts';
import type { HostResult } from '../core/host-result.ts';
import { printable } from '../core/printable.ts';
import type { Paint } from './paint.ts';

/** Progress as lines, for pipes and CI: a line a play, and one for each host that is not simply ok. */
export function plainReporter(write: (line: string) => void, paint: Paint, verbose: boolean): Reporter {
  let names: readonly { name: string; hosts: readonly string[] }[] = [];
  return event => {
    switch (event.type) {
      case 'run-started':
        names = event.plays;
        break;
      case 'play-started': {
        const play = names[event.play];
        write(`${paint.bold(printable(play?.name ?? ''))}: ${count(play?.hosts.length ?? 0, 'host')}`);
        break;
      }
      case 'host-finished': {
        const { outcome, ms } = event.result;
        if (verbose || outcome !== 'ok') {
          const host = `${paint.outcome(outcome, outcome)} ${printable(event.host)}`;
          write(`  ${host}${why(event.result)} ${paint.dim(`${ms} ms`)}`);
        }
        break;
      }
      default:
    }
  };
}

function why({ error, changes }: HostResult): string {
  if (error) {
    return `: ${printable(error.message.split('\n')[0] ?? '')}`;
  }
  return changes.length === 0 ? '' : `: ${count(changes.length, 'change')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
