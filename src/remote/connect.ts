import { setMaxListeners } from 'node:events';
import type { ConnectConfig, MacAlgorithm } from 'ssh2';
import type { Host } from '../core/host.ts';
import type { Attempt, Phase } from './attempt.ts';
import { connectFailure, socketFailure } from './connect-failure.ts';
import { type Connection, openConnection } from './connection.ts';
import { type HostKeyVerdict, hostKeyAlgorithms, judgeHostKey } from './host-key.ts';
import type { Identities } from './identities.ts';
import type { KnownHosts } from './known-hosts.ts';
import { loginWith } from './login.ts';
import { openSession, type Session } from './session.ts';
import { plainTarget, type Target } from './target.ts';

export interface ConnectOptions {
  readonly knownHosts: KnownHosts;
  readonly identities: Identities;
  /** From the first packet to the end of the login, in milliseconds; 20 s by default. */
  readonly connectTimeoutMs?: number;
  /** Ends the connection, during connect and after it. */
  readonly signal?: AbortSignal;
  /** A host that leaves three keepalives without answer is given up; one is sent after so many silent milliseconds, 10 s by default. */
  readonly keepaliveMs?: number;
  /** How long after a script's own time limit a host that has not ended it is given up, in milliseconds; 15 s by default. */
  readonly graceMs?: number;
}

/**
 * Logs in on a host. Its key must be on record; there is no prompt and no silent trust.
 *
 * @throws {HostError} of outcome `unreachable`, kinds `name`, `refused`, `timeout`, `network`, `handshake`,
 * `host-key-unknown`, `host-key-changed`, `host-key-revoked`, `authentication`. The signal's reason, once it is aborted.
 */
export async function connect(host: Host, options: ConnectOptions): Promise<Session> {
  const { knownHosts, connectTimeoutMs = 20_000, signal, keepaliveMs = 10_000, graceMs = 15_000 } = options;
  const target = plainTarget(host);
  const identities = await options.identities.list(host.privateKeyFile);
  signal?.throwIfAborted();

  const known = knownHosts.lookup(target.knownAs, target.port);
  const login = loginWith(target.user, identities);
  const connection = open(target);
  const { client, socket } = connection;
  let phase: Phase = 'tcp';
  let timedOut = false;
  let hostKey: { readonly key: Buffer; readonly verdict: HostKeyVerdict } | undefined;

  const soFar = (): Attempt => ({
    host: target,
    phase,
    cause: connection.cause,
    timedOutAfterMs: timedOut ? connectTimeoutMs : undefined,
    hostKey,
    known,
    knownHosts,
    identities,
    login,
  });

  const abort = () => connection.destroy();
  if (signal) {
    setMaxListeners(0, signal); // one signal for all hosts is no leak
    signal.addEventListener('abort', abort, { once: true });
  }
  const deadline = setTimeout(() => {
    timedOut = connection.cause === undefined;
    connection.destroy();
  }, connectTimeoutMs);
  const release = () => {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', abort);
  };
  client.once('close', release);
  socket.once('connect', () => {
    phase = 'handshake';
  });
  client.once('handshake', () => {
    phase = 'login';
  });

  const config: ConnectConfig = {
    sock: socket,
    username: target.user,
    authHandler: login.next,
    hostVerifier: (key: Buffer) => {
      hostKey = { key, verdict: judgeHostKey(key, known) };
      return hostKey.verdict.kind === 'known';
    },
    algorithms: { serverHostKey: hostKeyAlgorithms(known), hmac: MACS, compress: ['none'] },
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
    readyTimeout: 0,
  };
  return new Promise((resolve, reject) => {
    client.once('ready', () => {
      clearTimeout(deadline);
      resolve(openSession(connection, target, { graceMs, signal }));
    });
    // After `ready` this settles nothing: the session has its own way to see the end.
    client.once('close', () => reject(signal?.aborted ? signal.reason : connectFailure(soFar())));
    try {
      client.connect(config);
    } catch (error) {
      release();
      connection.destroy();
      reject(connectFailure({ ...soFar(), cause: error as Error }));
    }
  });
}

function open(target: Target): Connection {
  try {
    return openConnection(target.address, target.port);
  } catch (error) {
    throw socketFailure(target, error as Error);
  }
}

const MACS: MacAlgorithm[] = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
];
