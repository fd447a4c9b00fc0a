import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import ssh2 from 'ssh2';
import { InputError } from '../../../src/core/input-error.ts';
import { Secret } from '../../../src/core/secret.ts';
import { listAgentKeys } from '../../../src/remote/login/agent.ts';
import { type Identity, identitiesOf, type WantedIdentities } from '../../../src/remote/login/identities.ts';
import { startAgent } from '../agents.ts';
import { newPrivateKey, publicKey } from '../embedded-server.ts';

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

/** Without files named: what ssh would do on its own. */
const ANY: WantedIdentities = { files: undefined, only: false };

function named(...files: readonly string[]): WantedIdentities {
  return { files, only: false };
}

/** `kind:` and the file's name, or for the agent the comment. */
function summary(identities: readonly Identity[]): string[] {
  return identities.map(({ kind, source }) => `${kind}:${source.split('/').at(-1)?.replace(/\)$/, '')}`);
}

/** A home folder with keys of these names, and an agent that holds those that are said to be in it. */
async function withAgent(t: ExecutionContext, inAgent: readonly string[], onDisk: readonly string[] = []) {
  const names = [...new Set([...inAgent, ...onDisk])];
  const keys = Object.fromEntries(names.map(name => [name, newPrivateKey()]));
  const folder = await home(t, keys);
  const path = (name: string) => join(folder, '.ssh', name);
  const agentSocket = await startAgent(t, inAgent.map(path));
  for (const name of inAgent.filter(one => !onDisk.includes(one))) {
    await rm(path(name));
  }
  const publicPart = (name: string) => {
    const key = publicKey(keys[name] ?? '');
    return `${key.type} ${key.getPublicSSH().toString('base64')} ${name}\n`;
  };
  return { folder, path, keys, publicPart, identities: identitiesOf({ home: folder, agentSocket }) };
}

test('without an agent the default files that exist are used, in the promised order', async t => {
  const folder = await home(t, {
    id_rsa: newPrivateKey('rsa'),
    id_ed25519: newPrivateKey('ed25519'),
    id_ecdsa: newPrivateKey('ecdsa'),
    id_other: newPrivateKey(),
  });
  const identities = identitiesOf({ home: folder, agentSocket: undefined });
  t.deepEqual(summary(await identities.list(ANY)), ['key:id_ed25519', 'key:id_ecdsa', 'key:id_rsa']);
  await rm(join(folder, '.ssh', 'id_ecdsa'));
  const fewer = identitiesOf({ home: folder, agentSocket: undefined });
  t.deepEqual(summary(await fewer.list(ANY)), ['key:id_ed25519', 'key:id_rsa']);
  t.is((await identities.list(ANY)).length, 3, 'files are read once');
});

test('an encrypted or broken default file is kept, as what it is', async t => {
  const folder = await home(t, { id_ed25519: encrypted(), id_rsa: 'no key' });
  const identities = identitiesOf({ home: folder, agentSocket: undefined });
  t.deepEqual(summary(await identities.list(ANY)), ['encrypted:id_ed25519', 'unusable:id_rsa']);
});

test('without files named: the keys of default files first, then the others of the agent, then files; none twice', async t => {
  const { identities } = await withAgent(t, ['other', 'id_ecdsa'], ['id_ecdsa', 'id_rsa', 'id_ed25519']);
  t.deepEqual(summary(await identities.list(ANY)), [
    'agent:id_ecdsa',
    'agent:other',
    'key:id_ed25519',
    'key:id_rsa',
  ]);
});

test('with files named, nothing but those is tried, from the agent where it has them', async t => {
  const { identities, path } = await withAgent(t, ['first', 'second', 'third'], ['second', 'outside']);
  t.deepEqual(summary(await identities.list(named(path('outside'), path('second')))), [
    'key:outside',
    'agent:second',
    'unusable:agent',
  ]);
  const left = (await identities.list(named(path('second')))).at(-1);
  t.is(left?.kind === 'unusable' && left.reason, '2 other keys: not among the named ones');
});

