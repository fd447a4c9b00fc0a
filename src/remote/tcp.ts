import { connect, isIP, type Socket } from 'node:net';
import type { Phase } from './attempt.ts';
import type { ConnectionError } from './connection.ts';

/**
 * Opens a TCP connection from here.
 *
 * @param reached is told where it stands: that the name is known.
 * @throws {ConnectionError} of level `client-socket`. The signal's reason, once it is aborted.
 */
export function openTcp(
  address: string,
  port: number,
  signal: AbortSignal,
  reached: (phase: Phase) => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = newSocket(address, port);
    const abort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    const failed = (error: Error) => {
      signal.removeEventListener('abort', abort);
      reject(socketError(error));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('lookup', error => {
      if (!error) {
        reached('tcp');
      }
    });
    socket.once('error', failed);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', failed);
      resolve(socket);
    });
    if (isIP(address) !== 0) {
      reached('tcp');
    }
  });
}

function newSocket(address: string, port: number): Socket {
  try {
    return connect({ host: address, port, noDelay: true });
  } catch (error) {
    throw socketError(error as Error); // a port that cannot be
  }
}

/** An error of a socket as ssh2 would tell it. */
export function socketError(error: Error): ConnectionError {
  return Object.assign(error, { level: 'client-socket' });
}
