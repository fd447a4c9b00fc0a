import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { sh } from '../../src/core/sh.ts';
import { connect } from '../../src/remote/connect.ts';
import { fingerprint } from '../../src/remote/host-keys/host-key.ts';
import { type Identities, type Identity, identitiesOf } from '../../src/remote/login/identities.ts';
import { startAgent } from './agents.ts';
import { newPrivateKey, publicKey } from './embedded-server.ts';
import { hostError, NO_KEY, ONE_KEY, PLAIN, serverFor } from './faults.ts';
import { knownHostsText } from './known.ts';

const RSA_KEY = newPrivateKey('rsa');
const NOBODY_KNOWN = knownHostsText('');

function line(name: string, privateKey: string): string {
  const key = publicKey(privateKey);
  return `${name} ${key.type} ${key.getPublicSSH().toString('base64')}\n`;
}

function only(...identities: Identity[]): Identities {
  return { list: async () => identities };
}

/** A TCP server that is no SSH server. */
async function tcpServer(t: ExecutionContext, onSocket: (socket: Socket) => void): Promise<number> {
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
  return (server.address() as AddressInfo).port;
}

test('a host whose key is not on record is refused, with the fingerprint and the way to add it', async t => {
  const server = await serverFor(t);
  const { outcome, failure } = await hostError(
    t,
    connect(server.host('deploy'), { knownHosts: NOBODY_KNOWN, identities: ONE_KEY }),
  );
  t.deepEqual([outcome, failure.kind, failure.step], ['unreachable', 'host-key-unknown', 'connect']);
  const [key] = server.hostKeys;
  t.true(failure.message.includes(`ssh-ed25519 ${key && fingerprint(key.getPublicSSH())}`), failure.message);
  t.regex(failure.hint ?? '', /ssh_host_ed25519_key\.pub.*hookfleet trust$/);
});

test('a changed host key is refused, with both fingerprints and the line on record', async t => {
  const server = await serverFor(t);
  const old = newPrivateKey();
  const { outcome, failure } = await hostError(
    t,
    connect(server.host(), {
      knownHosts: knownHostsText(`# one\n${line(`[127.0.0.1]:${server.port}`, old)}`),
      identities: ONE_KEY,
    }),
  );
  t.deepEqual([outcome, failure.kind], ['unreachable', 'host-key-changed']);
  for (const part of [
    fingerprint(publicKey(old).getPublicSSH()),
    ...server.hostKeys.map(key => fingerprint(key.getPublicSSH())),
    '/home/u/.ssh/known_hosts:2',
  ]) {
    t.true(failure.message.includes(part), `${part} in ${failure.message}`);
  }
});

test('a revoked host key is refused, even if it is also on record', async t => {
  const hostKey = newPrivateKey();
  const server = await serverFor(t, { hostKeys: [hostKey] });
  const record = line(`[127.0.0.1]:${server.port}`, hostKey);
  const { failure } = await hostError(
    t,
    connect(server.host(), {
      knownHosts: knownHostsText(`${record}@revoked ${line('*', hostKey)}`),
      identities: ONE_KEY,
    }),
  );
  t.is(failure.kind, 'host-key-revoked');
  t.regex(failure.message, /known_hosts:2/);
});

test('a host with several keys, of which one is on record, is known by that one', async t => {
  const hostKeys = [newPrivateKey('ed25519'), newPrivateKey('ecdsa'), RSA_KEY];
  const server = await serverFor(t, { hostKeys });
  for (const hostKey of hostKeys) {
    const session = await connect(server.host(), {
      knownHosts: knownHostsText(line(`[127.0.0.1]:${server.port}`, hostKey)),
      identities: ONE_KEY,
    });
    session.close();
  }
  t.is(server.connections, 3);
});

test('a refused login names each key that was tried, those that were not, and what the server takes', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-login-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const agentFile = join(folder, 'in-agent');
  await writeFile(agentFile, newPrivateKey(), { mode: 0o600 });
  const named = join(folder, 'named');
  const namedKey = RSA_KEY;
  await writeFile(named, namedKey, { mode: 0o600 });
  const identities = identitiesOf({ home: '/nonexistent', agentSocket: await startAgent(t, [agentFile]) });
  const server = await serverFor(t, { accept: () => false, offers: ['publickey', 'password'] });
  const { outcome, failure } = await hostError(
    t,
    connect(server.host('deploy', { privateKeyFile: named }), { knownHosts: server.knownHosts, identities }),
  );
  t.deepEqual([outcome, failure.kind, failure.step], ['unreachable', 'authentication', 'connect']);
  const expected = [
    `${named} (ssh-rsa ${fingerprint(publicKey(namedKey).getPublicSSH())})`,
    'not tried: agent (1 other key: not among the named ones)',
    'the server takes: publickey, password',
  ];
  for (const part of expected) {
    t.true(failure.message.includes(part), `${part} in ${failure.message}`);
  }
  t.regex(failure.hint ?? '', /authorized_keys/);
});

