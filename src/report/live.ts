import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Reporter } from '../core/event.ts';
import { OUTCOMES, type Outcome } from '../core/outcome.ts';
import { printable } from '../core/printable.ts';

export interface LiveView {
  readonly report: Reporter;
  /** Settled once the view has drawn its last state and has given the terminal back. */
  finished(): Promise<void>;
}

// The renderer redraws every row at every event, so a row is a play, never a host, and rests between its redraws.
const REDRAW_MS = 100;

/** A view for a terminal: one row a play, with its counters. */
export function liveView(stream: NodeJS.WriteStream): LiveView {
  let rows: PlayRow[] = [];
  let drawn: Promise<unknown> = Promise.resolve();
  return {
    report(event) {
      switch (event.type) {
        case 'run-started':
          rows = event.plays.map(play => playRow(printable(play.name), play.hosts.length));
          drawn = draw(rows, stream);
          break;
        case 'play-started':
          rows[event.play]?.start();
          break;
        case 'host-phase':
          rows[event.play]?.phase(event.host, event.step ?? event.phase);
          break;
        case 'host-finished':
          rows[event.play]?.finish(event.host, event.result.outcome);
          break;
        case 'play-finished':
          rows[event.play]?.end();
          break;
        default:
      }
    },
    async finished() {
      await drawn;
    },
  };
}

function draw(rows: readonly PlayRow[], stream: NodeJS.WriteStream): Promise<unknown> {
  const processOutput = new ProcessOutput(stream, stream);
  const tasks = rows.map(row => ({
    title: row.title(),
    task: async (_: unknown, task: { title: string }) => {
      const timer = setInterval(() => {
        task.title = row.title();
      }, REDRAW_MS);
      try {
        await row.ended;
      } finally {
        clearInterval(timer);
        task.title = row.title();
      }
      if (row.hasFailed()) {
        throw new Error(row.title());
      }
    },
  }));
  return new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    rendererOptions: {
      logger: new ListrLogger({ processOutput, useIcons: false }),
      showErrorMessage: false,
      collapseErrors: false,
      lazy: false,
    },
  }).run();
}

interface PlayRow {
  readonly ended: Promise<void>;
  start(): void;
  phase(host: string, phase: string): void;
  finish(host: string, outcome: Outcome): void;
  end(): void;
  hasFailed(): boolean;
  title(): string;
}

function playRow(name: string, hosts: number): PlayRow {
  const { promise: ended, resolve } = withResolvers();
  const outcomes: Outcome[] = [];
  const busy = new Map<string, string>();
  let startedAt: number | undefined;
  let took: number | undefined;
  return {
    ended,
    start() {
      startedAt = performance.now();
    },
    phase: (host, phase) => busy.set(host, phase),
    finish(host, outcome) {
      busy.delete(host);
      outcomes.push(outcome);
    },
    end() {
      took = performance.now() - (startedAt ?? 0);
      resolve();
    },
    hasFailed: () => outcomes.includes('failed') || outcomes.includes('unreachable'),
    title() {
      const elapsed = startedAt === undefined ? '' : `  ${seconds(took ?? performance.now() - startedAt)}`;
      const counts = OUTCOMES.toReversed()
        .map(outcome => ({ outcome, count: outcomes.filter(one => one === outcome).length }))
        .filter(({ count }) => count > 0)
        .map(({ outcome, count }) => `${count} ${outcome}`);
      const [host, phase] = [...busy][0] ?? [];
      const now = host === undefined ? '' : `  ${printable(host)}: ${printable(phase ?? '')}`;
      return `${name}  ${outcomes.length}/${hosts}${counts.length > 0 ? `  ${counts.join(', ')}` : ''}${elapsed}${now}`;
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}
