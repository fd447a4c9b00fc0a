import type { Reporter } from '../core/event.ts';

/** What shows a run while it goes on. */
export interface View {
  readonly report: Reporter;
  /** Shows a line that is no event of the run, wherever the view has drawn what. */
  say(line: string): void;
  /** Settled once the view has drawn its last state and has given the terminal back. */
  finished(): Promise<void>;
}
