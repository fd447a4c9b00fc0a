import type { Phase } from '../core/event.ts';
import { HostError } from '../core/failure.ts';
import type { FailureKind } from '../core/failure-kinds.ts';
import type { Host } from '../core/host.ts';
import type { HostResult } from '../core/host-result.ts';
import type { Outcome } from '../core/outcome.ts';
import { type HostWork, type OnPhase, type Worked, workOnHost } from './host.ts';
import type { SessionPool } from './sessions.ts';

/**
 * Reaches a host and does a play's work on it. Every end is a result: no host's trouble is the end of the run.
 *
 * @param workOf what the play wants of this host; an error in it is this host's alone.
 */
export async function workOn(
  host: Host,
  workOf: () => HostWork,
  abort: AbortSignal,
  pool: SessionPool,
  report: (phase: Phase, step?: string) => void,
): Promise<HostResult> {
  const start = performance.now();
  const ms = () => Math.round(performance.now() - start);
  try {
    return { ...(await reachAndWork(host, workOf(), pool, report)), ms: ms() };
  } catch (error) {
    if (abort.aborted) {
      return { ...idle('cancelled', 'interrupted', 'Interrupted while it was worked on'), ms: ms() };
    }
    const { outcome, failure } = error instanceof HostError ? error : unforeseen(error);
    return { outcome, changes: [], error: failure, notes: [], ms: ms() };
  }
}

async function reachAndWork(host: Host, work: HostWork, pool: SessionPool, report: OnPhase): Promise<Worked> {
  report('connecting');
  const { session, hasWaited } = await pool.get(host);
  try {
    return await workOnHost(session, work, report);
  } catch (error) {
    // What is thrown was thrown before any change: a host that hung up while it waited gets a second connection.
    if (!hasWaited || !(error instanceof HostError) || error.failure.kind !== 'connection-lost') {
      throw error;
    }
    pool.drop(host);
    report('connecting');
    return workOnHost((await pool.get(host)).session, work, report);
  }
}

function unforeseen(error: unknown): HostError {
  return new HostError('failed', {
    kind: 'internal',
    step: 'run',
    message: `An error of hookfleet itself: ${error instanceof Error ? error.message : String(error)}`,
    stderr: error instanceof Error ? (error.stack ?? null) : null,
    hint: 'Please report it, with this text.',
  });
}

/** Why a host is not started in a play; undefined where nothing speaks against it. */
export function notStarted(
  signal: AbortSignal,
  stopped: string | null,
  earlier: HostResult | undefined,
): HostResult | undefined {
  if (signal.aborted) {
    return idle('cancelled', 'interrupted', 'Interrupted before it was started');
  }
  if (stopped !== null) {
    return idle('skipped', 'stopped', stopped);
  }
  if (earlier && ['failed', 'unreachable'].includes(earlier.outcome)) {
    return idle('skipped', 'stopped', 'It did not come through an earlier play');
  }
  return undefined;
}

/** The result of a host on which nothing was done. */
export function idle(outcome: Outcome, kind: FailureKind, message: string): HostResult {
  const { failure } = new HostError('failed', { kind, message, step: 'start' });
  return { outcome, changes: [], error: failure, notes: [], ms: 0 };
}