test('the agent signs in, where its key is the right one', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-login-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const files = ['wrong', 'right'].map(name => join(folder, name));
  const keys = [newPrivateKey(), RSA_KEY];
  await Promise.all(files.map((file, i) => writeFile(file, keys[i] ?? '', { mode: 0o600 })));
  const right = publicKey(keys[1] ?? '').getPublicSSH();
  const server = await serverFor(t, {
    accept: attempt => attempt.method === 'publickey' && attempt.key.data.equals(right),
  });
  const identities = identitiesOf({ home: '/nonexistent', agentSocket: await startAgent(t, files) });
  const session = await connect(server.host(), { knownHosts: server.knownHosts, identities });
  t.is((await session.run([sh`echo in`], PLAIN))[0]?.stdout, 'in\n');
  session.close();
});

test('no probe without a key precedes the login', async t => {
  const methods: string[] = [];
  const server = await serverFor(t, {
    accept: attempt => {
      methods.push(attempt.method);
      return attempt.method === 'publickey';
    },
  });
  (await connect(server.host(), { knownHosts: server.knownHosts, identities: ONE_KEY })).close();
  t.deepEqual([...new Set(methods)], ['publickey']);
});

for (const [what, identities, message, hint] of [
  [
    'no key at all',
    NO_KEY,
    /there is no key to try; the server takes: publickey/,
    /^load a key into the agent/,
  ],
  [
    'nothing but an encrypted key',
    only({ kind: 'encrypted', source: '/home/u/.ssh/id_rsa', publicKey: undefined }),
    /not tried: \/home\/u\/\.ssh\/id_rsa \(encrypted\)/,
    /ssh-add \/home\/u\/\.ssh\/id_rsa/,
  ],
  [
    'an agent that is gone',
    only({ kind: 'unusable', source: 'agent at /tmp/x', reason: 'ENOENT' }),
    /not tried: agent at \/tmp\/x \(ENOENT\)/,
    /--private-key/,
  ],
] as const) {
  test(`with ${what} the login fails, and the error says why`, async t => {
    const server = await serverFor(t);
    const { failure } = await hostError(
      t,
      connect(server.host(), { knownHosts: server.knownHosts, identities }),
    );
    t.is(failure.kind, 'authentication');
    t.regex(failure.message, message);
    t.regex(failure.hint ?? '', hint);
  });
}

test('a server that takes no keys is not pestered with them', async t => {
  let attempts = 0;
  const server = await serverFor(t, {
    accept: () => {
      attempts += 1;
      return false;
    },
    offers: ['password'],
  });
  const key = (source: string): Identity => ({ kind: 'key', source, key: publicKey(newPrivateKey()) });
  const { failure } = await hostError(
    t,
    connect(server.host(), { knownHosts: server.knownHosts, identities: only(key('a'), key('b'), key('c')) }),
  );
  t.is(attempts, 1);
  t.regex(failure.message, /refused: a .*not tried: b .*, c .*the server takes: password/);
  t.regex(failure.hint ?? '', /PubkeyAuthentication/);
});

test('a server that wants more than a key is told apart', async t => {
  const server = await serverFor(t, {
    onConnection: client =>
      client.prependListener('authentication', attempt => {
        const reject = attempt.reject.bind(attempt);
        attempt.reject = () => reject(['keyboard-interactive'], true);
      }),
    accept: () => false,
  });
  const { failure } = await hostError(
    t,
    connect(server.host(), { knownHosts: server.knownHosts, identities: ONE_KEY }),
  );
  t.is(failure.kind, 'authentication');
  t.regex(failure.message, /wants more than a key; the server takes: keyboard-interactive/);
});

test('a server that gives up after too many keys is told apart', async t => {
  const server = await serverFor(t, {
    accept: () => false,
    onConnection: client =>
      client.on('authentication', () => {
        const { _protocol: protocol } = client as unknown as {
          _protocol: { disconnect(reason: number): void };
        };
        protocol.disconnect(14);
      }),
  });
  const { failure } = await hostError(
    t,
    connect(server.host(), { knownHosts: server.knownHosts, identities: ONE_KEY }),
  );
  t.is(failure.kind, 'authentication');
  t.regex(failure.hint ?? '', /--private-key/);
});

