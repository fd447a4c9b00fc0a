import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { Writable } from 'node:stream';
import ssh2, {
  type AuthContext,
  type AuthenticationType,
  type Connection,
  type ParsedKey,
  type ServerChannel,
  type ServerConfig,
} from 'ssh2';
import type { Host } from '../../src/core/host.ts';
import type { KnownHosts } from '../../src/remote/host-keys/known-hosts.ts';
import { knownHostsText } from './known.ts';

/** An SSH server in this process, on a free port of 127.0.0.1. */
export interface EmbeddedServer {
  readonly port: number;
  /** The host keys, public. */
  readonly hostKeys: readonly ParsedKey[];
  /** A known_hosts that has exactly this server. */
  readonly knownHosts: KnownHosts;
  /** How many connections were made so far. */
  readonly connections: number;
  /** The commands of all exec requests so far. */
  readonly commands: readonly string[];
  /** This server as an inventory would have it. */
  host(user?: string, more?: Partial<Host>): Host;
  close(): Promise<void>;
}

export interface EmbeddedServerOptions {
  /** What an exec request does; by default the machine's own shell runs the command. */
  readonly exec?: ExecHandler;
  /** Says yes or no to a login; by default every key is good, and nothing else. */
  readonly accept?: (attempt: AuthContext) => boolean;
  /** What is offered after a refusal. */
  readonly offers?: AuthenticationType[];
  /** Private host keys; by default one Ed25519 key, the same for all servers of a process. */
  readonly hostKeys?: readonly string[];
  readonly settings?: Omit<ServerConfig, 'hostKeys'>;
  /** Called with each connection, for faults of one's own. */
  readonly onConnection?: (client: Connection, socket: Socket) => void;
}

export interface ExecRequest {
  readonly command: string;
  readonly channel: ServerChannel;
  /** Breaks the connection, without a word. */
  drop(): void;
  /** Stops reading and writing: the peer sees a link that has gone dead. */
  freeze(): void;
}

export type ExecHandler = (request: ExecRequest) => void;

export async function startServer(options: EmbeddedServerOptions = {}): Promise<EmbeddedServer> {
  const { exec = machineShell(), accept = attempt => attempt.method === 'publickey', settings } = options;
  const privateKeys = options.hostKeys ?? [DEFAULT_HOST_KEY];
  const hostKeys = privateKeys.map(publicKey);
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = new ssh2.Server({ ...settings, hostKeys: [...privateKeys] }, client => {
    connections += 1;
    const socket = socketOf(client);
    sockets.add(socket.setNoDelay(true));
    socket.once('close', () => sockets.delete(socket));
    client.on('error', () => {});
    client.on('authentication', attempt => {
      if (accept(attempt)) {
        attempt.accept();
      } else {
        attempt.reject(options.offers ?? ['publickey']);
      }
    });
    client.on('session', acceptSession => {
      const session = acceptSession();
      session.on('exec', (acceptExec, _reject, { command }) => {
        commands.push(command);
        const channel = acceptExec();
        channel.on('error', () => {});
        exec({
          command,
          channel,
          drop: () => socket.destroy(),
          freeze: () => {
            socket.pause();
            socket.write = () => false;
          },
        });
      });
    });
    options.onConnection?.(client, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const lines = hostKeys.map(
    key => `[127.0.0.1]:${port} ${key.type} ${key.getPublicSSH().toString('base64')}`,
  );
  return {
    port,
    hostKeys,
    knownHosts: knownHostsText(lines.join('\n')),
    get connections() {
      return connections;
    },
    commands,
    host: (user = 'root', more = {}) => ({ name: 'h1', address: '127.0.0.1', port, user, ...more }),
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

export interface MachineShellOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What the login shell prints before it runs the command. */
  readonly chatter?: string;
}

/** Runs commands as sshd does: the login shell, here `sh`, gets them with -c. */
export function machineShell({ env = {}, chatter = '' }: MachineShellOptions = {}): ExecHandler {
  return ({ command, channel }) => {
    if (chatter !== '') {
      channel.write(chatter);
      channel.stderr.write(chatter);
    }
    const child = spawn('/bin/sh', ['-c', command], { cwd: '/', env: { PATH: '/usr/bin:/bin', ...env } });
    child.stdin.on('error', () => {});
    channel.pipe(child.stdin);
    const write = inTurn(channel);
    for (const [from, to] of [
      [child.stdout, channel],
      [child.stderr, channel.stderr],
    ] as const) {
      from.on('data', async (chunk: Buffer) => {
        from.pause();
        await write(to, chunk);
        from.resume();
      });
    }
    child.once('exit', (code, signal) => {
      if (code === null) {
        channel.exit(String(signal).replace('SIG', ''));
      } else {
        channel.exit(code);
      }
    });
    child.once('close', async () => {
      await write(channel, Buffer.alloc(0));
      channel.end();
    });
    channel.once('close', () => {
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
    });
  };
}

/**
 * Writes one chunk after the other. If stdout and stderr wait for the client's window at the same time, or one after
 * the other, ssh2 sends a chunk of stdout again and forgets that of stderr: it never clears the last one that waited.
 */
function inTurn(channel: ServerChannel): (to: Writable, chunk: Buffer) => Promise<void> {
  let turn: Promise<void> = Promise.resolve();
  return (to, chunk) => {
    turn = turn.then(
      () =>
        new Promise(resolve => {
          Object.assign(channel, { _chunk: undefined, _chunkErr: undefined });
          to.write(chunk, () => resolve());
        }),
    );
    return turn;
  };
}

/**
 * Runs the command in the machine's shell, gives no exit code, and does the fault once so many bytes of stdout are sent;
 * it is given these bytes.
 */
export function faultAfter(bytes: number, fault: (request: ExecRequest, sent: Buffer) => void): ExecHandler {
  const shell = machineShell();
  return request => {
    const chunks: Buffer[] = [];
    let sent = 0;
    request.channel.exit = () => {};
    const write = request.channel.write.bind(request.channel);
    request.channel.write = (chunk: Buffer, ...[done]: readonly unknown[]) => {
      const part = chunk.subarray(0, Math.max(0, bytes - sent));
      sent += part.length;
      chunks.push(part);
      write(part);
      if (sent >= bytes) {
        setImmediate(() => fault(request, Buffer.concat(chunks)));
      } else if (typeof done === 'function') {
        done();
      }
      return true;
    };
    shell(request);
  };
}

/**
 * A new private key in OpenSSH's format. One in 256 of the Ed25519 keys that ssh2 makes is broken (it takes a leading
 * zero of the public key away), so each is tried first.
 */
export function newPrivateKey(type: 'ed25519' | 'rsa' | 'ecdsa' = 'ed25519'): string {
  for (;;) {
    const key = generate(type);
    if (!(ssh2.utils.parseKey(key) instanceof Error)) {
      return key;
    }
  }
}

function generate(type: 'ed25519' | 'rsa' | 'ecdsa'): string {
  switch (type) {
    case 'ed25519':
      return ssh2.utils.generateKeyPairSync('ed25519').private;
    case 'rsa':
      return ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
    case 'ecdsa':
      return ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
  }
}

export function publicKey(privateKey: string): ParsedKey {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) {
    throw key;
  }
  return key;
}

const DEFAULT_HOST_KEY = newPrivateKey();

/** ssh2 shows no socket of a server's connection. */
function socketOf(client: Connection): Socket {
  return (client as unknown as { readonly _sock: Socket })._sock;
}
