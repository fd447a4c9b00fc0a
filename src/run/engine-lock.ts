import type { EngineRun } from '../core/engine-values.ts';
import type { Sh } from '../core/sh.ts';
import type { BoundResource } from '../resources/bound.ts';
import { engineLockStep, releaseLock } from '../resources/engine/engine-lock.ts';
import type { Step } from '../resources/resource.ts';

/** How a run keeps others away from an engine while it changes it. */
export interface EngineLock {
  /** Stands before all other steps, under the lock of the host. */
  readonly take: Step;
  /** Run after the verification, and where the change has failed. */
  readonly giveBack: Sh;
}

/**
 * The lock that a host needs besides its own: one script holds the host's, while this one lasts over all that a run does
 * to an engine, the verification too. Undefined for a host that is no engine.
 */
export function engineLockFor(
  resources: readonly BoundResource[],
  run: EngineRun,
  waitSeconds: number,
): EngineLock | undefined {
  return resources.some(({ kind }) => kind === 'engine-properties')
    ? { take: engineLockStep(run, waitSeconds), giveBack: releaseLock(run.id) }
    : undefined;
}
