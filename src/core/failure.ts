import type { FailureKind } from './failure-kinds.ts';
import type { Outcome } from './outcome.ts';

/**
 * What went wrong on a host. The same shape in every report and in `--json`; text in it that came from a host is as
 * the host sent it, and is escaped only where it is printed.
 */
export interface Failure {
  /** A stable word for scripts: `host-key-unknown`, `authentication`, `become`, `probe`, `apply`, `verify` … */
  readonly kind: FailureKind;
  /** One sentence on what happened. */
  readonly message: string;
  /** The step of the run: `connect`, `become`, `probe`, or a change's own title. */
  readonly step: string;
  /** The command that failed on the host, where there was one. */
  readonly command: string | null;
  readonly exitCode: number | null;
  /** The last lines that the command wrote to stderr. */
  readonly stderr: string | null;
  /** What to do about it. */
  readonly hint: string | null;
}

/** Ends the work on one host; the others go on. `unreachable` before there was a shell, `failed` after it. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly outcome: Extract<Outcome, 'failed' | 'unreachable'>;
  readonly failure: Failure;

  constructor(
    outcome: Extract<Outcome, 'failed' | 'unreachable'>,
    failure: Pick<Failure, 'kind' | 'message' | 'step'> & Partial<Failure>,
  ) {
    super(failure.message);
    this.outcome = outcome;
    this.failure = { command: null, exitCode: null, stderr: null, hint: null, ...failure };
  }
}
