import { setMaxListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { HostError } from '../../core/failure.ts';
import { algorithmsFor } from '../algorithms.ts';
import type { Attempt, Phase } from '../attempt.ts';
import { connectFailure, mendsItself } from '../connect-failure.ts';
import { type ConnectionError, openConnection } from '../connection.ts';
import { loginWith } from '../login/login.ts';
import { type ConnectLimits, connectLimits, retried, type Tried } from '../retry.ts';
import { type ServerOffer, watchOffer } from '../server-offer.ts';
import type { Target } from '../target.ts';
import { openTcp } from '../tcp.ts';
import { hostKeyAlgorithms, keyType, wireType } from './host-key.ts';
import type { KnownKeys } from './known-hosts.ts';

/**
 * Opens a stream to a target's port, through its jump hosts where it has some.
 *
 * @param ended gives it up.
 * @param reached is told how far it comes.
 * @throws {HostError} of a jump host that is in the way. {@link ConnectionError} of the connection itself.
 */
export type Open = (target: Target, ended: AbortSignal, reached: (phase: Phase) => void) => Promise<Duplex>;

export interface ScanOptions {
  /** By default over TCP from here. Called once for each key that the host has. */
  readonly open?: Open;
  /** For each key: how often it is tried, how long a try may take, and all of them. */
  readonly limits?: Partial<ConnectLimits>;
  readonly signal?: AbortSignal;
}

/**
 * Asks a host for its keys, of every type that can be used, one after the other. Each is proven: the host has signed the
 * key exchange with it. No login is tried.
 *
 * @returns the public keys in their wire form, at least one.
 * @throws {HostError} as `connect` does, of outcome `unreachable`. The signal's reason, once it is aborted.
 */
export async function scanHostKeys(
  target: Target,
  { open = openDirect, limits = {}, signal }: ScanOptions = {},
): Promise<readonly Buffer[]> {
  const { tries, greetingMs, allMs } = connectLimits(limits, target);
  const keys: Buffer[] = [];
  let algorithms = hostKeyAlgorithms({ trusted: [], withoutPort: [] }, target.algorithms);
  do {
    const { key, offer } = await retried(
      leftMs => oneKey(target, algorithms, { open, tryMs: Math.min(leftMs, greetingMs), signal }),
      { tries, allMs },
      signal,
    );
    keys.push(key);
    algorithms = algorithms.filter(
      algorithm => keyType(algorithm) !== wireType(key) && offer?.hostKeys.includes(algorithm),
    );
  } while (algorithms.length > 0);
  return keys;
}

interface OneKeyOptions {
  readonly open: Open;
  readonly tryMs: number;
  readonly signal: AbortSignal | undefined;
}

interface OneKey {
  readonly key: Buffer;
  readonly offer: ServerOffer | undefined;
}

/** One connection, which ends when the host has proven one key of the given types. */
async function oneKey(
  target: Target,
  algorithms: ServerHostKeyAlgorithm[],
  { open, tryMs, signal }: OneKeyOptions,
): Promise<Tried<OneKey>> {
  const startedAt = performance.now();
  const ended = new AbortController();
  let phase: Phase = 'name';
  let timedOutAfterMs: number | undefined;
  const end = () => ended.abort();
  const timer = setTimeout(() => {
    timedOutAfterMs = tryMs;
    end();
  }, tryMs);
  if (signal) {
    setMaxListeners(0, signal); // one signal for all hosts is no leak
    signal.addEventListener('abort', end, { once: true });
  }
  const reached = (next: Phase) => {
    phase = next;
  };
  try {
    signal?.throwIfAborted();
    const stream = await open(target, ended.signal, reached);
    reached('banner');
    return { kind: 'done', value: await keyExchange(stream, target, algorithms, ended.signal, reached) };
  } catch (error) {
    signal?.throwIfAborted();
    const cause = error as ConnectionError & { readonly offer?: ServerOffer };
    const { offer } = cause;
    const attempt: Attempt = { ...nothingKnown(target), phase, cause, timedOutAfterMs, offer };
    return {
      kind: 'failed',
      mends: !(error instanceof HostError) && mendsItself(attempt),
      spentMs: performance.now() - startedAt,
      // A jump host that cannot be passed has said it all.
      error: tries => (error instanceof HostError ? error : connectFailure(attempt, tries)),
    };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** Speaks SSH until both sides have keys; rejects with what ended the connection before, and with the server's offer. */
function keyExchange(
  stream: Duplex,
  { user, algorithms: choice }: Target,
  algorithms: ServerHostKeyAlgorithm[],
  ended: AbortSignal,
  reached: (phase: Phase) => void,
): Promise<OneKey> {
  const connection = openConnection(stream);
  const { client } = connection;
  let presented: Buffer | undefined;
  let proven: Buffer | undefined;
  let offer: ServerOffer | undefined;
  client.once('handshake', () => {
    proven = presented;
    connection.destroy();
  });
  ended.addEventListener('abort', () => connection.destroy(), { once: true });
  return new Promise((resolve, reject) => {
    client.once('close', () => {
      if (proven) {
        resolve({ key: proven, offer });
      } else {
        reject(Object.assign(connection.cause ?? new Error('the connection was closed'), { offer }));
      }
    });
    client.connect({
      sock: stream,
      username: user,
      hostVerifier: (key: Buffer) => {
        presented = key;
        return true;
      },
      algorithms: { ...algorithmsFor(choice), serverHostKey: algorithms },
      readyTimeout: 0,
    });
    watchOffer(stream, one => {
      offer = one;
    });
    stream.on('data', (chunk: Buffer) => {
      if (chunk.includes('SSH-')) {
        reached('handshake');
      }
    });
  });
}

const openDirect: Open = ({ address, port }, ended, reached) => openTcp(address, port, ended, reached);

/** A scan starts from nothing: it trusts no key, and it never logs in. */
function nothingKnown(host: Target) {
  const known: KnownKeys = {
    name: '',
    trusted: [],
    withoutPort: [],
    revoked: [],
    authorities: [],
    unreadable: [],
    file: '',
  };
  const login = loginWith(host, []);
  return { host, refused: undefined, known, trustCommand: undefined, identities: [], login };
}
