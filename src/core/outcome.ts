/** How a host ended, the worst first. One entry a host over all plays of a run: the worst counts. */
export const OUTCOMES = [
  'failed',
  'unreachable',
  'cancelled',
  'skipped',
  'drifted',
  'changed',
  'ok',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** The outcome that counts when a host had several. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  return OUTCOMES.find(outcome => outcomes.includes(outcome)) ?? 'ok';
}
