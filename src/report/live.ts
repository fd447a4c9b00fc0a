import { Listr } from 'listr2';
import type { Aliases } from './cause.ts';
import type { Clock } from './clock.ts';
import { type FrameLook, frame, lastFrame } from './frame.ts';
import { headerLines, type RunAbout } from './header.ts';
import type { Paint } from './paint.ts';
import { follow, newProgress } from './progress.ts';
import { openRegion, type Terminal } from './region.ts';
import type { Symbols } from './symbols.ts';
import type { View } from './view.ts';

export interface LiveOptions {
  readonly about: RunAbout;
  readonly aliases: Aliases;
  readonly paint: Paint;
  readonly symbols: Symbols;
  readonly clock: Clock;
}

// A spinner turns, a second passes: nothing else has to be seen sooner. Nobody watches a long run that closely.
const REDRAW_MS = 200;
const CALM_REDRAW_MS = 1_000;
const CALM_AFTER_MS = 60_000;

/** A view for a terminal: a frame that is drawn again and again below what was there before. */
export function liveView(terminal: Terminal, options: LiveOptions): View {
  const { about, aliases, paint, symbols, clock } = options;
  const progress = newProgress(aliases);
  const region = openRegion(terminal);
  let endings: { promise: Promise<void>; resolve(): void }[] = [];
  let over: Promise<unknown> = Promise.resolve();
  const look = (): FrameLook => ({ ...sizeOf(terminal), paint, symbols });
  const startedAt = clock.now();
  let drawnAt = startedAt;
  const draw = () => {
    if (!progress.asking) {
      const now = look();
      drawnAt = clock.now();
      region.draw(frame(progress, drawnAt, now), now.columns);
    }
  };
  const drawIfDue = () => {
    const now = clock.now();
    if (now - drawnAt >= CALM_REDRAW_MS || now - startedAt < CALM_AFTER_MS) {
      draw();
    }
  };
  // After Ctrl-Z and `fg` the shell has written below the frame.
  const goOn = () => {
    region.end();
    draw();
  };
  const start = () => {
    region.above(headerLines(about, progress));
    endings = progress.plays.map(withResolvers);
    const tasks = progress.plays.map(({ name }, i) => ({ title: name, task: () => endings[i]?.promise }));
    over = new Listr(tasks, {
      concurrent: true,
      registerSignalListeners: false,
      renderer: FrameRenderer,
      rendererOptions: {
        begin() {
          draw();
          terminal.on('resize', draw);
          process.on('SIGCONT', goOn);
          return clock.every(REDRAW_MS, drawIfDue);
        },
        end() {
          terminal.off('resize', draw);
          process.off('SIGCONT', goOn);
          const now = look();
          region.draw(lastFrame(progress, clock.now(), now), now.columns);
          region.end();
        },
      },
    }).run();
  };
  return {
    report(event) {
      follow(progress, event, clock.now());
      switch (event.type) {
        case 'run-started':
          start();
          break;
        case 'question-started':
          region.clear();
          break;
        case 'play-finished':
          endings[event.play]?.resolve();
          break;
        case 'run-finished':
          for (const { resolve } of endings) {
            resolve();
          }
          break;
        default:
      }
    },
    say: line => region.above([line]),
    async finished() {
      await over;
    },
  };
}

/** What a terminal of a pty that was never given a size says is 0; then it is taken for a small one. */
function sizeOf({ columns, rows }: Terminal): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

interface Drawing {
  /** @returns what ends the redrawing. */
  begin(): () => void;
  end(): void;
}

/**
 * listr2's own renderer writes to stdout, holds everybody's output back while it draws, asks stdout alone for its width,
 * and redraws at every event. This one leaves all that to the frame.
 */
class FrameRenderer {
  static nonTTY = true;
  static rendererOptions: Drawing;
  static rendererTaskOptions: Record<never, never> = {};
  readonly #drawing: Drawing;
  #stop = () => {};

  constructor(_tasks: unknown, drawing: Drawing) {
    this.#drawing = drawing;
  }

  render(): void {
    this.#stop = this.#drawing.begin();
  }

  end(): void {
    this.#stop();
    this.#drawing.end();
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}
