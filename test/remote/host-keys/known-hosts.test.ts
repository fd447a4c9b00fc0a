import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { InputError } from '../../../src/core/input-error.ts';
import {
  fingerprint,
  hostKeyAlgorithms,
  judgeHostKey,
  wireType,
} from '../../../src/remote/host-keys/host-key.ts';
import {
  defaultKnownHostsFiles,
  type KnownKeys,
  knownHostsOf,
  openKnownHosts,
} from '../../../src/remote/host-keys/known-hosts.ts';
import { newPrivateKey, publicKey } from '../embedded-server.ts';
import { knownHostsText } from '../known.ts';

const ed25519 = publicKey(newPrivateKey('ed25519'));
const otherEd25519 = publicKey(newPrivateKey('ed25519'));
const ecdsa = publicKey(newPrivateKey('ecdsa'));
const rsa = publicKey(newPrivateKey('rsa'));

const ED = record(ed25519);
const RSA = record(rsa);

function record(key: typeof ed25519): string {
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

function target(address: string, port = 22) {
  return { address, port, knownAs: address, knownHostsFiles: undefined };
}

function lookup(text: string, address: string, port = 22): Promise<KnownKeys> {
  return knownHostsText(text, '/f').lookup(target(address, port));
}

async function types(text: string, address: string, port = 22): Promise<string[]> {
  const { trusted, withoutPort } = await lookup(text, address, port);
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
  test(`a line for ${names} is ${found ? '' : 'not '}about ${address} port ${port}`, async t => {
    t.deepEqual(await types(`${names} ${ED}`, address, port), found ? ['ssh-ed25519:1'] : []);
  });
}

test('lines that are no key are passed over, and line numbers stay right', async t => {
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
  t.deepEqual(await types(text, 'h1'), ['ssh-ed25519:11']);
});

test('a revoked key is not trusted, wherever else it stands', async t => {
  const text = `h1 ${ED}\n@revoked * ${ED}\nh1 ${RSA}\n`;
  const known = await lookup(text, 'h1');
  t.is(judgeHostKey(ed25519.getPublicSSH(), known).kind, 'revoked');
  t.is(judgeHostKey(rsa.getPublicSSH(), known).kind, 'known');
});

test('a key of another port is trusted if it fits, and is no sign of a change if not', async t => {
  const known = await lookup(`h1 ${ED}\n`, 'h1', 2222);
  t.is(judgeHostKey(ed25519.getPublicSSH(), known).kind, 'known');
  t.is(judgeHostKey(otherEd25519.getPublicSSH(), known).kind, 'unknown');
});

test('a host key is known, unknown or changed', async t => {
  t.deepEqual(judgeHostKey(ed25519.getPublicSSH(), await lookup('', 'h1')), { kind: 'unknown' });
  t.deepEqual(judgeHostKey(ed25519.getPublicSSH(), await lookup(`h1 ${RSA}\nh1 ${ED}`, 'h1')), {
    kind: 'known',
  });
  const changed = judgeHostKey(otherEd25519.getPublicSSH(), await lookup(`\nh1 ${ED}`, 'h1'));
  t.is(changed.kind, 'changed');
  t.deepEqual(changed.kind === 'changed' && changed.records.map(({ place }) => place), [
    { file: '/f', line: 2 },
  ]);
  t.is(
    judgeHostKey(ecdsa.getPublicSSH(), await lookup(`h1 ${ED}`, 'h1')).kind,
    'changed',
    'another type than on record',
  );
});

test('a record of a type that cannot be asked for is no sign of a change', async t => {
  const wire = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-dss'), Buffer.alloc(20)]);
  const known = await lookup(`h1 ssh-dss ${wire.toString('base64')}`, 'h1');
  t.is(known.trusted.length, 1);
  t.is(judgeHostKey(ed25519.getPublicSSH(), known).kind, 'unknown');
});

test('the key types on record are asked for first, SHA-1 signatures never', async t => {
  const all = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];
  t.deepEqual(hostKeyAlgorithms(await lookup('', 'h1')), [...all, 'rsa-sha2-512', 'rsa-sha2-256']);
  t.deepEqual(hostKeyAlgorithms(await lookup(`h1 ${RSA}`, 'h1')), ['rsa-sha2-512', 'rsa-sha2-256', ...all]);
  t.deepEqual(hostKeyAlgorithms(await lookup(`h1 ${record(ecdsa)}`, 'h1', 2222)).slice(0, 2), [
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
  t.deepEqual(defaultKnownHostsFiles('/home/u'), ['/home/u/.ssh/known_hosts', '/home/u/.ssh/known_hosts2']);
});

test('all files count, each is read once; those of a host stand in the place of the own ones', async t => {
  const texts: Record<string, string> = {
    '/own': `h1 ${ED}`,
    '/own2': `h1 ${RSA}`,
    '/etc/ssh/ssh_known_hosts': `h1 ${record(ecdsa)}`,
    '/etc/ssh/ssh_known_hosts2': `@revoked h1 ${record(otherEd25519)}`,
    '/other': `h1 ${record(otherEd25519)}`,
  };
  const read: string[] = [];
  const known = knownHostsOf({
    files: ['/own', '/own2'],
    async read(file) {
      read.push(file);
      return texts[file] ?? '';
    },
  });
  const places = ({ trusted, revoked }: KnownKeys) => [...trusted, ...revoked].map(({ place }) => place.file);
  const system = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];
  const [own, other] = await Promise.all([
    known.lookup(target('h1')),
    known.lookup({ ...target('h1'), knownHostsFiles: ['/other'] }),
    known.lookup(target('h2')),
  ]);
  t.deepEqual(places(own), ['/own', '/own2', ...system]);
  t.deepEqual(places(other), ['/other', ...system]);
  t.deepEqual([own.file, other.file], ['/own', '/other'], 'where new keys belong');
  t.deepEqual(read.toSorted(), [...Object.keys(texts)].toSorted(), 'each file once');
});

test("an alias of ssh_config stands for the host's name and port", async t => {
  const known = knownHostsText(`gate ${ED}\n[10.0.0.1]:2222 ${RSA}`);
  const found = await known.lookup({ ...target('10.0.0.1', 2222), knownAs: 'gate' });
  t.deepEqual([found.name, found.trusted.map(({ type }) => type)], ['gate', ['ssh-ed25519']]);
});

test('the authority of host certificates is found, and is no key of the host itself', async t => {
  const known = await lookup(
    `@cert-authority *.example.com ${ED}\n@cert-authority *.other ${RSA}`,
    'h1.example.com',
  );
  t.deepEqual(
    known.authorities.map(({ place }) => place.line),
    [1],
  );
  t.deepEqual(known.trusted, []);
  t.is(judgeHostKey(ed25519.getPublicSSH(), known).kind, 'unknown', 'not even with the same key');
});

test('names hashed by ssh-keygen -H are found as the plain ones are, fingerprints are those of ssh-keygen -l', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-known-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'known_hosts');
  await writeFile(
    file,
    `h1,10.0.0.1 ${ED}\n[h1]:2222 ${RSA}\nh2.example.com ${record(ecdsa)}\n# the end\n*.wild ${ED}\n`,
  );
  const plain = knownHostsOf({ files: [file] });
  await plain.lookup(target('h1'));
  await execa('ssh-keygen', ['-H', '-f', file]);
  const hashed = knownHostsOf({ files: [file, join(folder, 'missing')] });
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
    const [found, expected] = await Promise.all([
      hashed.lookup(target(address, port)),
      plain.lookup(target(address, port)),
    ]);
    t.deepEqual(found.unreadable, []);
    t.deepEqual(keys(found), keys(expected), `${address}:${port}`);
  }
  const [h1] = keys(await hashed.lookup(target('h1')));
  const { stdout } = await execa('ssh-keygen', ['-l', '-F', 'h1', '-f', file]);
  t.true(stdout.includes(h1 ?? 'nothing found'), stdout);
});

