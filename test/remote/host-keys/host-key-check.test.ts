import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Host } from '../../../src/core/host.ts';
import { connect } from '../../../src/remote/connect.ts';
import { fingerprint } from '../../../src/remote/host-keys/host-key.ts';
import type { NewHostKey } from '../../../src/remote/host-keys/host-key-check.ts';
import { knownHostsOf } from '../../../src/remote/host-keys/known-hosts.ts';
import { newPrivateKey, publicKey } from '../embedded-server.ts';
import { hostError, ONE_KEY, serverFor } from '../faults.ts';
import { knownHostsText } from '../known.ts';

const HOST_KEY = newPrivateKey();
const OTHER = publicKey(newPrivateKey());
const RSA_KEY = newPrivateKey('rsa');
const ACCEPT = { hostKeyChecking: 'accept-new' } as const;

async function fileFor(t: ExecutionContext, text = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-accept-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'known_hosts');
  await writeFile(file, text);
  return file;
}

function line(name: string, key = OTHER): string {
  return `${name} ${key.type} ${key.getPublicSSH().toString('base64')}\n`;
}

/** Connects once and tells what was said of keys; the session is closed at once. */
async function logIn(host: Host, file: string): Promise<NewHostKey[]> {
  const told: NewHostKey[] = [];
  const session = await connect(host, {
    knownHosts: knownHostsOf({ files: [file] }),
    identities: ONE_KEY,
    onNewHostKey: key => told.push(key),
  });
  session.close();
  return told;
}

test('accept-new records the first key of a host, hashed, and tells which; from then on the host is known', async t => {
  const server = await serverFor(t, { hostKeys: [HOST_KEY] });
  const file = await fileFor(t, '# mine\n');
  const told = await logIn(server.host('root', ACCEPT), file);
  const [key] = server.hostKeys;
  t.deepEqual(told, [
    {
      name: 'h1',
      address: '127.0.0.1',
      port: server.port,
      type: 'ssh-ed25519',
      fingerprint: fingerprint(key?.getPublicSSH() ?? Buffer.alloc(0)),
      recordedIn: file,
      remark: '',
    },
  ]);
  const text = await readFile(file, 'utf8');
  t.regex(text, /^# mine\n\|1\|\S+ ssh-ed25519 \S+\n$/);
  t.deepEqual(await logIn(server.host('root', ACCEPT), file), []);
  t.deepEqual(await logIn(server.host(), file), [], 'with strict checking too');
  t.is(await readFile(file, 'utf8'), text);
});

test('many hosts at one address, accepted at once, are one entry', async t => {
  const server = await serverFor(t, { hostKeys: [HOST_KEY] });
  const file = await fileFor(t);
  const knownHosts = knownHostsOf({ files: [file] });
  const told: NewHostKey[] = [];
  const sessions = await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      connect(server.host('root', { ...ACCEPT, name: `h${i}` }), {
        knownHosts,
        identities: ONE_KEY,
        onNewHostKey: key => told.push(key),
      }),
    ),
  );
  for (const session of sessions) {
    session.close();
  }
  t.is((await readFile(file, 'utf8')).split('\n').length, 2);
  t.is(told.length, 1);
});

for (const [what, textFor, kind, message] of [
  ['another key on record', (name: string) => line(name), 'host-key-changed', /has changed/],
  [
    'a key of another type on record',
    (name: string) => line(name, publicKey(RSA_KEY)),
    'host-key-changed',
    /on record ssh-rsa/,
  ],
  [
    'the key revoked',
    () => `@revoked ${line('*', publicKey(HOST_KEY))}`,
    'host-key-revoked',
    /known_hosts:1/,
  ],
  [
    'an authority on record',
    () => `@cert-authority ${line('*')}`,
    'host-key-unknown',
    /known only by an authority .* @cert-authority ssh-ed25519 SHA256:\S+ \(\S+known_hosts:1\)/,
  ],
] as const) {
  test(`accept-new accepts nothing with ${what}`, async t => {
    const server = await serverFor(t, { hostKeys: [HOST_KEY] });
    const text = textFor(`[127.0.0.1]:${server.port}`);
    const file = await fileFor(t, text);
    const { failure } = await hostError(t, logIn(server.host('root', ACCEPT), file));
    t.is(failure.kind, kind);
    t.regex(failure.message, message);
    t.is(await readFile(file, 'utf8'), text);
  });
}

