import type { Change } from '../../src/core/change.ts';
import type { RunEvent } from '../../src/core/event.ts';
import { HostError } from '../../src/core/failure.ts';
import type { Host } from '../../src/core/host.ts';
import type { Section } from '../../src/core/section.ts';
import { sh } from '../../src/core/sh.ts';
import type { Session } from '../../src/remote/script/session.ts';
import { type BoundResource, bind } from '../../src/resources/bound.ts';
import type { Resource } from '../../src/resources/resource.ts';
import type { RunPlay, RunPorts } from '../../src/run/run.ts';

/** A host that is nothing but a word, `good` where it is as wanted, and what goes wrong on it. */
export interface FakeHost {
  state: string;
  unreachable?: boolean;
  /** The changing script's step fails with this exit code. */
  stepExit?: number;
  /** The change does not take. */
  stubborn?: boolean;
  /** The connection is lost in the change, after the step or before it. */
  lost?: 'before' | 'after';
  /** Another one holds the host's lock. */
  locked?: boolean;
  /** What the step tells that it made. */
  tells?: readonly string[];
  /** Who had its lock last. */
  lastHolder?: string | undefined;
  /** Another one who mends it between the probe and the change. */
  changedBy?: string;
  /** Others change it all the time. */
  alwaysStale?: boolean;
  /** The version of VDSM that it has. */
  vdsm?: string;
  /** The scripts do not run as root. */
  notRoot?: boolean;
  /** Something is there that should not be. */
  extra?: boolean;
  /** Its state is nothing that a change could mend. */
  blocked?: boolean;
  /** How the play's own verification ends there; 0 unless given. */
  verifyExit?: number;
  /** The connection is lost in it. */
  lostInVerify?: boolean;
}

const CHANGE: Change = { resource: 'word', id: 'word', action: 'set', before: 'bad', after: 'good' };

const EXTRA: Change = { resource: 'word', id: 'extra', action: 'unmanaged', before: 'there', after: null };

/** A resource whose state is the word that the host prints. */
const word: Resource<string, string> = {
  kind: 'word',
  probe: () => sh`probe`,
  read: reply => reply.stdout,
  diff(wanted, found) {
    const extra = found.endsWith('+');
    const state = found.replace('+', '');
    const blocked =
      state === 'blocked'
        ? [{ change: CHANGE, message: 'it is blocked', hint: 'unblock it' }]
        : state === 'dangerous'
          ? [{ change: EXTRA, message: 'it is dangerous', hint: 'accept it', refusesHost: true as const }]
          : [];
    return {
      changes: state === wanted || state === 'blocked' ? [] : [CHANGE],
      blocked,
      unmanaged: extra ? [EXTRA] : [],
      notes: [],
    };
  },
  apply: changes => [
    {
      title: 'set the word',
      script: sh`apply`,
      timeoutSeconds: 7,
      changes,
      made: ({ stdout }) =>
        stdout === '' ? changes : JSON.parse(stdout).map((after: string) => ({ ...CHANGE, after })),
      explain: ({ exitCode }) =>
        exitCode === 28 ? { message: 'the disk is full', hint: 'free some' } : undefined,
    },
  ],
};

export const wordResource: BoundResource = bind(word, 'good');

/** An `apply` as any other; its plays are missing. */
export const REQUEST = {
  command: 'apply',
  apply: true,
  forks: 10,
  holder: 'ann@admin',
  runId: 'r1',
  lockWaitSeconds: 60,
};

/** A fleet of such hosts, and what the run did with it. */
export function fakeFleet(fleet: Record<string, FakeHost>) {
  const connections: string[] = [];
  const execs: string[] = [];
  const open = new Set<string>();
  const stopped: string[] = [];
  const events: RunEvent[] = [];
  const stop = new AbortController();
  const abort = new AbortController();
  const ports: RunPorts = {
    report: event => events.push(event),
    interrupt: { stop: stop.signal, abort: abort.signal },
    async connect(host) {
      connections.push(host.name);
      if (fleet[host.name]?.unreachable) {
        throw new HostError('unreachable', {
          kind: 'refused',
          step: 'connect',
          message: 'Connection refused',
        });
      }
      open.add(host.name);
      return {
        ...session(host.name, fleet[host.name] ?? { state: 'good' }, execs),
        close: () => open.delete(host.name),
        stop: async () => {
          stopped.push(host.name);
        },
      };
    },
  };
  const hosts = Object.keys(fleet).map(host);
  const play = (overrides: Partial<RunPlay> = {}): RunPlay => ({
    name: 'words',
    hosts,
    become: false,
    serial: [],
    budget: { maxFailPercentage: 0, maxFailed: null },
    pauseMs: 0,
    confirm: false,
    resourcesOf: () => [wordResource],
    ...overrides,
  });
  return { ports, play, connections, execs, open, stopped, events, stop, abort };
}

export function host(name: string): Host {
  return { name, address: name, port: 22, user: 'root' };
}

function session(name: string, fake: FakeHost, execs: string[]): Pick<Session, 'run'> {
  return {
    async run(fragments, options) {
      // The first fragment asks who runs it, or takes the host's lock.
      const text = fragments.at(-1)?.text ?? '';
      execs.push(`${name} ${text}`);
      if (text === 'probe') {
        const state = `${fake.blocked ? 'blocked' : fake.state}${fake.extra ? '+' : ''}`;
        return [
          section(fake.notRoot ? '1000\n' : '0\n'),
          section(`${fake.lastHolder ?? ''}\n`),
          section(`P\tvdsm\t0:${fake.vdsm ?? '4.50.6-1.el9'}\n`),
          section(state),
        ];
      }
      if (text.startsWith('sh -c ')) {
        if (fake.lostInVerify) {
          throw lost();
        }
        return [section('', fake.verifyExit)];
      }
      const stale = !fragments[0]?.text.includes(fake.changedBy ?? fake.lastHolder ?? '');
      fake.lastHolder = fake.changedBy ?? fake.lastHolder;
      fake.state = stale && fake.changedBy ? 'good' : fake.state;
      const lock = section('holder\nsince\n', fake.locked ? 75 : stale || fake.alwaysStale ? 76 : 0);
      options.onSection?.(0, lock);
      if (lock.exitCode !== 0) {
        return [lock];
      }
      if (fake.lost === 'before') {
        throw lost();
      }
      const reply = section(fake.tells ? JSON.stringify(fake.tells) : '', fake.stepExit ?? 0);
      fake.state = fake.stubborn || fake.stepExit ? fake.state : 'good';
      options.onSection?.(1, reply);
      if (fake.lost === 'after') {
        throw lost();
      }
      return [lock, reply];
    },
  };
}

function section(stdout: string, exitCode = 0): Section {
  return { stdout, stderr: exitCode === 0 ? '' : 'it broke', exitCode };
}

function lost(): HostError {
  return new HostError('failed', {
    kind: 'connection-lost',
    step: 'run',
    message: 'The connection was lost',
  });
}
