import { InvalidArgumentError } from 'commander';
import type { Outcome } from '../../core/outcome.ts';

/** The outcomes of hosts that a run can be done again for. */
const RERUN_OUTCOMES = [
  'failed',
  'unreachable',
  'skipped',
  'cancelled',
] as const satisfies readonly Outcome[];

export const LAST = 'last';

/** What `--rerun` names. */
export interface RerunWords {
  readonly outcomes: readonly Outcome[];
  /** An id, its beginning, or `last`. */
  readonly run: string;
}

/** Reads `failed,unreachable[:RUN]`; undefined for what is none. */
export function readRerun(text: string): RerunWords | undefined {
  const [, words = '', run = LAST] = /^([^:]*)(?::(.+))?$/.exec(text) ?? [];
  const outcomes = words.split(',').map(word => RERUN_OUTCOMES.find(outcome => outcome === word.trim()));
  return outcomes.every(outcome => outcome !== undefined) ? { outcomes, run } : undefined;
}

/** The same for the parser of the command line, which keeps the text. */
export function rerunOption(text: string): string {
  if (readRerun(text) === undefined) {
    throw new InvalidArgumentError(
      `It must be ${RERUN_OUTCOMES.join(', ')}, several with commas, and may end in :RUN.`,
    );
  }
  return text;
}
