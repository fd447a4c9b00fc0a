import test from 'ava';
import type { HostResult } from '../../src/core/host-result.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { type Budget, overBudget } from '../../src/run/budget.ts';

const result = (outcome: Outcome): HostResult => ({ outcome, changes: [], error: null, notes: [], ms: 1 });

/** A play of so many hosts; each word is a batch, each letter of it a host: o ok, f failed, u unreachable, s skipped. */
function judge(words: readonly string[], hosts: number, budget: Partial<Budget>, count = 9): string | null {
  const outcomes: Record<string, Outcome> = { o: 'ok', f: 'failed', u: 'unreachable', s: 'skipped' };
  const named = words.map((word, i) =>
    [...word].map((letter, k) => [`h${i}${k}`, result(outcomes[letter] ?? 'ok')] as const),
  );
  return overBudget(
    {
      name: 'Hooks',
      hosts,
      batch: {
        index: words.length - 1,
        count,
        hosts: (named.at(-1) ?? []).map(([name]) => name),
      },
      results: new Map(named.flat()),
    },
    { maxFailPercentage: 0, maxFailed: null, ...budget },
  );
}

test('at 0 per cent one bad host is too many, and the reason has numbers and names', t => {
  t.is(judge(['oooo'], 20, {}), null);
  t.is(
    judge(['o', 'ofou'], 20, {}),
    '2 of 4 hosts of batch 2 of 9 of "Hooks" failed or were unreachable (h11, h13), more than max_fail_percentage: 0 allows',
  );
  t.is(
    judge(['u'], 20, {}, 1),
    '1 of 1 host of "Hooks" failed or was unreachable (h00), more than max_fail_percentage: 0 allows',
  );
});

test('an unreachable host counts as a failed one does; one that was left out does not', t => {
  t.not(judge(['ouoo'], 20, { maxFailPercentage: 24 }), null);
  t.is(judge(['osoo'], 20, {}), null);
});

test('a percentage is of the batch: as much as it says is allowed, more is not', t => {
  t.is(judge(['fooo'], 20, { maxFailPercentage: 25 }), null);
  t.not(judge(['ffoo'], 20, { maxFailPercentage: 25 }), null);
  t.not(judge(['f'], 20, { maxFailPercentage: 25 }), null, 'a canary is a batch as well');
});

test('what earlier batches lost does not count for the percentage of this one', t => {
  t.is(judge(['fooo', 'fooo', 'oooo'], 20, { maxFailPercentage: 25 }), null);
});

test('100 per cent stops nothing, not even a batch that was lost whole', t => {
  t.is(judge(['ffuu'], 20, { maxFailPercentage: 100 }), null);
});

test('max_failed counts over all batches of the play', t => {
  const budget = { maxFailPercentage: null, maxFailed: 2 };
  t.is(judge(['fo', 'uo'], 20, budget), null);
  t.is(
    judge(['fo', 'uo', 'ofoo'], 20, budget),
    '3 of 20 hosts of "Hooks" failed or were unreachable (h00, h10, h21), more than max_failed: 2 allows',
  );
  t.not(judge(['f'], 20, { maxFailPercentage: 100, maxFailed: 0 }), null);
});

test('with max_failed alone a batch of which no host came through stops as well: a bad canary', t => {
  t.is(
    judge(['f'], 20, { maxFailPercentage: null, maxFailed: 5 }),
    '1 of 1 host of batch 1 of 9 of "Hooks" failed or was unreachable (h00): none came through',
  );
  t.regex(judge(['sf'], 20, { maxFailPercentage: null, maxFailed: 5 }) ?? '', /none came through/);
  t.is(judge(['sfo'], 20, { maxFailPercentage: null, maxFailed: 5 }), null);
});

test('both limits hold where both are given', t => {
  const budget = { maxFailPercentage: 50, maxFailed: 1 };
  t.is(judge(['fo'], 20, budget), null);
  t.regex(judge(['fo', 'fo'], 20, budget) ?? '', /max_failed: 1/);
  t.regex(judge(['ff'], 20, budget) ?? '', /max_fail_percentage: 50/);
});

test('many names are cut short', t => {
  t.regex(judge(['fffffff'], 20, {}) ?? '', /\(h00, h01, h02, h03, h04 and 2 more\)/);
});
