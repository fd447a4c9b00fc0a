import type { Change } from './change.ts';
import type { EngineBefore, EngineValues } from './engine-values.ts';
import type { HostFacts } from './facts.ts';
import type { Failure } from './failure.ts';
import type { Outcome } from './outcome.ts';

/** How a host ended: one entry a host over all plays. */
export interface HostResult {
  readonly outcome: Outcome;
  /** In `check` what differs, in `apply` what was changed, in the order made. */
  readonly changes: readonly Change[];
  /** What went wrong, or why it was not started. */
  readonly error: Failure | null;
  /** Worth knowing, but no drift. */
  readonly notes: readonly string[];
  /** Of an engine whose properties were changed: what they were before the first write. */
  readonly engineBefore?: EngineBefore;
  /** Of an engine whose properties were looked at: what they were at the last look. */
  readonly engine?: EngineValues;
  /** Missing where it was not probed. */
  readonly facts?: HostFacts;
  /** Wall time spent on it, in milliseconds. */
  readonly ms: number;
}

/** All of a run. */
export interface RunResult {
  readonly command: string;
  readonly hosts: ReadonlyMap<string, HostResult>;
  /** Why later plays were not started, where that was so. */
  readonly stopped: string | null;
  readonly interrupted: boolean;
}
