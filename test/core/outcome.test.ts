import test from 'ava';
import { type Outcome, worstOutcome } from '../../src/core/outcome.ts';

const worst: readonly (readonly [readonly Outcome[], Outcome])[] = [
  [[], 'ok'],
  [['ok', 'changed'], 'changed'],
  [['changed', 'drifted'], 'drifted'],
  [['drifted', 'skipped'], 'skipped'],
  [['skipped', 'cancelled'], 'cancelled'],
  [['cancelled', 'unreachable'], 'unreachable'],
  [['unreachable', 'failed', 'ok'], 'failed'],
];

for (const [outcomes, expected] of worst) {
  test(`of ${outcomes.join(', ') || 'nothing'} counts ${expected}`, t => {
    t.is(worstOutcome(outcomes), expected);
    t.is(worstOutcome(outcomes.toReversed()), expected);
  });
}
