import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type ParsedKey, type ServerChannel, type Session } from 'ssh2';
import { type PlainCommand, readPlainCommand } from '../remote/script/exec-command.ts';
import { endGroup, runScript } from './run-script.ts';
import { type SimulatedFolders, simulatedScript } from './simulated-script.ts';

/** An SSH server on a free port of 127.0.0.1 that runs hookfleet's scripts, and nothing else, on a simulated host. */
export interface DemoServer {
  readonly port: number;
  /** Ends its connections and its scripts. */
  close(): Promise<void>;
}

export interface DemoServerOptions {
  readonly folders: SimulatedFolders;
  readonly hostKey: string;
  /** The one key that may log in, as root. */
  readonly userKey: ParsedKey;
}

export async function startDemoServer({ folders, hostKey, userKey }: DemoServerOptions): Promise<DemoServer> {
  const sockets = new Set<Socket>();
  const scripts = new Set<ChildProcess>();
  const sshServer = new ssh2.Server({ hostKeys: [hostKey] }, client => {
    client.on('error', () => {});
    client.on('authentication', attempt => authenticate(attempt, userKey));
    client.on('session', accept => serveSession(accept(), folders, scripts));
  });
  // A listener of its own, since ssh2's hides the sockets and leaves Nagle's delay on.
  const listener = createServer({ noDelay: true }, socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    sshServer.injectSocket(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) {
        socket.destroy();
      }
      const gone = [...scripts].map(script => once(script, 'close'));
      for (const script of scripts) {
        endGroup(script, 'SIGKILL');
      }
      await Promise.all([closed, ...gone]);
    },
  };
}

/** Logs in whoever has the demo's own key, as root. */
function authenticate(attempt: AuthContext, userKey: ParsedKey): void {
  if (attempt.method !== 'publickey' || attempt.username !== 'root') {
    attempt.reject(['publickey']);
    return;
  }
  const { key, signature, blob, hashAlgo } = attempt;
  const isUsers = key.data.equals(userKey.getPublicSSH());
  // Without a signature the client only asks whether the key would do.
  const isProven =
    signature === undefined || (blob !== undefined && userKey.verify(blob, signature, hashAlgo) === true);
  if (isUsers && isProven) {
    attempt.accept();
  } else {
    attempt.reject(['publickey']);
  }
}

function serveSession(session: Session, folders: SimulatedFolders, scripts: Set<ChildProcess>): void {
  session.on('shell', accept => refuse(accept(), folders.root));
  session.on('exec', (accept, _, { command }) => {
    const channel = accept();
    channel.on('error', () => {});
    const sent = readPlainCommand(command);
    if (sent === undefined) {
      refuse(channel, folders.root);
      return;
    }
    const parts: Buffer[] = [];
    channel.on('data', (part: Buffer) => parts.push(part));
    channel.once('end', () => {
      const script = simulatedScript(sent.script ?? Buffer.concat(parts).toString('utf8'), folders);
      if (script === undefined) {
        refuse(channel, folders.root);
      } else {
        begin(channel, sent);
        void runScript(script, sent.timeoutSeconds, channel, scripts);
      }
    });
  });
}

/** What the first shell of the command says, in the place of which the script is started here. */
function begin(channel: ServerChannel, { nonce }: PlainCommand): void {
  channel.write(`${nonce} shell\n`);
  channel.stderr.write(`${nonce} shell\n`);
}

/** Anything else would run with this machine's own files in the place of the host's. */
function refuse(channel: ServerChannel, root: string): void {
  channel.stderr.write(`This host is simulated and runs hookfleet's scripts alone. Its disk is ${root}\r\n`);
  channel.exit(1);
  channel.end();
}
