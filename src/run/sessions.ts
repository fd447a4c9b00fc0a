import type { Host } from '../core/host.ts';
import type { Session } from '../remote/session.ts';

/** Keeps a host's connection for as long as a later play needs it: one connection a host and run. */
export interface SessionPool {
  /** @throws {HostError} where the host cannot be reached. */
  get(host: Host): Promise<Session>;
  /** Tells that the given play is done with the host. */
  release(host: Host, play: number): void;
}

/** Makes a pool for plays, given by the names of their hosts, in the order they are run. */
export function sessionPool(
  plays: readonly { readonly hosts: readonly Host[] }[],
  connect: (host: Host) => Promise<Session>,
): SessionPool {
  const lastPlay = new Map<string, number>();
  for (const [index, play] of plays.entries()) {
    for (const host of play.hosts) {
      lastPlay.set(host.name, index);
    }
  }
  const open = new Map<string, Session>();
  return {
    async get(host) {
      const session = open.get(host.name) ?? (await connect(host));
      open.set(host.name, session);
      return session;
    },
    release(host, play) {
      if (lastPlay.get(host.name) === play) {
        open.get(host.name)?.close();
        open.delete(host.name);
      }
    },
  };
}
