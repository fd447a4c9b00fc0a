import type { Host } from '../core/host.ts';
import type { Session } from '../remote/script/session.ts';

/** Reaches a host; the signal, one for each call, ends the attempt. */
export type Connect = (host: Host, signal: AbortSignal) => Promise<Session>;

/** A connection to work with, and whether it has waited since an earlier play: then its host may have hung up meanwhile. */
export interface Borrowed {
  readonly session: Session;
  readonly hasWaited: boolean;
}

/** Keeps connections for later plays, as far as there is room: one connection a host and run where it can be. */
export interface SessionPool {
  /** @throws {HostError} where the host cannot be reached. */
  get(host: Host): Promise<Borrowed>;
  /** Closes the host's connection, so that the next `get` makes a new one. */
  drop(host: Host): void;
  /** Tells that the given play is done with the host. */
  release(host: Host, play: number): void;
  /** Ends what runs on the hosts and closes all connections; `get` makes no further one. */
  stop(): Promise<void>;
}

/**
 * Makes a pool for plays, given by their hosts, in the order they are run.
 *
 * @param room how many connections may wait for a later play.
 */
export function sessionPool(
  plays: readonly { readonly hosts: readonly Host[] }[],
  connect: Connect,
  room: number,
): SessionPool {
  const lastPlay = new Map(
    plays.flatMap((play, index) => play.hosts.map(host => [host.name, index] as const)),
  );
  const busy = new Map<string, Session>();
  const waiting = new Map<string, Session>();
  const attempts = new Set<AbortController>();
  let stopped = false;

  const reach = async (host: Host) => {
    const attempt = new AbortController();
    attempts.add(attempt);
    if (stopped) {
      attempt.abort();
    }
    try {
      attempt.signal.throwIfAborted();
      const session = await connect(host, attempt.signal);
      if (attempt.signal.aborted) {
        session.close();
        throw attempt.signal.reason;
      }
      return session;
    } finally {
      attempts.delete(attempt);
    }
  };
  return {
    async get(host) {
      const kept = waiting.get(host.name);
      waiting.delete(host.name);
      const session = kept ?? (await reach(host));
      busy.set(host.name, session);
      return { session, hasWaited: kept !== undefined };
    },
    drop(host) {
      busy.get(host.name)?.close();
      busy.delete(host.name);
    },
    release(host, play) {
      const session = busy.get(host.name) ?? waiting.get(host.name);
      busy.delete(host.name);
      waiting.delete(host.name);
      if (session && lastPlay.get(host.name) !== play && waiting.size < room) {
        waiting.set(host.name, session);
      } else {
        session?.close();
      }
    },
    async stop() {
      stopped = true;
      for (const attempt of attempts) {
        attempt.abort();
      }
      for (const session of waiting.values()) {
        session.close();
      }
      waiting.clear();
      await Promise.all([...busy.values()].map(session => session.stop()));
    },
  };
}
