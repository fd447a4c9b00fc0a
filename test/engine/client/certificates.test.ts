import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { EngineAccess } from '../../../src/engine/client/access.ts';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { EngineApiError } from '../../../src/engine/client/engine-api-error.ts';
import { systemCa } from '../../../src/engine/client/system-ca.ts';
import { certificatesIn } from '../../../src/engine/client/trusted-ca.ts';
import { makeCa } from './stand-in/certificates.ts';
import { type StandIn, startApi, startPlain } from './stand-in/stand-in.ts';

async function failureOf(t: ExecutionContext, access: EngineAccess) {
  const api = openEngineApi(access);
  const error = await t.throwsAsync(api.get('/hosts'), { instanceOf: EngineApiError });
  await api.close();
  const { kind = '', message = '', hint = '' } = error?.failure ?? {};
  return { outcome: error?.outcome, kind, message, hint: hint ?? '' };
}

/** Nobody that is not trusted may see a password. */
function saidNothing(t: ExecutionContext, engine: StandIn): void {
  t.deepEqual(engine.requests, []);
}

test('a certificate of another authority is refused, and told with who has signed it', async t => {
  const engine = await startApi(t);
  const other = await makeCa('another.example.org.777');
  const failure = await failureOf(t, { ...engine.access, ca: other.cert });
  t.deepEqual([failure.outcome, failure.kind], ['unreachable', 'engine-certificate']);
  t.is(failure.message, "The engine's certificate is not signed by the given authority");
  t.regex(
    failure.hint,
    /that of engine\.example\.org, signed by engine\.example\.org\.12345, valid from \d{4}-/,
  );
  t.regex(failure.hint, /--engine-ca FILE/);
  saidNothing(t, engine);
});

test('the authority of an engine that was set up anew under its old name is not the old one', async t => {
  const engine = await startApi(t);
  const old = await makeCa();
  const failure = await failureOf(t, { ...engine.access, ca: old.cert });
  t.is(failure.message, "The engine's certificate is not signed by the given authority");
  saidNothing(t, engine);
});

test('without an authority of its own, that of the system holds', async t => {
  const engine = await startApi(t);
  const { url, user, password } = engine.access;
  const failure = await failureOf(t, { url, user, password });
  t.is(failure.message, "The engine's certificate is not signed by an authority that this system trusts");
  saidNothing(t, engine);
});

test('a certificate for another name is refused, and told with its names', async t => {
  const engine = await startApi(t, { certificate: { names: ['DNS:engine.example.org', 'DNS:engine'] } });
  const failure = await failureOf(t, engine.access);
  t.is(failure.message, "The engine's certificate is not for the name 127.0.0.1");
  t.regex(failure.hint, /It is for engine\.example\.org, engine\./);
  saidNothing(t, engine);
});

test('an expired certificate is refused, and told with its days', async t => {
  const engine = await startApi(t, { certificate: { days: -1 } });
  const failure = await failureOf(t, engine.access);
  t.regex(failure.message, /has expired$/);
  t.regex(failure.hint, /valid from \S+ to \d{4}-\d\d-\d\d/);
  saidNothing(t, engine);
});

test('a port without TLS is told so', async t => {
  const engine = await startApi(t);
  const port = await startPlain(t);
  const failure = await failureOf(t, { ...engine.access, url: `https://127.0.0.1:${port}` });
  t.deepEqual(
    [failure.kind, failure.message],
    ['engine-unreachable', `What listens at port ${port} does not speak TLS`],
  );
});

test('nobody at the port, and a name that is not known, are told apart', async t => {
  const engine = await startApi(t);
  await engine.close();
  t.regex((await failureOf(t, engine.access)).message, /^Nothing listens at the engine's port \d+$/);
  const unknown = await failureOf(t, { ...engine.access, url: 'https://engine.invalid' });
  t.is(unknown.message, 'The name of the engine, engine.invalid, is not known');
});

test('of a file of authorities the certificates count, and nothing else in it', async t => {
  const ca = await makeCa();
  t.is(certificatesIn(`Bag Attributes\n${ca.key}${ca.cert}\n`), ca.cert);
  t.is(certificatesIn(ca.key), undefined);
  t.is(certificatesIn(ca.cert.replace(/\n.{10}/, '\nAAAAAAAAAA')), undefined);
  t.is(certificatesIn(''), undefined);
});

test("the system's authorities are those of SSL_CERT_FILE, as everywhere", async t => {
  const file = join(await mkdtemp(join(tmpdir(), 'hookfleet-ca-')), 'bundle.pem');
  t.teardown(() => rm(dirname(file), { recursive: true }));
  await writeFile(file, 'certificates');
  t.is(systemCa({ SSL_CERT_FILE: file }), 'certificates');
  t.is(systemCa({ SSL_CERT_FILE: `${file}.gone` }), undefined);
});

test('a server that shows its certificate byte by byte is not waited for without end', async t => {
  const engine = await startApi(t);
  const other = await makeCa('another.example.org.777');
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => {}));
    connections += 1;
    if (connections === 1) {
      const through = connect(engine.port, '127.0.0.1').on('error', () => {});
      sockets.add(through);
      socket.pipe(through).pipe(socket);
      return;
    }
    // The beginning of a handshake record of 16 KB.
    socket.write(Buffer.from([22, 3, 3, 64, 0]));
    const drip = setInterval(() => socket.write('\0'), 500);
    socket.once('close', () => clearInterval(drip));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}`;
  const failure = await failureOf(t, { ...engine.access, url, ca: other.cert });
  t.is(failure.message, "The engine's certificate is not signed by the given authority");
  t.false(failure.hint.includes('The certificate is that of'));
  t.is(connections, 2);
});
