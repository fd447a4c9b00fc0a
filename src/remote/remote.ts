import type { Duplex } from 'node:stream';
import type { Host } from '../core/host.ts';
import type { Phase } from './attempt.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { openReach } from './reach.ts';
import { type ResolveOptions, targetResolver } from './resolve-target.ts';
import { openLocalSession } from './script/local-session.ts';
import type { Session } from './script/session.ts';
import type { Target } from './target.ts';

/** All hosts of a run, as the user's ssh would reach them, or this machine itself. */
export interface Remote {
  /**
   * Where and how exactly a host is reached. Nothing is connected for it.
   *
   * @throws {HostError} of outcome `unreachable`, kind `ssh-config` or `jump-host`.
   */
  resolve(host: Host): Promise<Target>;
  /** Logs in on a host; see {@link connect} for what it throws. The signal is the host's own. */
  connect(host: Host, signal?: AbortSignal): Promise<Session>;
  /** Opens a TCP connection to a target, through its jump hosts, and without a login on it; see `Reach.open`. */
  open(target: Target, ended: AbortSignal, reached: (phase: Phase) => void): Promise<Duplex>;
  /** Ends the connections to jump hosts, and so every session through them. */
  close(): void;
}

export interface RemoteOptions extends Omit<ConnectOptions, 'signal'>, ResolveOptions {}

/** Opens nothing yet: connections to jump hosts are made with the first host behind them, and kept until `close`. */
export function openRemote(options: RemoteOptions): Remote {
  const reach = openReach(options);
  const resolve = targetResolver(options);
  return {
    resolve,
    connect: async (host, signal) =>
      host.connection === 'local'
        ? openLocalSession(host, { signal })
        : connect(host, { ...options, ...(signal === undefined ? {} : { signal }) }, { reach, resolve }),
    open: reach.open,
    close: () => reach.close(),
  };
}