test('a server that closes during the login is a network failure', async t => {
  const server = await serverFor(t, {
    onConnection: (client, socket) => client.prependListener('authentication', () => socket.destroy()),
  });
  const { failure } = await hostError(
    t,
    connect(server.host(), { knownHosts: server.knownHosts, identities: ONE_KEY }),
  );
  t.is(failure.kind, 'network');
  t.regex(failure.message, /during the login/);
});

test('a name without an address is told so', async t => {
  const host = { name: 'h1', address: 'no-such-host.invalid', port: 22, user: 'root' };
  const { outcome, failure } = await hostError(
    t,
    connect(host, { knownHosts: NOBODY_KNOWN, identities: ONE_KEY }),
  );
  t.deepEqual([outcome, failure.kind], ['unreachable', 'name']);
  t.regex(failure.message, /^no address is known for no-such-host\.invalid$/);
});

test('a port where nothing listens is told so', async t => {
  const server = await serverFor(t);
  const host = server.host();
  await server.close();
  t.teardown(() => {});
  const { failure } = await hostError(t, connect(host, { knownHosts: NOBODY_KNOWN, identities: ONE_KEY }));
  t.is(failure.kind, 'refused');
});

test('a port that cannot be is told so', async t => {
  const host = { name: 'h1', address: '127.0.0.1', port: 65_536, user: 'root' };
  const { failure } = await hostError(t, connect(host, { knownHosts: NOBODY_KNOWN, identities: ONE_KEY }));
  t.is(failure.kind, 'network');
  t.regex(failure.message, /65536/);
});

for (const [what, onSocket, kind, message] of [
  ['says nothing', () => {}, 'timeout', /did not greet as an SSH server within 1\.5 s/],
  ['hangs up at once', socket => socket.end(), 'handshake', /before handshake/],
  ['resets at once', socket => socket.resetAndDestroy(), 'network', /reset/],
  ['talks HTTP', socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'handshake', /no SSH handshake/],
  ['sends endless noise', socket => socket.write('x'.repeat(100_000)), 'handshake', /no SSH handshake/],
] as const satisfies readonly (readonly [string, (socket: Socket) => void, string, RegExp])[]) {
  test(`a server that ${what} is unreachable: ${kind}`, async t => {
    const port = await tcpServer(t, onSocket);
    const { outcome, failure } = await hostError(
      t,
      connect(
        { name: 'h1', address: '127.0.0.1', port, user: 'root' },
        { knownHosts: NOBODY_KNOWN, identities: ONE_KEY, limits: { tries: 1, greetingMs: 1500 } },
      ),
    );
    t.deepEqual([outcome, failure.kind], ['unreachable', kind]);
    t.regex(failure.message, message);
    t.truthy(failure.hint);
  });
}

test('a login that the server never decides ends at the time limit', async t => {
  const server = await serverFor(t, {
    onConnection: client => client.removeAllListeners('authentication').on('authentication', () => {}),
  });
  const { failure } = await hostError(
    t,
    connect(server.host(), { knownHosts: server.knownHosts, identities: ONE_KEY, limits: { allMs: 2000 } }),
  );
  t.is(failure.kind, 'timeout');
  t.regex(failure.message, /did not complete the login/);
});

for (const [what, algorithms] of [
  ['MACs of SHA-1', { hmac: ['hmac-sha1'], cipher: ['aes128-ctr'] }],
  ['ssh-rsa signatures', { serverHostKey: ['ssh-rsa'] }],
  ['key exchanges of SHA-1', { kex: ['diffie-hellman-group14-sha1'] }],
] as const) {
  test(`a server that offers nothing but ${what} is refused`, async t => {
    const server = await serverFor(t, {
      hostKeys: [RSA_KEY],
      settings: {
        algorithms: Object.fromEntries(Object.entries(algorithms).map(([kind, list]) => [kind, [...list]])),
      },
    });
    const { failure } = await hostError(
      t,
      connect(server.host(), { knownHosts: server.knownHosts, identities: ONE_KEY }),
    );
    t.is(failure.kind, 'handshake');
    t.regex(failure.message, /no matching/);
    t.regex(failure.hint ?? '', /no algorithm in common/);
  });
}

test('the signal ends a connect with its own reason, before it and during it', async t => {
  const port = await tcpServer(t, () => {});
  const host = { name: 'h1', address: '127.0.0.1', port, user: 'root' };
  const options = { knownHosts: NOBODY_KNOWN, identities: ONE_KEY };
  const reason = new Error('interrupted');
  await t.throwsAsync(connect(host, { ...options, signal: AbortSignal.abort(reason) }), { is: reason });
  const controller = new AbortController();
  const connecting = connect(host, { ...options, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 50);
  await t.throwsAsync(connecting, { is: reason });
});
