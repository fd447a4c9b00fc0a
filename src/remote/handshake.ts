import type { Duplex } from 'node:stream';
import type { AuthenticationType, NextAuthHandler } from 'ssh2';
import { algorithmsFor } from './algorithms.ts';
import type { Phase } from './attempt.ts';
import type { Connection, ConnectionError } from './connection.ts';
import type { HostKeyCheck } from './host-keys/host-key-check.ts';
import { joinWrites } from './join-writes.ts';
import type { Login } from './login/login.ts';
import { type ServerOffer, watchOffer } from './server-offer.ts';
import type { Target } from './target.ts';

export interface HandshakeRequest {
  readonly target: Target;
  readonly hostKey: HostKeyCheck;
  readonly login: Login;
  readonly keepaliveMs: number;
  /** Told how far it comes. */
  reached(phase: Phase): void;
  /** Told which algorithms the server offers. */
  offered(offer: ServerOffer): void;
}

/**
 * Speaks SSH until the login is complete: banner, key exchange, host key, login.
 *
 * @returns `ready`, or what ended the connection before.
 */
export function handshake(
  connection: Connection,
  stream: Duplex,
  { target, hostKey, login, keepaliveMs, reached, offered }: HandshakeRequest,
): Promise<'ready' | ConnectionError | undefined> {
  const { client } = connection;
  let keyStands: Promise<boolean> = Promise.resolve(true);
  return new Promise(resolve => {
    client.once('handshake', () => {
      reached('login');
      keyStands = hostKey.proven();
    });
    client.once('ready', () => resolve('ready'));
    // After `ready` this settles nothing: the session has its own way to see the end.
    client.once('close', () => resolve(connection.cause));
    try {
      client.connect({
        sock: stream,
        username: target.user,
        authHandler: (
          offered: AuthenticationType[] | null,
          partial: boolean | null,
          next: NextAuthHandler,
        ) => {
          void keyStands.then(stands => (stands ? login.next(offered, partial, next) : connection.destroy()));
        },
        hostVerifier: hostKey.verify,
        algorithms: { ...algorithmsFor(target.algorithms), serverHostKey: hostKey.algorithms },
        keepaliveInterval: keepaliveMs,
        keepaliveCountMax: 3,
        readyTimeout: 0,
      });
      login.listenTo(client);
    } catch (error) {
      connection.destroy();
      resolve(error as Error);
    }
    const greeted = (chunk: Buffer) => {
      if (chunk.includes('SSH-')) {
        stream.off('data', greeted);
        reached('handshake');
      }
    };
    // Only now: before, it would set the stream going without the client.
    joinWrites(stream);
    stream.on('data', greeted);
    watchOffer(stream, offered);
  });
}
