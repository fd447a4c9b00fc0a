import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { connect } from '../../src/remote/connect.ts';
import { openReach } from '../../src/remote/reach.ts';
import type { ConnectLimits } from '../../src/remote/retry.ts';
import { plainTarget } from '../../src/remote/target.ts';
import type { EmbeddedServer } from './embedded-server.ts';
import { hostError, ONE_KEY, serverFor } from './faults.ts';
import { knownHostsText } from './known.ts';

/** Stands before a server, and does something else with the first connections. */
async function doorman(
  t: ExecutionContext,
  server: EmbeddedServer,
  faults: readonly ((socket: Socket) => void)[],
) {
  let count = 0;
  const sockets = new Set<Socket>();
  const door = createServer(socket => {
    sockets.add(socket.on('error', () => {}));
    const fault = faults[count];
    count += 1;
    if (fault) {
      fault(socket);
      return;
    }
    const inside = connectTcp(server.port, '127.0.0.1');
    sockets.add(inside.on('error', () => {}));
    socket.pipe(inside).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  t.teardown(() => {
    door.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  const { port } = door.address() as AddressInfo;
  const [key] = server.hostKeys;
  const known = knownHostsText(`[127.0.0.1]:${port} ${key?.type} ${key?.getPublicSSH().toString('base64')}`);
  return {
    logIn: (limits: Partial<ConnectLimits> = {}) =>
      connect(server.host('root', { port }), { knownHosts: known, identities: ONE_KEY, limits }),
    get count() {
      return count;
    },
  };
}

const silent = () => {};
const hangUp = (socket: Socket) => socket.end();
const reset = (socket: Socket) => socket.resetAndDestroy();
const exceeded = (socket: Socket) => socket.end('Exceeded MaxStartups\r\n');

for (const [what, fault] of [
  ['hangs up before its banner', hangUp],
  ['resets before its banner', reset],
  ['says that it has too many already', exceeded],
  ['says nothing in time', silent],
] as const) {
  test(`a server that ${what} is tried again`, async t => {
    const door = await doorman(t, await serverFor(t), [fault, fault]);
    (await door.logIn({ greetingMs: 1500 })).close();
    t.is(door.count, 3);
  });
}

test('after the last try the error says how often it was tried', async t => {
  const door = await doorman(t, await serverFor(t), [hangUp, hangUp, hangUp]);
  const { failure } = await hostError(t, door.logIn({ tries: 2 }));
  t.is(door.count, 2);
  t.regex(failure.message, / \(tried 2 times\)$/);
});

test('what a server says after its banner is not asked again', async t => {
  const server = await serverFor(t, { accept: () => false });
  const door = await doorman(t, server, []);
  const { failure } = await hostError(t, door.logIn());
  t.deepEqual([failure.kind, door.count], ['authentication', 1]);
  const later = await doorman(t, server, [socket => socket.end('SSH-2.0-OpenSSH_9.9\r\n')]);
  t.deepEqual([(await hostError(t, later.logIn())).failure.kind, later.count], ['handshake', 1]);
  const unknown = await hostError(
    t,
    connect(server.host(), { knownHosts: knownHostsText(''), identities: ONE_KEY }),
  );
  t.is(unknown.failure.kind, 'host-key-unknown');
});

test('all tries together end in time, whatever the server does', async t => {
  const door = await doorman(t, await serverFor(t), [silent, silent, silent, silent]);
  const startedAt = performance.now();
  const { failure } = await hostError(t, door.logIn({ tries: 9, greetingMs: 700, allMs: 1800 }));
  t.is(failure.kind, 'timeout');
  t.true(performance.now() - startedAt < 10_000);
  t.true(door.count < 4, String(door.count));
});

test('the signal ends a wait for a turn, and leaves no connection', async t => {
  const server = await serverFor(t, {
    onConnection: client => client.removeAllListeners('authentication').on('authentication', () => {}),
  });
  const reach = openReach({ knownHosts: server.knownHosts, identities: ONE_KEY });
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const all = Array.from({ length: 30 }, () => reach.logIn(plainTarget(server.host()), controller.signal));
  setTimeout(() => controller.abort(reason), 500);
  for (const end of await Promise.allSettled(all)) {
    t.is(end.status === 'rejected' && end.reason, reason);
  }
  t.true(server.connections < 10, String(server.connections));
});
