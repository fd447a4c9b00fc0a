import type { Failure } from '../core/failure.ts';
import { HostError } from '../core/failure.ts';
import type { Settled } from '../resources/bound.ts';
import type { HostWork, OnPhase, Worked } from './host.ts';
import type { HostPlan } from './host-plan.ts';
import { interruptedAt } from './troubles.ts';

/**
 * Lets the parts of a plan see to what belongs to them elsewhere than on the host. In a check that is always done, in an
 * apply only on a host that is as it should be.
 *
 * @param plan of the last look at the host.
 */
export async function settle(
  worked: Worked,
  plan: HostPlan,
  work: HostWork,
  onPhase: OnPhase,
): Promise<Worked> {
  let result = worked;
  for (const part of plan.parts) {
    if (part.settle === undefined || (result.error !== null && work.apply)) {
      continue;
    }
    onPhase('verifying');
    let step = 'verify';
    const tell = (told: string) => {
      step = told;
      onPhase('verifying', told);
    };
    try {
      result = withSettled(result, await part.settle(worked.changes, tell), work.apply);
    } catch (error) {
      if (work.abort.aborted) {
        return { ...result, outcome: 'cancelled', error: interruptedAt(step) };
      }
      if (!(error instanceof HostError)) {
        throw error;
      }
      // The host itself was reached, whatever was not.
      result = withSettled(result, { changes: [], notes: [], error: error.failure }, work.apply);
    }
  }
  return result;
}

function withSettled(worked: Worked, settled: Settled, apply: boolean): Worked {
  const changes = [...worked.changes, ...settled.changes];
  const error: Failure | null = worked.error ?? settled.error;
  const differs = apply ? 'changed' : 'drifted';
  return {
    ...worked,
    outcome: error !== null ? 'failed' : changes.length > 0 ? differs : worked.outcome,
    changes,
    error,
    notes: [...new Set([...worked.notes, ...settled.notes])],
  };
}
