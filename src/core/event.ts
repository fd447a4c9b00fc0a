import type { HostResult, RunResult } from './host-result.ts';

export type Phase = 'connecting' | 'probing' | 'changing' | 'verifying';

/** What a run tells while it goes on; reporters listen, and decide nothing. */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly command: string;
      readonly plays: readonly { readonly name: string; readonly hosts: readonly string[] }[];
      readonly forks: number;
    }
  | { readonly type: 'play-started'; readonly play: number }
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
  | { readonly type: 'play-finished'; readonly play: number; readonly stopped: string | null }
  | { readonly type: 'run-finished'; readonly result: RunResult };

export type Reporter = (event: RunEvent) => void;