test('IdentitiesOnly without files means the default files', async t => {
  const { identities } = await withAgent(t, ['other', 'id_rsa'], ['id_rsa', 'id_ed25519']);
  t.deepEqual(summary(await identities.list({ files: undefined, only: true })), [
    'key:id_ed25519',
    'agent:id_rsa',
    'unusable:agent',
  ]);
});

test('no files at all (IdentityFile none) leaves the agent, and with IdentitiesOnly nothing', async t => {
  const { identities } = await withAgent(t, ['a'], ['id_rsa']);
  t.deepEqual(summary(await identities.list({ files: [], only: false })), ['agent:a']);
  t.deepEqual(summary(await identities.list({ files: [], only: true })), ['unusable:agent']);
});

test('another agent can be named for a host, or none', async t => {
  const { identities } = await withAgent(t, ['a']);
  const other = await withAgent(t, ['b'], ['b']);
  const agentSocket = await startAgent(t, [other.path('b')]);
  t.deepEqual(summary(await identities.list({ ...ANY, agentSocket })), ['agent:b']);
  t.deepEqual(summary(await identities.list({ ...ANY, agentSocket: null })), []);
  t.deepEqual(summary(await identities.list({ ...ANY, agentSocket: undefined })), ['agent:a']);
});

test('of an encrypted file, and of one of which only the public key is there, the agent has the key', async t => {
  const { identities, path, publicPart } = await withAgent(t, ['locked', 'gone', 'named'], ['locked']);
  await execa('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', path('locked')]);
  await writeFile(`${path('gone')}.pub`, publicPart('gone'));
  await writeFile(path('named.pub'), publicPart('named'));
  const files = [path('locked'), path('gone'), path('named.pub')];
  await t.notThrowsAsync(identities.check(files));
  t.deepEqual(summary(await identities.list(named(...files))), ['agent:locked', 'agent:gone', 'agent:named']);
});

test('of an encrypted PEM file, which does not show its public key, the .pub file beside it does', async t => {
  const { identities, path, publicPart } = await withAgent(t, ['locked'], ['locked']);
  await execa('openssl', [
    ...['genpkey', '-algorithm', 'ed25519', '-aes256', '-pass', 'pass:secret', '-out', path('locked')],
  ]);
  await writeFile(`${path('locked')}.pub`, publicPart('locked'));
  t.deepEqual(summary(await identities.list(named(path('locked')))), ['agent:locked']);
});

test('of many keys in the agent as many are tried as a server lets fail, and those left out are named', async t => {
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const { identities } = await withAgent(t, [...many, 'id_rsa'], ['id_rsa', 'id_ed25519']);
  const found = await identities.list(ANY);
  t.deepEqual(summary(found), [
    ...['agent:id_rsa', 'agent:a', 'agent:b', 'agent:c', 'key:id_ed25519'],
    ...['unusable:d', 'unusable:e', 'unusable:f', 'unusable:g'],
  ]);
  const last = found.at(-1);
  t.is(last?.kind === 'unusable' && last.reason, 'at most 5 keys are tried');
  t.truthy(last?.kind === 'unusable' && last.publicKey, 'its fingerprint can be told');
});

/** A certificate for a key, beside it; loaded into the agent along with the key. */
async function certify(t: ExecutionContext, file: string): Promise<void> {
  const authority = join(await home(t), 'ca');
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', authority]);
  await execa('ssh-keygen', ['-q', '-s', authority, '-I', 'id', '-n', 'root', `${file}.pub`]);
}

test('a certificate is named, beside a file and in the agent', async t => {
  const { identities, path, publicPart } = await withAgent(t, [], ['with-certificate']);
  const file = path('with-certificate');
  await writeFile(`${file}.pub`, publicPart('with-certificate'));
  await certify(t, file);
  const found = await identities.list(named(file));
  t.deepEqual(summary(found), ['key:with-certificate', 'unusable:with-certificate-cert.pub']);
  t.like(found[1], { reason: 'certificates are not supported' });

  const socket = await startAgent(t, [file]);
  const held = await identities.list({ ...ANY, agentSocket: socket });
  t.deepEqual(
    held.map(one => (one.kind === 'unusable' ? one.reason : one.kind)),
    ['agent', 'certificates are not supported'],
  );
});

