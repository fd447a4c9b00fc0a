import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { fingerprint, hostKeyAlgorithms, judgeHostKey, wireType } from '../../src/remote/host-key.ts';
import {
  defaultKnownHostsFiles,
  type KnownKeys,
  knownHostsOf,
  parseKnownHosts,
  readKnownHosts,
  readNamedKnownHosts,
} from '../../src/remote/known-hosts.ts';
import { newPrivateKey, publicKey } from './embedded-server.ts';

const ed25519 = publicKey(newPrivateKey('ed25519'));
const otherEd25519 = publicKey(newPrivateKey('ed25519'));
const ecdsa = publicKey(newPrivateKey('ecdsa'));
const rsa = publicKey(newPrivateKey('rsa'));

const ED = record(ed25519);
const RSA = record(rsa);

function record(key: typeof ed25519): string {
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

function lookup(text: string, address: string, port = 22): KnownKeys {
  return knownHostsOf(parseKnownHosts(text, '/f')).lookup(address, port);
}

function types(text: string, address: string, port = 22): string[] {
  const { trusted, withoutPort } = lookup(text, address, port);
  return [...trusted, ...withoutPort].map(key => `${key.type}:${key.place.line}`);
}

for (const [names, address, port, found] of [
  ['h1', 'h1', 22, true],
  ['h1', 'H1', 22, true],
  ['H1', 'h1', 22, true],
  ['h1', 'h11', 22, false],
  ['a,h1,10.0.0.1', '10.0.0.1', 22, true],
  ['10.0.0.1', '10a0b0c1', 22, false],
  ['*.example.com', 'h1.example.com', 22, true],
  ['*.example.com', 'example.com', 22, false],
  ['h?', 'h1', 22, true],
  ['h?', 'h10', 22, false],
  ['*,!h1', 'h1', 22, false],
  ['!h1,*', 'h1', 22, false],
  ['*,!h1', 'h2', 22, true],
  ['!h1', 'h2', 22, false],
  ['[h1]:2222', 'h1', 2222, true],
  ['[h1]:2222', 'h1', 22, false],
  ['[h1]:2222', 'h1', 2223, false],
  ['[*.example.com]:2222', 'h1.example.com', 2222, true],
  ['h1', 'h1', 2222, true],
  ['fe80::1', 'fe80::1', 22, true],
  ['[fe80::1]:2222', 'fe80::1', 2222, true],
] as const) {
  test(`a line for ${names} is ${found ? '' : 'not '}about ${address} port ${port}`, t => {
    t.deepEqual(types(`${names} ${ED}`, address, port), found ? ['ssh-ed25519:1'] : []);
  });
}

test('lines that are no key are passed over, and line numbers stay right', t => {
  const text = [
    '# a comment',
    '',
    '   ',
    'h1',
    'h1 ssh-ed25519',
    `h1 ssh-rsa ${ED.split(' ')[1]}`,
    'h1 1024 35 1234567890',
    `@cert-authority h1 ${ED}`,
    `@unknown h1 ${ED}`,
    `|2|x|y ${ED}`,
    `  h1\t${ED} a comment\r`,
  ].join('\n');
  t.deepEqual(types(text, 'h1'), ['ssh-ed25519:11']);
});

test('a revoked key is not trusted, wherever else it stands', t => {
  const text = `h1 ${ED}\n@revoked * ${ED}\nh1 ${RSA}\n`;
  const known = lookup(text, 'h1');
  t.is(judgeHostKey(ed25519.getPublicSSH(), known).kind, 'revoked');
  t.is(judgeHostKey(rsa.getPublicSSH(), known).kind, 'known');
});

test('a key of another port is trusted if it fits, and is no sign of a change if not', t => {
  const known = lookup(`h1 ${ED}\n`, 'h1', 2222);
  t.is(judgeHostKey(ed25519.getPublicSSH(), known).kind, 'known');
  t.is(judgeHostKey(otherEd25519.getPublicSSH(), known).kind, 'unknown');
});

test('a host key is known, unknown or changed', t => {
  t.deepEqual(judgeHostKey(ed25519.getPublicSSH(), lookup('', 'h1')), { kind: 'unknown' });
  t.deepEqual(judgeHostKey(ed25519.getPublicSSH(), lookup(`h1 ${RSA}\nh1 ${ED}`, 'h1')), { kind: 'known' });
  const changed = judgeHostKey(otherEd25519.getPublicSSH(), lookup(`\nh1 ${ED}`, 'h1'));
  t.is(changed.kind, 'changed');
  t.deepEqual(changed.kind === 'changed' && changed.records.map(({ place }) => place), [
    { file: '/f', line: 2 },
  ]);
  t.is(
    judgeHostKey(ecdsa.getPublicSSH(), lookup(`h1 ${ED}`, 'h1')).kind,
    'changed',
    'another type than on record',
  );
});

test('a record of a type that cannot be asked for is no sign of a change', t => {
  const wire = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-dss'), Buffer.alloc(20)]);
  const known = lookup(`h1 ssh-dss ${wire.toString('base64')}`, 'h1');
  t.is(known.trusted.length, 1);
  t.is(judgeHostKey(ed25519.getPublicSSH(), known).kind, 'unknown');
});

test('the key types on record are asked for first, SHA-1 signatures never', t => {
  const all = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];
  t.deepEqual(hostKeyAlgorithms(lookup('', 'h1')), [...all, 'rsa-sha2-512', 'rsa-sha2-256']);
  t.deepEqual(hostKeyAlgorithms(lookup(`h1 ${RSA}`, 'h1')), ['rsa-sha2-512', 'rsa-sha2-256', ...all]);
  t.deepEqual(hostKeyAlgorithms(lookup(`h1 ${record(ecdsa)}`, 'h1', 2222)).slice(0, 2), [
    'ecdsa-sha2-nistp256',
    'ssh-ed25519',
  ]);
});

