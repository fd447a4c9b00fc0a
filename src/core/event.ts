import type { HostResult, RunResult } from './host-result.ts';

export type Phase = 'connecting' | 'probing' | 'changing' | 'verifying';

/** One of the parts in which a play goes over its hosts; a play without `serial` is one batch. */
export interface Batch {
  /** From 0. */
  readonly index: number;
  /** How many batches the play has. */
  readonly count: number;
  readonly hosts: readonly string[];
}

/** What a run tells while it goes on; reporters listen, and decide nothing. */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly command: string;
      readonly plays: readonly { readonly name: string; readonly hosts: readonly string[] }[];
      readonly forks: number;
    }
  | { readonly type: 'play-started'; readonly play: number }
  | { readonly type: 'batch-started'; readonly play: number; readonly batch: Batch }
  | {
      readonly type: 'host-phase';
      readonly play: number;
      readonly host: string;
      readonly phase: Phase;
      readonly step?: string;
    }
  | {
      readonly type: 'host-finished';
      readonly play: number;
      readonly host: string;
      readonly result: HostResult;
    }
  | { readonly type: 'batch-finished'; readonly play: number; readonly batch: Batch }
  /** Between two batches; `until` is in milliseconds since 1970. */
  | { readonly type: 'pause-started'; readonly play: number; readonly until: number }
  | { readonly type: 'pause-finished'; readonly play: number }
  /** After a play's first batch: until the answer is there, nothing else may write to the terminal. */
  | { readonly type: 'question-started'; readonly play: number }
  | { readonly type: 'question-finished'; readonly play: number }
  | { readonly type: 'play-finished'; readonly play: number; readonly stopped: string | null }
  | { readonly type: 'run-finished'; readonly result: RunResult };

export type Reporter = (event: RunEvent) => void;