test('an agent that is not there is named, and the files still count', async t => {
  const folder = await home(t, { id_ed25519: newPrivateKey() });
  const identities = identitiesOf({ home: folder, agentSocket: join(folder, 'gone') });
  t.deepEqual(summary(await identities.list(ANY)), ['unusable:gone', 'key:id_ed25519']);
});

/** A program that listens as an agent would. */
async function listener(t: ExecutionContext, onSocket: (socket: Socket) => void): Promise<string> {
  const path = join(await home(t), 'agent');
  const server = createServer(socket => onSocket(socket.on('error', () => {}))).listen(path);
  t.teardown(() => server.close());
  await once(server, 'listening');
  return path;
}

/** An answer of an agent: its length and its bytes. */
function message(...bytes: readonly number[]): Buffer {
  return Buffer.from([0, 0, 0, bytes.length, ...bytes]);
}

for (const [what, onSocket, error] of [
  ['hangs up', socket => socket.destroy(), /^the agent hung up$/],
  ['never answers', socket => socket.resume(), /the agent does not answer/],
  ['refuses', socket => socket.write(message(5)), /refused to list its keys/],
  ['speaks something else', socket => socket.write('HTTP/1.1 400\r\n'), /does not speak the protocol/],
  ['announces a key and does not send it', socket => socket.write(message(12, 0, 0, 0, 1)), /cannot be read/],
] as const satisfies readonly (readonly [string, (socket: Socket) => void, RegExp])[]) {
  test(`an agent that ${what} is given up, and the reason told`, async t => {
    await t.throwsAsync(listAgentKeys(await listener(t, onSocket), 500), { message: error });
  });
}

test('an answer that comes byte by byte is put together', async t => {
  const path = await listener(t, socket => {
    for (const [i, byte] of [...message(12, 0, 0, 0, 0)].entries()) {
      setTimeout(() => socket.write(Buffer.from([byte])), i);
    }
  });
  t.deepEqual(await listAgentKeys(path), []);
});

test('keys of the agent that cannot be used are kept, as what they are', async t => {
  const word = (text: string | Buffer) =>
    Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
  const blob = (type: string) => Buffer.concat([word(type), word('x'.repeat(32)), word('ssh:')]);
  const entries = ['sk-ssh-ed25519@openssh.com', 'ssh-dss', 'ssh-unheard-of'].flatMap(type => [
    word(blob(type)),
    word(`my ${type}`),
  ]);
  const content = Buffer.concat([Buffer.from([12, 0, 0, 0, 3]), ...entries]);
  const path = await listener(t, socket => {
    socket.write(Buffer.concat([Buffer.from([0, 0, content.length >> 8, content.length & 0xff]), content]));
  });
  const found = await identitiesOf({ home: await home(t), agentSocket: path }).list(ANY);
  t.deepEqual(
    found.map(one => one.kind === 'unusable' && `${one.source}: ${one.reason}`),
    [
      'agent (my sk-ssh-ed25519@openssh.com): security keys (FIDO) are not supported',
      'agent (my ssh-dss): DSA keys are not supported, and no server of today takes them',
      'agent (my ssh-unheard-of): keys of type ssh-unheard-of are not supported',
    ],
  );
});

