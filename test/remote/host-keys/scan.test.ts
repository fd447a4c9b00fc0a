import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { scanHostKeys } from '../../../src/remote/host-keys/scan.ts';
import { plainTarget, type Target } from '../../../src/remote/target.ts';
import { openTcp } from '../../../src/remote/tcp.ts';
import { type EmbeddedServer, newPrivateKey } from '../embedded-server.ts';
import { hostError, serverFor } from '../faults.ts';

const HOST_KEYS = [newPrivateKey('rsa'), newPrivateKey('ecdsa'), newPrivateKey('ed25519')];

function targetOf(server: Pick<EmbeddedServer, 'port'>): Target {
  return plainTarget({ name: 'h1', address: '127.0.0.1', port: server.port });
}

/** A server on TCP alone. */
async function tcpServer(t: ExecutionContext, onSocket: (socket: Socket) => void): Promise<Target> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => {}));
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  return targetOf(server.address() as AddressInfo);
}

test('all keys of a host are gathered, one connection each, and no login is tried', async t => {
  let logins = 0;
  const server = await serverFor(t, {
    hostKeys: HOST_KEYS,
    accept: () => {
      logins += 1;
      return false;
    },
  });
  const keys = await scanHostKeys(targetOf(server));
  t.deepEqual(
    keys.map(key => key.toString('base64')).toSorted(),
    server.hostKeys.map(key => key.getPublicSSH().toString('base64')).toSorted(),
  );
  t.deepEqual([server.connections, logins], [3, 0]);
});

test('a server without SHA-1 gives its RSA key all the same, one with nothing but SHA-1 only where that is allowed', async t => {
  const offers = (...serverHostKey: ('rsa-sha2-256' | 'ssh-rsa')[]) => ({
    hostKeys: HOST_KEYS.slice(0, 1),
    settings: { algorithms: { serverHostKey } },
  });
  const modern = await serverFor(t, offers('rsa-sha2-256'));
  t.is((await scanHostKeys(targetOf(modern))).length, 1);
  const old = await serverFor(t, offers('ssh-rsa'));
  const { outcome, failure } = await hostError(t, scanHostKeys(targetOf(old)));
  t.deepEqual([outcome, failure.kind], ['unreachable', 'handshake']);
  t.is((await scanHostKeys({ ...targetOf(old), algorithms: 'legacy' })).length, 1);
});

test('the stream to a host may come from anywhere, and every one is ended', async t => {
  const server = await serverFor(t, { hostKeys: HOST_KEYS });
  const streams: Socket[] = [];
  const keys = await scanHostKeys(targetOf(server), {
    async open({ address, port }, ended, reached) {
      const stream = await openTcp(address, port, ended, reached);
      streams.push(stream);
      return stream;
    },
  });
  t.is(keys.length, 3);
  t.deepEqual(
    streams.map(({ destroyed }) => destroyed),
    [true, true, true],
  );
});

test('a server that refuses a connection now and then, before it greets, is asked again', async t => {
  const server = await serverFor(t, { hostKeys: HOST_KEYS });
  let number = 0;
  const target = await tcpServer(t, socket => {
    number += 1;
    if (number % 2 === 1) {
      socket.destroy();
    } else {
      socket.pipe(connect(server.port, '127.0.0.1').on('error', () => {})).pipe(socket);
    }
  });
  t.is((await scanHostKeys(target)).length, 3);
});

for (const [what, onSocket, kind] of [
  ['takes the connection and says nothing', () => {}, 'timeout'],
  ['talks HTTP', socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'handshake'],
] as const satisfies readonly (readonly [string, (socket: Socket) => void, string])[]) {
  test(`a host that ${what} is given up: ${kind}`, async t => {
    const target = await tcpServer(t, onSocket);
    const { outcome, failure } = await hostError(
      t,
      scanHostKeys(target, { limits: { tries: 1, greetingMs: 1500 } }),
    );
    t.deepEqual([outcome, failure.kind], ['unreachable', kind]);
  });
}

test('an interrupt ends the scan with its own reason', async t => {
  const target = await tcpServer(t, () => {});
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const scanning = scanHostKeys(target, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 50);
  await t.throwsAsync(scanning, { is: reason });
  await t.throwsAsync(scanHostKeys(target, { signal: controller.signal }), { is: reason });
});

test('a host that the inventory gives a time of its own is asked for its keys within that', async t => {
  const target = await tcpServer(t, () => {});
  const { failure } = await hostError(
    t,
    scanHostKeys({ ...target, connectTimeoutMs: 400 }, { limits: { tries: 1, greetingMs: 60_000 } }),
  );
  t.is(failure.kind, 'timeout');
  t.regex(failure.message, /within 0\.4 s/);
});
