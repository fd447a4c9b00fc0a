import { connect as connectSocket, type Socket } from 'node:net';
import ssh2, { type Client } from 'ssh2';

/**
 * An ssh2 client and its socket, from the first packet to the last. The socket is ours, because ssh2 cannot let go
 * of one whose peer has stopped answering: after its `end()` its `destroy()` does nothing.
 */
export interface Connection {
  readonly client: Client;
  readonly socket: Socket;
  /** The socket is closed; nothing will come any more. */
  readonly closed: boolean;
  /** What went wrong first and for good; undefined while nothing has. */
  readonly cause: ConnectionError | undefined;
  /** Ends the connection in order; if the other side does not follow within a second, at once. */
  close(): void;
  destroy(): void;
}

/** What ssh2 adds to the errors that it emits: `level` is the layer, `code` the socket's or the DISCONNECT reason. */
export type ConnectionError = Error & { readonly level?: string; readonly code?: string | number };

/**
 * Opens the socket and makes the client for it, with the listeners that must stand for as long as it lives: one
 * failure can emit several errors. It does not start the SSH handshake.
 *
 * @throws {RangeError} for a port number that cannot be one.
 */
export function openConnection(address: string, port: number): Connection {
  const socket = connectSocket({ host: address, port, noDelay: true });
  socket.on('error', () => {}); // the client reports it too
  const client = new ssh2.Client();
  let closed = false;
  let cause: ConnectionError | undefined;
  let linger: NodeJS.Timeout | undefined;

  const destroyLater = () => {
    linger ??= setTimeout(() => socket.destroy(), LINGER_MS);
  };
  client.on('error', (error: ConnectionError) => {
    if (isFinal(error)) {
      cause ??= error;
      destroyLater();
    }
  });
  client.on('close', () => {
    closed = true;
    clearTimeout(linger);
  });

  return {
    client,
    socket,
    get closed() {
      return closed;
    },
    get cause() {
      return cause;
    },
    close() {
      if (!closed) {
        client.end();
        destroyLater();
      }
    },
    destroy() {
      socket.destroy();
    },
  };
}

const LINGER_MS = 1000;

/** After an error of the agent or of one key's signature, ssh2 goes on with the next identity. */
function isFinal({ level, message }: ConnectionError): boolean {
  return level !== 'agent' && !message.startsWith('Error signing');
}
