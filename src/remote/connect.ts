import type { Host } from '../core/host.ts';
import { openReach, type Reach, type ReachOptions } from './reach.ts';
import { sshExecutor } from './script/exec.ts';
import { openSession, type Session } from './script/session.ts';
import { plainTarget, type Target } from './target.ts';

export interface ConnectOptions extends ReachOptions {
  /** How long after a script's own time limit a host that has not ended it is given up, in milliseconds; 15 s by default. */
  readonly graceMs?: number;
  /** How long the login shell may take until it runs something, and then sudo, in milliseconds; 45 s by default, longer than three keepalives: a frozen link is not the shell's fault. */
  readonly shellMs?: number;
  /** Ends what is not connected yet; stops what is (see {@link Session.stop}). */
  readonly signal?: AbortSignal;
}

/** How a host is found, and the ways to all hosts of a run. */
export interface Ways {
  readonly reach: Reach;
  resolve(host: Host): Promise<Target>;
}

/**
 * Logs in on a host, once where it cannot be helped by trying again. Its key must be on record; there is no prompt and
 * no silent trust.
 *
 * @param ways without them the host is what the inventory says of it, and no connection is shared with others.
 * @throws {HostError} of outcome `unreachable`, kinds `name`, `refused`, `timeout`, `network`, `handshake`,
 * `host-key-unknown`, `host-key-changed`, `host-key-revoked`, `authentication`, `jump-host`, `ssh-config`. The signal's
 * reason, once it is aborted.
 */
export async function connect(
  host: Host,
  options: ConnectOptions,
  ways: Ways = { reach: openReach(options), resolve: async one => plainTarget(one) },
): Promise<Session> {
  const { signal, graceMs = 15_000, shellMs = 45_000 } = options;
  signal?.throwIfAborted();
  const target = await ways.resolve(host);
  const connection = await ways.reach.logIn(target, signal);
  return openSession(sshExecutor(connection), target, { graceMs, shellMs, signal });
}
