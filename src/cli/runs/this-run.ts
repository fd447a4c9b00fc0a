import { randomBytes } from 'node:crypto';
import type { EngineRun } from '../../core/engine-values.ts';
import { holderOfLocks } from '../engine/holder.ts';

/** How long a lock that another hookfleet has is waited for, where the user does not say. */
export const LOCK_WAIT_SECONDS = 60;

// One process is one run.
const ID = `${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${randomBytes(2).toString('hex')}`;

/** This run, as locks and the history of an engine name it. */
export function thisRun(): EngineRun {
  return { id: ID, holder: holderOfLocks() };
}