test('key files that the user has named are checked before any host is contacted', async t => {
  const folder = await home(t, {
    good: newPrivateKey(),
    locked: encrypted(),
    broken: 'no key at all',
    'public.pub': ssh2.utils.generateKeyPairSync('ed25519').public,
  });
  const path = (name: string) => join(folder, '.ssh', name);
  const identities = identitiesOf({ home: folder, agentSocket: undefined });
  await t.notThrowsAsync(identities.check([path('good'), path('locked')]));
  const bad = ['broken', 'public.pub', 'missing'].map(path);
  const error = await t.throwsAsync(identities.check([path('good'), ...bad, path('missing')]), {
    instanceOf: InputError,
  });
  t.deepEqual(
    error?.problems.map(({ place }) => place?.file),
    bad,
  );
  t.regex(error?.message ?? '', /missing: there is no such private key file/);
  t.regex(error?.message ?? '', /public\.pub: it holds a public key, not a private one/);
});

/** Answers with these texts, one after the other, and notes what was asked. */
function answers(...texts: readonly string[]) {
  const asked: string[] = [];
  const left = [...texts];
  return {
    asked,
    ask: async (file: string, refused: number) => {
      asked.push(`${file.split('/').at(-1)} ${refused}`);
      const text = left.shift();
      return text === undefined ? undefined : new Secret(text);
    },
  };
}

test('an encrypted file that is named is opened, once for the whole run', async t => {
  const folder = await home(t, { locked: encrypted(), open: newPrivateKey() });
  const path = (name: string) => join(folder, '.ssh', name);
  const identities = identitiesOf({ home: folder, agentSocket: undefined });
  const { ask, asked } = answers('wrong', 'worse', 'secret');
  t.deepEqual(await identities.unlock([path('locked'), path('open'), path('locked')], ask), []);
  t.deepEqual(asked, ['locked 0', 'locked 1', 'locked 2']);
  t.deepEqual(summary(await identities.list(named(path('locked')))), ['key:locked']);
  t.deepEqual(await identities.unlock([path('locked')], ask), [], 'it is open');
  t.is(asked.length, 3);
});

test('a file that stays closed is told, and stays encrypted', async t => {
  const folder = await home(t, { locked: encrypted() });
  const path = join(folder, '.ssh', 'locked');
  const identities = identitiesOf({ home: folder, agentSocket: undefined });
  t.deepEqual(await identities.unlock([path], answers('wrong').ask), [path]);
  t.deepEqual(summary(await identities.list(named(path))), ['encrypted:locked']);
});

test('nobody is asked for a file whose key the agent holds', async t => {
  const { identities, path } = await withAgent(t, ['locked'], ['locked']);
  await execa('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', path('locked')]);
  const { ask, asked } = answers();
  t.deepEqual(await identities.unlock([path('locked')], ask), []);
  t.deepEqual(asked, []);
});

test('a default file is asked for where nothing else can be used, and no further one once one is open', async t => {
  const folder = await home(t, { id_ed25519: encrypted(), id_ecdsa: encrypted(), id_rsa: encrypted() });
  const path = (name: string) => join(folder, '.ssh', name);
  const identities = identitiesOf({ home: folder, agentSocket: undefined });
  const skipped: string[] = [];
  const ask = async (file: string) => {
    skipped.push(file);
    return file === path('id_ecdsa') ? new Secret('secret') : undefined;
  };
  t.deepEqual(await identities.unlock(undefined, ask), []);
  t.deepEqual(skipped, [path('id_ed25519'), path('id_ecdsa')]);
  t.deepEqual(summary(await identities.list(ANY)), [
    'encrypted:id_ed25519',
    'key:id_ecdsa',
    'encrypted:id_rsa',
  ]);
});

test('no default file is asked for where the agent has a key or another file is open', async t => {
  const { ask, asked } = answers();
  const { folder, path, identities } = await withAgent(t, ['some']);
  await writeFile(path('id_ed25519'), encrypted());
  t.deepEqual(await identities.unlock(undefined, ask), []);
  await copyFile(path('id_ed25519'), path('id_ecdsa'));
  await writeFile(path('id_rsa'), newPrivateKey());
  t.deepEqual(await identitiesOf({ home: folder, agentSocket: undefined }).unlock(undefined, ask), []);
  t.deepEqual(asked, []);
});