test('a file that cannot be read is named, a missing one is not', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-known-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const { unreadable, trusted } = await knownHostsOf({ files: [folder, join(folder, 'missing')] }).lookup(
    target('h1'),
  );
  t.is(unreadable.length, 1);
  t.regex(unreadable[0] ?? '', /EISDIR/);
  t.deepEqual(trusted, []);
});

test('a file that the user has named may be a pipe, which can be read but once', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-known-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  await execa('mkfifo', [pipe]);
  const [named] = await Promise.all([openKnownHosts(pipe), writeFile(pipe, `h1 ${ED}\n`)]);
  for (const _ of [1, 2]) {
    t.is((await named.lookup(target('h1'))).trusted[0]?.place.file, pipe);
  }
});

test('a file that the user has named must be there, unless it is to be written', async t => {
  const missing = join(tmpdir(), 'hookfleet-known-nowhere');
  const error = await t.throwsAsync(openKnownHosts(missing), { instanceOf: InputError });
  t.regex(error?.message ?? '', /there is no such known_hosts file/);
  t.deepEqual((await (await openKnownHosts(missing, true)).lookup(target('h1'))).trusted, []);
});

test('which lines are about a host is what ssh-keygen -F says', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-known-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'known_hosts');
  const parts = ['h1', 'h*', '?1', '*', '!h1', '!h*', '[h1]:22', '[h1]:2222', '[*]:2222', 'h1.example.com'];
  const more = ['*.example.com', '!*.com', 'H1', '10.0.0.?', '10.0.*', 'h1*e', '**', 'h.1'];
  const lists = fc.sample(fc.subarray([...parts, ...more], { minLength: 1, maxLength: 4 }), {
    numRuns: 120,
    seed: 7,
  });
  await writeFile(file, lists.map(list => `${list.join(',')} ${ED}\n`).join(''));
  const known = knownHostsOf({ files: [file] });
  for (const [address, port] of [
    ['h1', 22],
    ['h2', 22],
    ['h1', 2222],
    ['H2', 2222],
    ['h1.example.com', 22],
    ['example.com', 22],
    ['10.0.0.7', 22],
    ['10.0.0.17', 2222],
  ] as const) {
    const { trusted, name } = await known.lookup(target(address, port));
    const { stdout } = await execa('ssh-keygen', ['-F', name, '-f', file], { reject: false });
    t.deepEqual(
      trusted.map(({ place }) => place.line),
      [...stdout.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line)),
      name,
    );
  }
});
