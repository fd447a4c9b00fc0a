import pLimit from 'p-limit';
import type { Reporter } from '../core/event.ts';
import type { Host } from '../core/host.ts';
import type { HostResult, RunResult } from '../core/host-result.ts';
import type { ScriptLimits } from '../core/script-limits.ts';
import type { BoundResource } from '../resources/bound.ts';
import type { BatchSize } from './batches.ts';
import type { Budget } from './budget.ts';
import { mergeResults } from './merge.ts';
import { runPlay } from './play.ts';
import { type Connect, sessionPool } from './sessions.ts';
import type { Shown } from './shown.ts';
import type { VerifyCommand } from './verify-command.ts';

/** A play whose hosts are known and whose resources are tied to what is wanted of them. */
export interface RunPlay {
  readonly name: string;
  /** In the order in which they come into its batches. */
  readonly hosts: readonly Host[];
  readonly become: boolean;
  /** The sizes of its batches; none for one batch of all hosts. */
  readonly serial: readonly BatchSize[];
  readonly budget: Budget;
  readonly verify?: VerifyCommand;
  /** How long to wait after a batch in which something happened, in milliseconds. */
  readonly pauseMs: number;
  /** Whether somebody must say yes after the first batch. */
  readonly confirm: boolean;
  /**
   * Why a host is left out of this play, asked before it is reached; null where nothing speaks against it.
   * @throws {HostError} where that cannot be told: then the host is not touched.
   */
  leavesOut?(host: Host): Promise<string | null>;
  /** What somebody else knows of a host, asked while it is worked on, for its notes. */
  remarksOn?(host: Host): Promise<readonly string[]>;
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
  /** Unique; begins with the time of its start. */
  readonly runId: string;
  /** How long a host's or an engine's lock that another one has is waited for. */
  readonly lockWaitSeconds: number;
  /** How long a host may take for a script; the program's own limits unless given. */
  readonly limits?: ScriptLimits;
  /** What the user has seen and agreed to; without it everything that is due is done. */
  readonly shown?: Shown;
}

export interface RunPorts {
  /** @throws {HostError} where the host cannot be reached. The signal's reason, once it is aborted. */
  readonly connect: Connect;
  readonly report: Reporter;
  readonly interrupt: Interrupt;
  /** Asks whether to go on after a play's first batch; without it nobody is asked. An interrupt ends the question. */
  readonly confirm?: (ended: FirstBatch) => Promise<boolean>;
}

/** What a person decides on before the other hosts of a play follow. */
export interface FirstBatch {
  readonly play: string;
  /** How many hosts the play has in all. */
  readonly hosts: number;
  readonly results: ReadonlyMap<string, HostResult>;
}

/** The user's wish to end early, in two stages. */
export interface Interrupt {
  /** Aborted at the first: hosts in flight finish, no further one is started. */
  readonly stop: AbortSignal;
  /** Aborted at the second: what runs on the hosts is ended, and connections are closed. */
  readonly abort: AbortSignal;
}

/**
 * Works through the plays in the order written. Every host ends in a named outcome, and no host's trouble ends the
 * work on another.
 */
export async function run(request: RunRequest, ports: RunPorts): Promise<RunResult> {
  const { command, plays, forks } = request;
  const { report, interrupt, connect } = ports;
  const pool = sessionPool(plays, connect, forks);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping = pool.stop();
  };
  interrupt.abort.addEventListener('abort', stop, { once: true });
  const limit = pLimit(forks);
  const results = new Map<string, HostResult>();
  let stopped: string | null = null;
  report({
    type: 'run-started',
    command,
    plays: plays.map(play => ({ name: play.name, hosts: play.hosts.map(host => host.name) })),
    forks,
  });
  const soFar = () => ({ command, hosts: results, stopped, interrupted: interrupt.stop.aborted });
  try {
    for (const index of plays.keys()) {
      report({ type: 'play-started', play: index });
      const played = await runPlay(index, { request, ports, pool, limit, earlier: results, stopped });
      for (const [name, result] of played.results) {
        results.set(name, mergeResults(results.get(name), result));
      }
      stopped = played.stopped;
      report({ type: 'play-finished', play: index, stopped });
    }
  } catch (error) {
    // No host's trouble comes here: whoever listens or asks has failed, and nothing may hang on open connections.
    await pool.stop();
    throw error;
  } finally {
    interrupt.abort.removeEventListener('abort', stop);
    await stopping;
    report({ type: 'run-finished', result: soFar() });
  }
  return soFar();
}
