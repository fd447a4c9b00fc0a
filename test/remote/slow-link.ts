import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that takes its time, as one over a continent does. */
export interface SlowLink {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Passes connections on to a server, every byte after so many milliseconds in each direction. TCP's own handshake is not
 * slowed down: what is measured through it begins with the `connect` event.
 */
export async function startSlowLink(
  target: { readonly host: string; readonly port: number },
  delayMs: number,
): Promise<SlowLink> {
  return startLink(target, (from, to) => {
    const later = (act: () => void) => setTimeout(act, delayMs);
    from.on('data', (chunk: Buffer) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
  });
}

/** A way to a server that counts how often each side had to wait for the other. */
export interface CountingLink extends SlowLink {
  /** Round trips so far: how often all that the client had to say was carried over, and then all that was answered. */
  readonly rounds: number;
}

/**
 * Passes connections on in turns: what the client sends is held until it has been silent for so many milliseconds, then
 * what the server sends. So a round trip is one turn, however fast or slow the machine is, as long as no side needs
 * longer than the silence to answer.
 */
export async function startCountingLink(
  target: { readonly host: string; readonly port: number },
  silenceMs: number,
): Promise<CountingLink> {
  let rounds = 0;
  const link = await startLink(target, (from, to, isClient) => {
    let held: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;
    from.on('data', (chunk: Buffer) => {
      held.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(() => {
        rounds += isClient ? 1 : 0;
        to.write(Buffer.concat(held));
        held = [];
      }, silenceMs);
    });
    from.on('end', () => setTimeout(() => to.end(), silenceMs));
  });
  return {
    port: link.port,
    get rounds() {
      return rounds;
    },
    close: link.close,
  };
}

type Carry = (from: Socket, to: Socket, isClient: boolean) => void;

async function startLink(
  target: { readonly host: string; readonly port: number },
  carry: Carry,
): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, client => {
    const upstream = connect({ ...target, noDelay: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.once('close', () => sockets.delete(from));
      carry(from, to, from === client);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}
