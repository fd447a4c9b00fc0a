import type { Duplex } from 'node:stream';
import type { Attempt, Phase } from './attempt.ts';
import { connectFailure, mendsItself } from './connect-failure.ts';
import { type Connection, type ConnectionError, openConnection } from './connection.ts';
import { handshake } from './handshake.ts';
import { checkHostKey, type NewHostKey } from './host-keys/host-key-check.ts';
import type { KnownHosts } from './host-keys/known-hosts.ts';
import type { Identity } from './login/identities.ts';
import { loginWith } from './login/login.ts';
import type { Tried } from './retry.ts';
import type { ServerOffer } from './server-offer.ts';
import type { Target } from './target.ts';

/** Opens a TCP connection to a target, from here or from a jump host, and tells how far it came. */
export type Opener = (signal: AbortSignal, reached: (phase: Phase) => void) => Promise<Duplex>;

export interface TryOptions {
  readonly knownHosts: KnownHosts;
  readonly identities: readonly Identity[];
  /** Until the banner, in milliseconds. */
  readonly greetingMs: number;
  /** Until the end of the login, in milliseconds. */
  readonly leftMs: number;
  /** What an error says of `leftMs`: the limit that it is the rest of. */
  readonly allMs: number;
  readonly keepaliveMs: number;
  readonly signal: AbortSignal | undefined;
  /** What to type to trust new keys of the host; asked for where the connection has failed. */
  readonly trustCommand: () => string | undefined;
  readonly onNewHostKey: ((key: NewHostKey) => void) | undefined;
}

/** Tries once to log in on a target. */
export async function tryConnect(
  target: Target,
  open: Opener,
  options: TryOptions,
): Promise<Tried<Connection>> {
  const { knownHosts, identities, greetingMs, leftMs, allMs, keepaliveMs, signal } = options;
  const startedAt = performance.now();
  const known = await knownHosts.lookup(target);
  const hostKey = checkHostKey(target, known, knownHosts, options.onNewHostKey);
  const login = loginWith(target, identities);
  const ended = new AbortController();
  let phase: Phase = 'name';
  let timedOutAfterMs: number | undefined;
  let connection: Connection | undefined;
  let offer: ServerOffer | undefined;
  const offered = (one: ServerOffer) => {
    offer = one;
  };
  const reached = (next: Phase) => {
    phase = next;
  };
  const end = () => {
    ended.abort();
    connection?.destroy();
  };
  const expire = (ms: number) => {
    if (connection?.cause === undefined) {
      timedOutAfterMs ??= ms;
    }
    end();
  };
  const greeting = setTimeout(() => {
    if (phase !== 'handshake' && phase !== 'login') {
      expire(greetingMs);
    }
  }, greetingMs);
  const all = setTimeout(() => expire(allMs), leftMs);
  signal?.addEventListener('abort', end, { once: true });

  const failed = (cause: ConnectionError | undefined): Tried<Connection> => {
    const attempt: Attempt = {
      host: target,
      phase,
      cause,
      timedOutAfterMs,
      refused: hostKey.refused,
      known,
      trustCommand: options.trustCommand(),
      identities,
      login,
      offer,
    };
    return {
      kind: 'failed',
      mends: mendsItself(attempt),
      spentMs: performance.now() - startedAt,
      error: tries => connectFailure(attempt, tries),
    };
  };
  try {
    signal?.throwIfAborted();
    const stream = await open(ended.signal, reached);
    reached('banner');
    connection = openConnection(stream);
    const outcome = await handshake(connection, stream, {
      ...{ target, hostKey, login, keepaliveMs, reached, offered },
    });
    return outcome === 'ready' ? { kind: 'done', value: connection } : failed(outcome);
  } catch (error) {
    return failed(error as ConnectionError);
  } finally {
    clearTimeout(greeting);
    clearTimeout(all);
    signal?.removeEventListener('abort', end);
  }
}
