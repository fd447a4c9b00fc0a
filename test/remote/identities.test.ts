import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import ssh2 from 'ssh2';
import { InputError } from '../../src/core/input-error.ts';
import { listAgentKeys } from '../../src/remote/agent.ts';
import { checkPrivateKeys, type Identity, identitiesOf } from '../../src/remote/identities.ts';
import { startAgent } from './agents.ts';
import { newPrivateKey } from './embedded-server.ts';

async function home(t: ExecutionContext, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-home-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, '.ssh'));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, '.ssh', name), content, { mode: 0o600 });
  }
  return folder;
}

function encrypted(): string {
  return ssh2.utils.generateKeyPairSync('ed25519', { passphrase: 'secret', cipher: 'aes256-ctr', rounds: 4 })
    .private;
}

/** `kind:` and the file's name, or for the agent the comment. */
function summary(identities: readonly Identity[]): string[] {
  return identities.map(({ kind, source }) => `${kind}:${source.split('/').at(-1)}`);
}

test('without an agent the default files that exist are used, in the promised order', async t => {
  const folder = await home(t, {
    id_rsa: newPrivateKey('rsa'),
    id_ed25519: newPrivateKey('ed25519'),
    id_ecdsa: newPrivateKey('ecdsa'),
    id_other: newPrivateKey(),
  });
  const identities = identitiesOf({ home: folder, agentSocket: undefined });
  t.deepEqual(summary(await identities.list()), ['key:id_ed25519', 'key:id_ecdsa', 'key:id_rsa']);
  await rm(join(folder, '.ssh', 'id_ecdsa'));
  const fewer = identitiesOf({ home: folder, agentSocket: undefined });
  t.deepEqual(summary(await fewer.list()), ['key:id_ed25519', 'key:id_rsa']);
  t.is((await identities.list()).length, 3, 'files are read once');
});

test('an encrypted or broken default file is kept, as what it is', async t => {
  const folder = await home(t, { id_ed25519: encrypted(), id_rsa: 'no key' });
  const identities = identitiesOf({ home: folder, agentSocket: undefined });
  t.deepEqual(summary(await identities.list()), ['encrypted:id_ed25519', 'unusable:id_rsa']);
});

test('the agent comes before the default files, after a file named by the user; no key twice', async t => {
  const [shared, own, named] = [newPrivateKey(), newPrivateKey(), newPrivateKey()];
  const folder = await home(t, { id_ed25519: shared, id_ecdsa: newPrivateKey('ecdsa'), named, own });
  const agent = await startAgent(t, [join(folder, '.ssh', 'id_ed25519'), join(folder, '.ssh', 'own')]);
  const identities = identitiesOf({ home: folder, agentSocket: agent });
  t.deepEqual(
    (await identities.list()).map(({ kind }) => kind),
    ['agent', 'agent', 'key'],
  );
  t.deepEqual(
    (await identities.list(join(folder, '.ssh', 'named'))).map(({ kind }) => kind),
    ['key', 'agent', 'agent'],
  );
  t.deepEqual(
    (await identities.list(join(folder, '.ssh', 'own'))).map(({ kind }) => kind),
    ['key', 'agent'],
  );
});

test('of an encrypted file named by the user, the key in the agent comes first', async t => {
  const plain = newPrivateKey();
  const folder = await home(t, { first: newPrivateKey(), named: plain });
  const named = join(folder, '.ssh', 'named');
  const agent = await startAgent(t, [join(folder, '.ssh', 'first'), named]);
  await execa('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', named]);
  const found = await identitiesOf({ home: folder, agentSocket: agent }).list(named);
  t.deepEqual(
    found.map(({ kind }) => kind),
    ['agent', 'agent'],
  );
  const [first] = found;
  t.deepEqual(first && 'key' in first && first.key.getPublicSSH(), publicSsh(plain));
});

function publicSsh(privateKey: string): Buffer | undefined {
  const key = ssh2.utils.parseKey(privateKey);
  return key instanceof Error ? undefined : key.getPublicSSH();
}

test('an agent that is not there is named, and the files still count', async t => {
  const folder = await home(t, { id_ed25519: newPrivateKey() });
  const identities = identitiesOf({ home: folder, agentSocket: join(folder, 'gone') });
  t.deepEqual(summary(await identities.list()), ['unusable:gone', 'key:id_ed25519']);
});

test('an agent that hangs up is named', async t => {
  const folder = await home(t);
  const path = join(folder, 'rude');
  const server = createServer(socket => socket.destroy()).listen(path);
  t.teardown(() => server.close());
  await once(server, 'listening');
  t.deepEqual(summary(await identitiesOf({ home: folder, agentSocket: path }).list()), ['unusable:rude']);
});

test('an agent that never answers is given up', async t => {
  const path = join(await home(t), 'silent');
  const server = createServer(socket => socket.resume()).listen(path);
  await once(server, 'listening');
  await t.throwsAsync(listAgentKeys(path, 100), { message: 'the agent does not answer' });
  await new Promise(resolve => server.close(resolve));
});

test('key files that the user has named are checked before any host is contacted', async t => {
  const folder = await home(t, {
    good: newPrivateKey(),
    locked: encrypted(),
    broken: 'no key at all',
    'public.pub': ssh2.utils.generateKeyPairSync('ed25519').public,
  });
  const path = (name: string) => join(folder, '.ssh', name);
  await t.notThrowsAsync(checkPrivateKeys([path('good'), path('locked')]));
  const bad = ['broken', 'public.pub', 'missing'].map(path);
  const error = await t.throwsAsync(checkPrivateKeys([path('good'), ...bad, path('missing')]), {
    instanceOf: InputError,
  });
  t.deepEqual(
    error?.problems.map(({ place }) => place?.file),
    bad,
  );
  t.regex(error?.message ?? '', /missing: there is no such private key file/);
  t.regex(error?.message ?? '', /public\.pub: .*public key, not a private one/);
});

test('keys made by ssh-keygen are read, PEM and encrypted ones too', async t => {
  const folder = await home(t);
  const make = async (name: string, ...args: string[]) => {
    const file = join(folder, name);
    await execa('ssh-keygen', ['-q', '-f', file, '-C', '', ...args]);
    await chmod(file, 0o600);
    const [identity] = await identitiesOf({ home: folder, agentSocket: undefined }).list(file);
    return identity?.kind;
  };
  t.is(await make('ed', '-t', 'ed25519', '-N', ''), 'key');
  t.is(await make('ec', '-t', 'ecdsa', '-N', ''), 'key');
  t.is(await make('pem', '-t', 'rsa', '-m', 'PEM', '-b', '2048', '-N', ''), 'key');
  t.is(await make('edlocked', '-t', 'ed25519', '-N', 'secret'), 'encrypted');
  t.is(await make('pemlocked', '-t', 'rsa', '-m', 'PEM', '-b', '2048', '-N', 'secret'), 'encrypted');
});
