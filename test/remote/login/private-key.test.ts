import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import ssh2 from 'ssh2';
import { Secret } from '../../../src/core/secret.ts';
import { openSshEd25519 } from '../../../src/remote/login/openssh-key.ts';
import { type PrivateKey, parsePrivateKey } from '../../../src/remote/login/private-key.ts';
import { newPrivateKey } from '../embedded-server.ts';

const PASSPHRASE = 'open sesame';

async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hookfleet-keys-'));
  t.teardown(() => rm(path, { recursive: true }));
  return path;
}

/** A key made by ssh-keygen, with its public key in wire form. */
async function generate(t: ExecutionContext, passphrase: string, ...args: readonly string[]) {
  const file = join(await folder(t), 'key');
  await execa('ssh-keygen', ['-q', '-a', '1', '-C', '', '-N', passphrase, '-f', file, ...args]);
  const [, base64 = ''] = (await readFile(`${file}.pub`, 'utf8')).split(' ');
  return { content: await readFile(file), publicKey: Buffer.from(base64, 'base64') };
}

/** What OpenSSL writes with these arguments. */
async function openssl(...args: readonly string[]): Promise<Buffer> {
  return Buffer.from((await execa('openssl', args)).stdout);
}

/** The key signs, and what it signs is valid for its own public key. */
function signs(found: PrivateKey): boolean {
  if (found.kind !== 'usable') {
    return false;
  }
  const hash = found.key.type === 'ssh-rsa' ? 'sha256' : undefined;
  return found.key.verify('text', found.key.sign('text', hash), hash);
}

const TYPES = [
  ['Ed25519', '-t', 'ed25519'],
  ['ECDSA 256', '-t', 'ecdsa', '-b', '256'],
  ['ECDSA 384', '-t', 'ecdsa', '-b', '384'],
  ['ECDSA 521', '-t', 'ecdsa', '-b', '521'],
  ['RSA', '-t', 'rsa', '-b', '2048'],
] as const;

const FORMATS = ['RFC4716', 'PEM', 'PKCS8'] as const;

for (const [type, ...args] of TYPES) {
  for (const format of FORMATS) {
    test(`${type} of ssh-keygen in the format ${format} is read, with a passphrase too`, async t => {
      const plain = await generate(t, '', ...args, '-m', format);
      const found = parsePrivateKey(plain.content);
      t.true(signs(found));
      t.deepEqual(found.kind === 'usable' && found.key.getPublicSSH(), plain.publicKey);

      const locked = await generate(t, PASSPHRASE, ...args, '-m', format);
      t.is(parsePrivateKey(locked.content).kind, 'encrypted');
      t.is(parsePrivateKey(locked.content, new Secret('wrong')).kind, 'wrong-passphrase');
      const opened = parsePrivateKey(locked.content, new Secret(PASSPHRASE));
      t.true(signs(opened));
      t.deepEqual(opened.kind === 'usable' && opened.key.getPublicSSH(), locked.publicKey);
    });
  }
}

test("an encrypted key in OpenSSH's format shows its public key", async t => {
  const { content, publicKey } = await generate(t, PASSPHRASE, '-t', 'ed25519');
  const found = parsePrivateKey(content);
  t.deepEqual(found.kind === 'encrypted' && found.publicKey, publicKey);
});

