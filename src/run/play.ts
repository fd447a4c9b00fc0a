import type { LimitFunction } from 'p-limit';
import type { Batch } from '../core/event.ts';
import type { Host } from '../core/host.ts';
import type { HostResult } from '../core/host-result.ts';
import { batchesOf } from './batches.ts';
import { besides } from './besides.ts';
import { overBudget } from './budget.ts';
import { pause } from './pause.ts';
import type { RunPlay, RunPorts, RunRequest } from './run.ts';
import type { SessionPool } from './sessions.ts';
import { notStarted, workOn } from './work.ts';

/** What a play shares with the rest of its run. */
export interface PlayContext {
  readonly request: RunRequest;
  readonly ports: RunPorts;
  readonly pool: SessionPool;
  readonly limit: LimitFunction;
  /** How the hosts came out of earlier plays. */
  readonly earlier: ReadonlyMap<string, HostResult>;
  /** Why this play may start no host, where an earlier one has decided so. */
  readonly stopped: string | null;
}

/** How a play has ended. */
export interface PlayResult {
  /** By name, in the order of the play's hosts. */
  readonly results: ReadonlyMap<string, HostResult>;
  /** Why nothing more may be started. */
  readonly stopped: string | null;
}

/**
 * Works through a play, batch by batch. All hosts of a batch are tried; the next batch begins once every one of them has
 * ended, and the play is within its budget. A check changes nothing, so it sees all hosts at once.
 *
 * @param index the play's place in the run.
 */
export async function runPlay(index: number, context: PlayContext): Promise<PlayResult> {
  const { request, ports } = context;
  const { report, interrupt } = ports;
  const play = playAt(request, index);
  const isLastPlay = index === request.plays.length - 1;
  const results = new Map<string, HostResult>();
  const batches = batchesOf(play.hosts, request.apply ? play.serial : []);
  let { stopped } = context;
  for (const [number, hosts] of batches.entries()) {
    const batch = { index: number, count: batches.length, hosts: hosts.map(({ name }) => name) };
    const begins = stopped === null && !interrupt.stop.aborted;
    if (begins) {
      report({ type: 'batch-started', play: index, batch });
    }
    const ended = await Promise.all(hosts.map(host => onTurn(host, index, stopped, context)));
    for (const [i, result] of ended.entries()) {
      results.set(batch.hosts[i] ?? '', result);
    }
    if (!begins) {
      continue;
    }
    report({ type: 'batch-finished', play: index, batch });
    const isLast = number === batches.length - 1;
    // What fails at the very end stops nothing any more.
    if (request.apply && !(isLast && isLastPlay)) {
      stopped = overBudget({ name: play.name, hosts: play.hosts.length, batch, results }, play.budget);
    }
    if (stopped === null && !isLast) {
      stopped = await beforeNext({ index, play, batch, results, ports });
    }
  }
  return { results, stopped };
}

function playAt({ plays }: RunRequest, index: number): RunPlay {
  const play = plays[index];
  if (play === undefined) {
    throw new RangeError(`There is no play ${index}`);
  }
  return play;
}

/** Does the play's work on a host as soon as a fork is free, unless something speaks against it by then. */
function onTurn(
  host: Host,
  index: number,
  stopped: string | null,
  context: PlayContext,
): Promise<HostResult> {
  const { request, ports, pool, limit, earlier } = context;
  const { report, interrupt } = ports;
  const play = playAt(request, index);
  return limit(async () => {
    const hindered = notStarted(interrupt.stop, stopped, earlier.get(host.name));
    const workOf = () => ({
      resources: play.resourcesOf(host),
      become: host.become ?? play.become,
      apply: request.apply,
      holder: request.holder,
      runId: request.runId,
      lockWaitSeconds: request.lockWaitSeconds,
      limits: request.limits,
      shown: request.shown,
      verify: play.verify,
      abort: interrupt.abort,
    });
    const work = () =>
      workOn(host, workOf, interrupt.abort, pool, (phase, step) =>
        report({
          type: 'host-phase',
          play: index,
          host: host.name,
          phase,
          ...(step === undefined ? {} : { step }),
        }),
      );
    const result = hindered ?? (await besides(play, host, interrupt.abort, work));
    pool.release(host, index);
    report({ type: 'host-finished', play: index, host: host.name, result });
    return result;
  });
}

interface Ended {
  readonly index: number;
  readonly play: RunPlay;
  readonly batch: Batch;
  readonly results: ReadonlyMap<string, HostResult>;
  readonly ports: RunPorts;
}

/** Lets time pass and asks, as the play wants it; the answer no is a reason to stop. */
async function beforeNext({ index, play, batch, results, ports }: Ended): Promise<string | null> {
  const { report, interrupt, confirm } = ports;
  const wasIdle = batch.hosts.every(name => results.get(name)?.outcome === 'ok');
  if (play.pauseMs > 0 && !wasIdle && !interrupt.stop.aborted) {
    report({ type: 'pause-started', play: index, until: Date.now() + play.pauseMs });
    await pause(play.pauseMs, interrupt.stop);
    report({ type: 'pause-finished', play: index });
  }
  if (!play.confirm || batch.index > 0 || confirm === undefined || interrupt.stop.aborted) {
    return null;
  }
  report({ type: 'question-started', play: index });
  const yes = await confirm({ play: play.name, hosts: play.hosts.length, results });
  report({ type: 'question-finished', play: index });
  return yes || interrupt.stop.aborted ? null : `The answer after the first batch of "${play.name}" was no`;
}
