import type { HostResult } from '../core/host-result.ts';
import { worstOutcome } from '../core/outcome.ts';

/** One entry a host over all plays: changes in the order made, the worst outcome, the first error. */
export function mergeResults(earlier: HostResult | undefined, later: HostResult): HostResult {
  if (!earlier) {
    return later;
  }
  const facts = later.facts ?? earlier.facts;
  const engine = later.engine ?? earlier.engine;
  const engineBefore = earlier.engineBefore ?? later.engineBefore;
  return {
    outcome: worstOutcome([earlier.outcome, later.outcome]),
    changes: [...earlier.changes, ...later.changes],
    error: earlier.error ?? later.error,
    notes: [...new Set([...earlier.notes, ...later.notes])],
    ...(engineBefore === undefined ? {} : { engineBefore }),
    ...(engine === undefined ? {} : { engine }),
    ...(facts === undefined ? {} : { facts }),
    ms: earlier.ms + later.ms,
  };
}
