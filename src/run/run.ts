import pLimit from 'p-limit';
import type { Phase, Reporter } from '../core/event.ts';
import { type Failure, HostError } from '../core/failure.ts';
import type { Host } from '../core/host.ts';
import type { HostResult, RunResult } from '../core/host-result.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Session } from '../remote/session.ts';
import type { BoundResource } from '../resources/bound.ts';
import { workOnHost } from './host.ts';
import { mergeResults } from './merge.ts';
import { type SessionPool, sessionPool } from './sessions.ts';

/** A play whose hosts are known and whose resources are tied to what is wanted of them. */
export interface RunPlay {
  readonly name: string;
  readonly hosts: readonly Host[];
  readonly become: boolean;
  /** More failed and unreachable hosts than this share of the play's hosts, in percent, and no later play is started. */
  readonly maxFailPercentage: number;
  /** What is wanted of one of its hosts, in the order in which a host is changed. */
  resourcesOf(host: Host): readonly BoundResource[];
}

export interface RunRequest {
  readonly command: string;
  readonly apply: boolean;
  readonly plays: readonly RunPlay[];
  /** How many hosts are worked on at once. */
  readonly forks: number;
  /** Who runs this, for another one who finds a host locked. */
  readonly holder: string;
}

export interface RunPorts {
  /** @throws {HostError} where the host cannot be reached. */
  connect(host: Host): Promise<Session>;
  readonly report: Reporter;
  readonly interrupt: Interrupt;
}

/** The user's wish to end early, in two stages. */
export interface Interrupt {
  /** Aborted at the first: hosts in flight finish, no further one is started. */
  readonly stop: AbortSignal;
  /** Aborted at the second: connections are closed. */
  readonly abort: AbortSignal;
}

/**
 * Works through the plays in the order written. Every host ends in a named outcome, and no host's trouble ends the
 * work on another.
 */
export async function run(request: RunRequest, ports: RunPorts): Promise<RunResult> {
  const { command, plays, forks } = request;
  const { report, interrupt } = ports;
  const pool = sessionPool(plays, ports.connect);
  const limit = pLimit(forks);
  const results = new Map<string, HostResult>();
  let stopped: string | null = null;
  report({
    type: 'run-started',
    command,
    plays: plays.map(play => ({ name: play.name, hosts: play.hosts.map(host => host.name) })),
    forks,
  });
  for (const [index, play] of plays.entries()) {
    report({ type: 'play-started', play: index });
    const stoppedBefore: string | null = stopped;
    const played = await Promise.all(
      play.hosts.map(host =>
        limit(async () => {
          const result =
            notStarted(interrupt.stop, stoppedBefore, results.get(host.name)) ??
            (await workOn(host, play, request, pool, interrupt.abort, phase =>
              report({ type: 'host-phase', play: index, host: host.name, ...phase }),
            ));
          pool.release(host, index);
          report({ type: 'host-finished', play: index, host: host.name, result });
          return result;
        }),
      ),
    );
    for (const [i, result] of played.entries()) {
      const name = play.hosts[i]?.name ?? '';
      results.set(name, mergeResults(results.get(name), result));
    }
    // What fails in the last play stops nothing any more; a check changes nothing, so it sees every host.
    if (request.apply && stopped === null && index < plays.length - 1) {
      stopped = budgetExceeded(play, played);
    }
    report({ type: 'play-finished', play: index, stopped });
  }
  const result = { command, hosts: results, stopped, interrupted: interrupt.stop.aborted };
  report({ type: 'run-finished', result });
  return result;
}

type PhaseReport = (phase: { phase: Phase; step?: string }) => void;

async function workOn(
  host: Host,
  play: RunPlay,
  { apply, holder }: RunRequest,
  pool: SessionPool,
  abort: AbortSignal,
  report: PhaseReport,
): Promise<HostResult> {
  const start = performance.now();
  const ms = () => Math.round(performance.now() - start);
  try {
    report({ phase: 'connecting' });
    const session = await pool.get(host);
    const work = {
      resources: play.resourcesOf(host),
      become: host.become ?? play.become,
      apply,
      holder,
      abort,
    };
    const worked = await workOnHost(session, work, (phase, step) =>
      report(step === undefined ? { phase } : { phase, step }),
    );
    return { ...worked, ms: ms() };
  } catch (error) {
    if (abort.aborted) {
      return { ...idle('cancelled', 'interrupted', 'Interrupted while it was worked on'), ms: ms() };
    }
    const { outcome, failure } = error instanceof HostError ? error : unforeseen(error);
    return { outcome, changes: [], error: failure, notes: [], ms: ms() };
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
function notStarted(
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

function idle(outcome: Outcome, kind: string, message: string): HostResult {
  const error: Failure = {
    kind,
    message,
    step: 'start',
    command: null,
    exitCode: null,
    stderr: null,
    hint: null,
  };
  return { outcome, changes: [], error, notes: [], ms: 0 };
}

/** Why no later play may start; null while the play is within its failure budget. Unreachable hosts count. */
function budgetExceeded(play: RunPlay, results: readonly HostResult[]): string | null {
  const bad = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'unreachable').length;
  if (results.length === 0 || (100 * bad) / results.length <= play.maxFailPercentage) {
    return null;
  }
  return `${bad} of ${results.length} hosts of "${play.name}" failed or were unreachable, more than max_fail_percentage: ${play.maxFailPercentage} allows`;
}