for (const cipher of ['aes256-cbc', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'] as const) {
  test(`a key that is encrypted with ${cipher} is opened`, async t => {
    const { content } = await generate(t, PASSPHRASE, '-t', 'ed25519', '-Z', cipher);
    t.true(signs(parsePrivateKey(content, new Secret(PASSPHRASE))));
    t.is(parsePrivateKey(content, new Secret('wrong')).kind, 'wrong-passphrase');
  });
}

test('a cipher that is not supported is named, not taken for a wrong passphrase', async t => {
  for (const cipher of ['chacha20-poly1305@openssh.com', '3des-cbc']) {
    const { content } = await generate(t, PASSPHRASE, '-t', 'ed25519', '-Z', cipher);
    const found = parsePrivateKey(content, new Secret(PASSPHRASE));
    t.regex(found.kind === 'unreadable' ? found.reason : found.kind, new RegExp(`${cipher}.*ssh-keygen -p`));
  }
});

test('keys of OpenSSL are read: PKCS#8 of Ed25519, SEC1 with parameters, encrypted PKCS#1', async t => {
  t.true(signs(parsePrivateKey(await openssl('genpkey', '-algorithm', 'ed25519'))));
  t.true(signs(parsePrivateKey(await openssl('ecparam', '-name', 'secp384r1', '-genkey'))));
  const pass = ['-passout', `pass:${PASSPHRASE}`];
  for (const locked of [
    await openssl('genpkey', '-algorithm', 'ed25519', '-aes256', '-pass', `pass:${PASSPHRASE}`),
    await openssl('genrsa', '-traditional', '-aes256', ...pass, '2048'),
    await openssl('genrsa', '-traditional', '-des3', ...pass, '2048'),
  ]) {
    t.is(parsePrivateKey(locked).kind, 'encrypted');
    t.true(signs(parsePrivateKey(locked, new Secret(PASSPHRASE))));
  }
});

test('however a wrong passphrase garbles an encrypted PEM key, it is a wrong passphrase', async t => {
  const locked = await openssl('genrsa', '-traditional', '-aes256', '-passout', `pass:${PASSPHRASE}`, '1024');
  const kinds = Array.from(
    { length: 1500 },
    (_, i) => parsePrivateKey(locked, new Secret(`wrong ${i}`)).kind,
  );
  t.deepEqual([...new Set(kinds)], ['wrong-passphrase']);
});

test('every Ed25519 key in PKCS#8 comes out as the same key, whatever bytes it has', t => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, bytes, (seed, point) => {
      const key = ssh2.utils.parseKey(openSshEd25519(Buffer.from(seed), Buffer.from(point)));
      return !(key instanceof Error) && key.getPublicSSH().subarray(-32).equals(point);
    }),
  );
  t.pass();
});

test('a public key is told from a private one', async t => {
  const { publicKey } = await generate(t, '', '-t', 'ed25519');
  const line = `ssh-ed25519 ${publicKey.toString('base64')} me@here\n`;
  t.deepEqual(parsePrivateKey(Buffer.from(line)), { kind: 'public', publicKey });
});

/** The public part is all that is looked at. */
function fidoKey(type: string): Buffer {
  const string = (text: string | Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.from(text).length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const publicKey = Buffer.concat([string(type), string(Buffer.alloc(32)), string('ssh:')]);
  const content = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[string('none'), string('none'), string(''), Buffer.from([0, 0, 0, 1])],
    ...[string(publicKey), string(Buffer.alloc(64))],
  ]);
  return Buffer.from(
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${content.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`,
  );
}

for (const [what, content, reason] of [
  [
    'a FIDO key',
    async () => fidoKey('sk-ssh-ed25519@openssh.com'),
    /security keys \(FIDO\) are not supported/,
  ],
  ['a FIDO key on a NIST curve', async () => fidoKey('sk-ecdsa-sha2-nistp256@openssh.com'), /FIDO/],
  ['a DSA key', async () => openssl('dsaparam', '-genkey', '-noout', '1024'), /of type dsa is not supported/],
  ['an Ed448 key', async () => openssl('genpkey', '-algorithm', 'ed448'), /of type ed448 is not supported/],
  [
    'a key on a curve of its own',
    async () => openssl('ecparam', '-name', 'secp256k1', '-genkey', '-noout'),
    /curve secp256k1 is not supported/,
  ],
  [
    'a PuTTY key of version 3',
    async () => Buffer.from('PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'),
    /PuTTY key of version 3.*puttygen FILE -O private-openssh/,
  ],
  [
    'a broken PEM file',
    async () => Buffer.from('-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----'),
    /OpenSSL cannot read it/,
  ],
  ['a text file', async () => Buffer.from('no key'), /Unsupported key format/],
] as const) {
  test(`${what} is named`, async t => {
    const found = parsePrivateKey(await content());
    t.regex(found.kind === 'unreadable' ? found.reason : found.kind, reason);
  });
}

test('a way of encryption that OpenSSL takes no more is named, with the way out', async t => {
  const file = join(await folder(t), 'plain');
  await writeFile(file, await openssl('genrsa', '-traditional', '1024'));
  const des = await openssl(
    ...['rsa', '-in', file, '-traditional', '-des', '-passout', `pass:${PASSPHRASE}`],
    ...['-provider', 'legacy', '-provider', 'default'],
  );
  const found = parsePrivateKey(des, new Secret(PASSPHRASE));
  t.regex(found.kind === 'unreadable' ? found.reason : found.kind, /takes no more/);
});

test('a key that ssh2 makes is read as before', t => {
  t.true(signs(parsePrivateKey(Buffer.from(newPrivateKey('ecdsa')))));
});
