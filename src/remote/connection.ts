import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';

/**
 * An ssh2 client and what it talks through, from the first packet to the last. The stream is ours, because ssh2 cannot
 * let go of one whose peer has stopped answering: after its `end()` its `destroy()` does nothing.
 */
export interface Connection {
  readonly client: Client;
  /** The stream is closed; nothing will come any more. */
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
 * Makes the client for a stream to an SSH server, with the listeners that must stand for as long as it lives: one
 * failure can emit several errors. It does not start the SSH handshake.
 */
export function openConnection(stream: Duplex): Connection {
  stream.on('error', () => {}); // the client reports it too
  const client = new ssh2.Client();
  let closed = false;
  let cause: ConnectionError | undefined;
  let linger: NodeJS.Timeout | undefined;

  const destroyLater = () => {
    linger ??= setTimeout(() => stream.destroy(), LINGER_MS);
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
      stream.destroy();
    },
  };
}

const LINGER_MS = 1000;

/** After an error of the agent or of one key's signature, ssh2 goes on with the next identity. */
function isFinal({ level, message }: ConnectionError): boolean {
  return level !== 'agent' && !message.startsWith('Error signing');
}