test('bytes that are no key have no type', t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), bytes => {
      const type = wireType(Buffer.from(bytes));
      t.true(type === undefined || type.length < bytes.length - 4);
    }),
  );
  t.is(wireType(rsa.getPublicSSH()), 'ssh-rsa');
});

test('the files of this user and of the machine are read', t => {
  t.deepEqual(defaultKnownHostsFiles('/home/u'), ['/home/u/.ssh/known_hosts', '/etc/ssh/ssh_known_hosts']);
});

test('names hashed by ssh-keygen -H are found as the plain ones are, fingerprints are those of ssh-keygen -l', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-known-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'known_hosts');
  await writeFile(
    file,
    `h1,10.0.0.1 ${ED}\n[h1]:2222 ${RSA}\nh2.example.com ${record(ecdsa)}\n# the end\n*.wild ${ED}\n`,
  );
  const plain = await readKnownHosts([file]);
  await execa('ssh-keygen', ['-H', '-f', file]);
  const hashed = await readKnownHosts([file, join(folder, 'missing')]);
  t.deepEqual(hashed.unreadable, []);
  const keys = ({ trusted, withoutPort }: KnownKeys) =>
    [...trusted, ...withoutPort].map(({ key }) => fingerprint(key));
  for (const [address, port] of [
    ['h1', 22],
    ['10.0.0.1', 22],
    ['h1', 2222],
    ['H2.example.com', 22],
    ['h2.example.com', 2222],
    ['a.wild', 22],
    ['h3', 22],
  ] as const) {
    t.deepEqual(keys(hashed.lookup(address, port)), keys(plain.lookup(address, port)), `${address}:${port}`);
  }
  t.is(keys(hashed.lookup('h1', 22)).length, 1);
  const { stdout } = await execa('ssh-keygen', ['-l', '-F', 'h1', '-f', file]);
  t.true(stdout.includes(keys(hashed.lookup('h1', 22))[0] ?? 'nothing found'), stdout);
});

test('a file that cannot be read is named, a missing one is not', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-known-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const { unreadable, lookup: find } = await readKnownHosts([folder, join(folder, 'missing')]);
  t.is(unreadable.length, 1);
  t.regex(unreadable[0] ?? '', /EISDIR/);
  t.deepEqual(find('h1', 22).trusted, []);
});

test('a file that the user has named may be a pipe, which can be read but once', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-known-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  await execa('mkfifo', [pipe]);
  const [named] = await Promise.all([readNamedKnownHosts(pipe), writeFile(pipe, `h1 ${ED}\n`)]);
  t.is(named.lookup('h1', 22).trusted[0]?.place.file, pipe);
  t.is(named.namedFile, pipe);
});
