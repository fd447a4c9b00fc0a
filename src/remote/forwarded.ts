import { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { Connection, ConnectionError } from './connection.ts';
import { socketError } from './tcp.ts';

/** The code of an error: the server does not forward, at all or to this address. */
export const NO_FORWARDING = 'ENOFORWARDING';

/** The code of an error: the connection that was forwarded through has gone. */
export const JUMP_HOST_LOST = 'EJUMPHOSTLOST';

/**
 * Opens a TCP connection from the other end of an SSH connection.
 *
 * @param name what the other end is called in errors.
 * @throws {ConnectionError} of level `client-socket`, its code as a socket's own, or one of those below. The signal's reason, once it is aborted.
 */
export function openForwarded(
  via: Connection,
  name: string,
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      via.client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        signal.removeEventListener('abort', abort);
        if (signal.aborted) {
          channel?.on('error', () => {}).close();
        } else if (error) {
          reject(via.closed ? lost(name) : forwardError(error));
        } else {
          resolve(new ForwardedStream(channel, via, name));
        }
      });
    } catch {
      signal.removeEventListener('abort', abort);
      reject(lost(name));
    }
  });
}

/**
 * A channel as a stream that is closed as soon as it is destroyed. ssh2's own waits for the other side to agree, which a
 * frozen one never does.
 */
class ForwardedStream extends Duplex {
  readonly #channel: ClientChannel;

  constructor(channel: ClientChannel, via: Connection, name: string) {
    super({ allowHalfOpen: false });
    this.#channel = channel;
    channel.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) {
        channel.pause();
      }
    });
    channel.on('error', (error: Error) => this.destroy(socketError(error)));
    channel.on('end', () => this.push(null));
    channel.on('close', () => {
      if (via.closed) {
        this.destroy(lost(name));
      } else if (this.readableEnded) {
        this.destroy();
      } else {
        this.once('end', () => this.destroy());
      }
    });
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#channel.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#channel.resume().close();
    done(error);
  }
}

function lost(name: string): ConnectionError {
  return Object.assign(socketError(new Error(`the connection to ${name} was lost`)), {
    code: JUMP_HOST_LOST,
  });
}

/** What sshd says in CHANNEL_OPEN_FAILURE (RFC 4254, 5.1) in the place of a socket's error code. */
function forwardError(error: Error & { readonly reason?: unknown }): ConnectionError {
  const [, code] =
    error.reason === ADMINISTRATIVELY_PROHIBITED
      ? [undefined, NO_FORWARDING]
      : (CODES.find(([pattern]) => pattern.test(error.message)) ?? []);
  return Object.assign(socketError(error), code === undefined ? {} : { code });
}

const ADMINISTRATIVELY_PROHIBITED = 1;

const CODES: readonly (readonly [RegExp, string])[] = [
  [/connection refused/i, 'ECONNREFUSED'],
  [/timed out/i, 'ETIMEDOUT'],
  [/no route/i, 'EHOSTUNREACH'],
  [/network is unreachable/i, 'ENETUNREACH'],
  [/temporary failure in name/i, 'EAI_AGAIN'],
  [/not known|unknown host|no address/i, 'ENOTFOUND'],
];
