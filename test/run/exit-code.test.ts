import test from 'ava';
import type { Outcome } from '../../src/core/outcome.ts';
import { exitCode } from '../../src/run/exit-code.ts';

const cases: readonly (readonly [
  string,
  readonly Outcome[],
  { readonly stopped?: string; readonly interrupted?: boolean },
  number,
])[] = [
  ['nothing differs', ['ok'], {}, 0],
  ['no host at all', [], {}, 0],
  ['hosts were changed', ['ok', 'changed'], {}, 0],
  ['drift', ['ok', 'drifted'], {}, 3],
  ['an unreachable host hides drift: not every host was seen', ['drifted', 'unreachable'], {}, 4],
  ['a failed host comes before an unreachable one', ['unreachable', 'failed'], {}, 1],
  ['the budget stopped the run', ['unreachable', 'skipped'], { stopped: '1 of 1' }, 1],
  ['interrupted comes before all', ['failed', 'cancelled'], { stopped: '1 of 2', interrupted: true }, 130],
];

for (const [title, outcomes, { stopped = null, interrupted = false }, expected] of cases) {
  test(`${title}: ${expected}`, t => {
    const hosts = new Map(
      outcomes.map((outcome, i) => [`kvm-${i}`, { outcome, changes: [], error: null, notes: [], ms: 0 }]),
    );
    t.is(exitCode({ command: 'check', hosts, stopped, interrupted }), expected);
  });
}