test('a key that cannot be recorded is not accepted, and no login is tried', async t => {
  let logins = 0;
  const server = await serverFor(t, {
    hostKeys: [HOST_KEY],
    accept: () => {
      logins += 1;
      return true;
    },
  });
  const { failure } = await hostError(t, logIn(server.host('root', ACCEPT), '/dev/null'));
  t.is(failure.kind, 'host-key-unrecorded');
  t.regex(failure.message, /could not be recorded: ssh-ed25519 SHA256:.*not a regular file/);
  t.is(logins, 0);
});

test('a key that the host does not prove to have is not recorded', async t => {
  const server = await serverFor(t, {
    hostKeys: [HOST_KEY],
    onConnection: client => {
      // The signature of another key: its public part is presented all the same.
      const { _protocol: protocol } = client as unknown as {
        _protocol: { _hostKeys: Record<string, object> };
      };
      const other = publicKey(newPrivateKey());
      for (const [type, key] of Object.entries(protocol._hostKeys)) {
        protocol._hostKeys[type] = Object.assign(Object.create(key), { sign: other.sign.bind(other) });
      }
    },
  });
  const file = await fileFor(t);
  const { failure } = await hostError(t, logIn(server.host('root', ACCEPT), file));
  t.is(failure.kind, 'handshake');
  t.regex(failure.message, /signature/);
  t.is(await readFile(file, 'utf8'), '');
});

test('an unknown key is told with what is on record all the same', async t => {
  const server = await serverFor(t, { hostKeys: [HOST_KEY] });
  const told: NewHostKey[] = [];
  await hostError(
    t,
    connect(server.host(), {
      knownHosts: knownHostsText(`@cert-authority ${line('*')}`),
      identities: ONE_KEY,
      onNewHostKey: key => told.push(key),
    }),
  );
  t.is(told.length, 1);
  t.is(told[0]?.recordedIn, undefined);
  t.regex(told[0]?.remark ?? '', /@cert-authority ssh-ed25519 SHA256:\S+ \(\S+:1\)/);
});

test('errors name the command to type: ssh-keygen -R for the records of the host, trust for the new key', async t => {
  const server = await serverFor(t, { hostKeys: [HOST_KEY] });
  const name = `[127.0.0.1]:${server.port}`;
  const options = { identities: ONE_KEY, trustCommand: () => 'hookfleet trust -i hosts.ini h1' };
  const changed = await hostError(
    t,
    connect(server.host(), {
      ...options,
      knownHosts: knownHostsText(line(name), "/home/o'neil/known_hosts"),
    }),
  );
  t.true(
    changed.failure.hint?.endsWith(
      `: ssh-keygen -R '${name}' -f '/home/o'\\''neil/known_hosts'; then: hookfleet trust -i hosts.ini h1`,
    ),
    String(changed.failure.hint),
  );
  const shared = await hostError(
    t,
    connect(server.host(), { ...options, knownHosts: knownHostsText(`\n${line('[127.0.0.*]:*')}`, '/k') }),
  );
  t.regex(
    shared.failure.hint ?? '',
    /: correct line 2 of \/k, which is for several hosts; then: hookfleet trust/,
  );
  const unknown = await hostError(t, connect(server.host(), { ...options, knownHosts: knownHostsText('') }));
  t.regex(unknown.failure.hint ?? '', /ssh_host_ed25519_key\.pub\), then: hookfleet trust -i hosts\.ini h1$/);
});
