import { HostError } from '../core/failure.ts';
import type { Host } from '../core/host.ts';
import type { HostResult } from '../core/host-result.ts';
import type { RunPlay } from './run.ts';
import { idle } from './work.ts';

/** The kind of the failure of a host that was left out on purpose. */
export const LEFT_OUT = 'left-out';

/** Does the work on a host with what others than the host say of it, unless it is to be left out. */
export async function besides(
  play: Pick<RunPlay, 'leavesOut' | 'remarksOn'>,
  host: Host,
  abort: AbortSignal,
  work: () => Promise<HostResult>,
): Promise<HostResult> {
  try {
    const leftOut = (await play.leavesOut?.(host)) ?? null;
    if (leftOut !== null) {
      return idle('skipped', LEFT_OUT, leftOut);
    }
  } catch (error) {
    if (abort.aborted) {
      return idle('cancelled', 'interrupted', 'Interrupted before it was started');
    }
    if (error instanceof HostError) {
      return { outcome: 'failed', changes: [], error: error.failure, notes: [], ms: 0 };
    }
    throw error;
  }
  const [result, remarks] = await Promise.all([work(), remarksOn(play, host, abort)]);
  return remarks.length === 0 ? result : { ...result, notes: [...remarks, ...result.notes] };
}

async function remarksOn(
  play: Pick<RunPlay, 'remarksOn'>,
  host: Host,
  abort: AbortSignal,
): Promise<readonly string[]> {
  try {
    return (await play.remarksOn?.(host)) ?? [];
  } catch (error) {
    if (abort.aborted) {
      return [];
    }
    throw error;
  }
}
