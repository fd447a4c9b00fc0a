/**
 * A fleet of 500 hosts in a process of its own: SSH servers on ports of 127.0.0.1, most of which answer as one simulated
 * host does; the others are dead, or freeze. Writes what a user of it needs into the folder that it is given, tells its
 * parent, and ends with it.
 */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { makeDisk } from '../../src/demo/disk.ts';
import { makeTools } from '../../src/demo/tools.ts';
import { readPlainCommand } from '../../src/remote/script/exec-command.ts';
import {
  type EmbeddedServerOptions,
  type ExecHandler,
  type ExecRequest,
  newPrivateKey,
  startServer,
} from './embedded-server.ts';
import { type HostKind, hostName, kindOf, NUMBER_OF_HOSTS } from './no-leaks-hosts.ts';
import { type Answer, manyHosts } from './no-leaks-replies.ts';

/** Each has an address of its own: two names of one machine would be warned of. */
let refusing = 0;

const [folder = ''] = process.argv.slice(2);
const root = join(folder, 'disk');
await makeDisk(root, 'hypervisor');
const newHost = manyHosts({ root, path: await makeTools(join(folder, 'tools')) });

const endpoints = await Promise.all(
  Array.from({ length: NUMBER_OF_HOSTS }, async (_, index) => ({
    name: hostName(index),
    ...(await start(kindOf(index), newHost())),
  })),
);
await mkdir(join(folder, '.ssh'), { mode: 0o700 });
await writeFile(join(folder, '.ssh/id_ed25519'), newPrivateKey(), { mode: 0o600 });
await writeFile(join(folder, '.ssh/known_hosts'), endpoints.map(({ known }) => known).join(''));
await writeFile(
  join(folder, 'hosts.ini'),
  [
    '[hypervisors]',
    ...endpoints.map(({ name, address, port }) => `${name} ansible_host=${address} ansible_port=${port}`),
    '[first50]',
    ...endpoints.slice(0, 50).map(({ name }) => name),
    '[all:vars]',
    'ansible_user=root',
    '',
  ].join('\n'),
);
process.once('disconnect', () => process.exit());
process.send?.('up');

interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Its line in known_hosts, if it ever shows a key. */
  readonly known: string;
}

async function start(kind: HostKind, answer: Answer): Promise<Endpoint> {
  switch (kind) {
    case 'refusing':
      refusing += 1;
      return { address: `127.0.3.${refusing}`, port: 1, known: '' };
    case 'silent':
      return { address: '127.0.0.1', port: await silentPort(), known: '' };
    case 'dropping':
      return { address: '127.0.0.1', port: await droppingPort(), known: '' };
    default: {
      const server = await startServer(serverOptions(kind, answer));
      const [key] = server.hostKeys;
      return {
        address: '127.0.0.1',
        port: server.port,
        known: `[127.0.0.1]:${server.port} ${key?.type} ${key?.getPublicSSH().toString('base64')}\n`,
      };
    }
  }
}

async function silentPort(): Promise<number> {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A thread that sleeps takes no connection; what its queue has no room for is dropped by the kernel. */
async function droppingPort(): Promise<number> {
  const worker = new Worker(
    `const { createServer } = require('node:net');
     const { parentPort } = require('node:worker_threads');
     const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     });`,
    { eval: true, execArgv: [] },
  );
  const [port] = await once(worker, 'message');
  for (let i = 0; i < 4; i += 1) {
    connect({ port, host: '127.0.0.1' }).on('error', () => {});
  }
  return port;
}

function serverOptions(kind: HostKind, answer: Answer): EmbeddedServerOptions {
  return {
    exec: answering(kind, answer),
    ...(kind === 'frozen-after-login'
      ? { onConnection: (client, socket) => client.once('ready', () => freeze(socket)) }
      : {}),
  };
}

function freeze(socket: Socket): void {
  socket.pause();
  socket.write = () => false;
}

function answering(kind: HostKind, answer: Answer): ExecHandler {
  let scripts = 0;
  return request => {
    scripts += 1;
    if (kind === 'frozen-at-command') {
      request.freeze();
    } else {
      const freezes = kind === 'frozen-in-reply' || (kind === 'frozen-in-change' && scripts === 3);
      void reply(request, answer, freezes);
    }
  };
}

async function reply(
  { command, channel, freeze: freezeLink }: ExecRequest,
  answer: Answer,
  freezes: boolean,
) {
  const sent = readPlainCommand(command);
  if (sent === undefined) {
    throw new Error(`This is no command of hookfleet's: ${command}`);
  }
  const { nonce } = sent;
  const { exitCode, ...outputs } = await answer(sent.script ?? (await text(channel)), nonce);
  const said = (output: string) => `${nonce} shell\n${output.replaceAll('NONCE', nonce)}`;
  const stdout = said(outputs.stdout);
  channel.resume();
  channel.stderr.write(said(outputs.stderr));
  if (freezes) {
    channel.write(stdout.slice(0, stdout.length / 2), () => freezeLink());
  } else {
    channel.write(stdout);
    channel.exit(exitCode);
    channel.end();
  }
}
