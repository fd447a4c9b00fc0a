import type { Batch, Phase, RunEvent } from '../core/event.ts';
import type { HostResult } from '../core/host-result.ts';
import type { Outcome } from '../core/outcome.ts';
import { type Aliases, type Causes, gatherCauses } from './cause.ts';

/** How far a play or a batch is. Times in milliseconds since 1970. */
export interface Tally {
  readonly hosts: number;
  finished: number;
  readonly counts: Map<Outcome, number>;
  /** Of the hosts that were worked on, the time that they took together, and how many they were. */
  workedMs: number;
  worked: number;
  startedAt: number | null;
  endedAt: number | null;
}

export interface PlayProgress extends Tally {
  readonly name: string;
  /** Those that were started, in that order; none for a play in one part. */
  readonly batches: BatchProgress[];
}

export interface BatchProgress extends Tally {
  readonly batch: Batch;
  readonly members: ReadonlySet<string>;
}

/** A host that is worked on. */
export interface BusyHost {
  readonly host: string;
  readonly startedAt: number;
  readonly phase: Phase;
  readonly step: string;
  readonly stepSince: number;
}

/** All that the views know of a run; {@link follow} keeps it. */
export interface Progress {
  command: string;
  forks: number;
  /** How many hosts there are over all plays. */
  hosts: number;
  plays: readonly PlayProgress[];
  /** The play that was started last. */
  current: PlayProgress | null;
  readonly busy: Map<string, BusyHost>;
  readonly causes: Causes;
  /** When the pause between two batches ends. */
  pausedUntil: number | null;
  /** The user is being asked, and nothing else may be on the terminal. */
  asking: boolean;
}

export function newProgress(aliases: Aliases): Progress {
  return {
    command: '',
    forks: 1,
    hosts: 0,
    plays: [],
    current: null,
    busy: new Map(),
    causes: gatherCauses(aliases),
    pausedUntil: null,
    asking: false,
  };
}

/** Takes one event of the run into account. */
export function follow(progress: Progress, event: RunEvent, now: number): void {
  if (event.type === 'run-started') {
    progress.command = event.command;
    progress.forks = event.forks;
    progress.plays = event.plays.map(({ name, hosts }) => ({ ...tally(hosts.length), name, batches: [] }));
    progress.hosts = new Set(event.plays.flatMap(({ hosts }) => hosts)).size;
    return;
  }
  const play = 'play' in event ? progress.plays[event.play] : undefined;
  if (play) {
    followPlay(progress, play, event, now);
  }
}

function followPlay(progress: Progress, play: PlayProgress, event: RunEvent, now: number): void {
  switch (event.type) {
    case 'play-started':
      play.startedAt = now;
      progress.current = play;
      break;
    case 'batch-started':
      if (event.batch.count > 1) {
        const { batch } = event;
        const members = new Set(batch.hosts);
        play.batches.push({ ...tally(batch.hosts.length), batch, members, startedAt: now });
      }
      break;
    case 'host-phase': {
      const step = event.step ?? event.phase;
      const known = progress.busy.get(event.host);
      progress.busy.set(event.host, {
        host: event.host,
        startedAt: known?.startedAt ?? now,
        phase: event.phase,
        step,
        stepSince: known?.step === step ? known.stepSince : now,
      });
      break;
    }
    case 'host-finished': {
      const { host, result } = event;
      const wasBusy = progress.busy.delete(host);
      count(play, result, wasBusy);
      const batch = play.batches.at(-1);
      if (batch?.members.has(host)) {
        count(batch, result, wasBusy);
      }
      if (isTrouble(result.outcome) && result.error) {
        progress.causes.add(host, result.outcome, result.error);
      }
      break;
    }
    case 'batch-finished': {
      const batch = play.batches.find(({ batch: { index } }) => index === event.batch.index);
      if (batch) {
        batch.endedAt = now;
      }
      break;
    }
    case 'pause-started':
      progress.pausedUntil = event.until;
      break;
    case 'pause-finished':
      progress.pausedUntil = null;
      break;
    case 'question-started':
      progress.asking = true;
      break;
    case 'question-finished':
      progress.asking = false;
      break;
    case 'play-finished':
      play.endedAt = now;
      break;
    default:
  }
}

/** Trouble of the host's own; a host that was left out on account of others has none. */
export function isTrouble(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'unreachable';
}

function tally(hosts: number): Tally {
  return { hosts, finished: 0, counts: new Map(), workedMs: 0, worked: 0, startedAt: null, endedAt: null };
}

function count(to: Tally, { outcome, ms }: HostResult, wasBusy: boolean): void {
  to.finished += 1;
  to.counts.set(outcome, (to.counts.get(outcome) ?? 0) + 1);
  if (wasBusy) {
    to.worked += 1;
    to.workedMs += ms;
  }
}
