import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { HostError } from '../../src/core/failure.ts';
import type { LabHost } from './host.ts';
import { knownAs, labHost, labRemote } from './remote.ts';
import { startSshd } from './sshd.ts';

/** What an sshd of EL 9 in FIPS mode offers (crypto-policies: FIPS). */
const FIPS = [
  'KexAlgorithms ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512',
  'Ciphers aes256-gcm@openssh.com,aes256-ctr,aes128-gcm@openssh.com,aes128-ctr',
  'MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512',
  'HostKeyAlgorithms ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-256,rsa-sha2-512',
  'PubkeyAcceptedAlgorithms ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-256,rsa-sha2-512',
  '',
].join('\n');

/** What an sshd of EL 6 offers, as far as today's can be told to. */
const OLD = [
  'KexAlgorithms diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,diffie-hellman-group1-sha1',
  'Ciphers aes128-cbc,3des-cbc',
  'MACs hmac-sha1',
  'HostKeyAlgorithms ssh-rsa',
  '',
].join('\n');

/** A new key that opens user `ops` on a host; gives the identity file. */
async function identityFor(t: ExecutionContext, host: LabHost, type: 'ecdsa' | 'rsa'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-identity-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, `id_${type}`);
  await execa('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  await appendFile(join(host.root, 'etc/ssh/authorized_keys/ops'), await readFile(`${file}.pub`));
  return file;
}

for (const type of ['ecdsa', 'rsa'] as const) {
  test(`a server that offers what EL 9 offers in FIPS mode is reached, with an identity of type ${type}`, async t => {
    const host = await startSshd(t, { hostKeyTypes: ['ecdsa', 'rsa'], settings: `${FIPS}LogLevel DEBUG1\n` });
    const { reach } = await labRemote(t, { known: knownAs([host.address], host) });
    const privateKeyFile = await identityFor(t, host, type);
    t.is(await reach(labHost('hv', host.address, { privateKeyFile })), 'in');
    t.regex(await host.sshLogText(), /kex: algorithm: ecdh-sha2-nistp256 /);
  });
}

test('an Ed25519 identity that such a server refuses is named', async t => {
  const host = await startSshd(t, { hostKeyTypes: ['ecdsa', 'rsa'], settings: FIPS });
  const { reach } = await labRemote(t, { known: knownAs([host.address], host) });
  const end = await reach(labHost('hv', host.address));
  t.true(end instanceof HostError);
  const { kind, message, hint } = (end as HostError).failure;
  t.is(kind, 'authentication');
  t.regex(message, /ssh-ed25519 SHA256:.*takes no Ed25519 keys/);
  t.regex(hint ?? '', /ECDSA or RSA/);
});

test('a server that knows nothing without SHA-1 is refused with the way to go, and reached with legacy', async t => {
  const host = await startSshd(t, { hostKeyTypes: ['rsa'], settings: OLD });
  const { reach } = await labRemote(t, { known: knownAs([host.address], host) });
  const privateKeyFile = await identityFor(t, host, 'rsa');
  const old = labHost('hv', host.address, { privateKeyFile });
  const end = await reach(old);
  t.true(end instanceof HostError);
  const { outcome, failure } = end as HostError;
  t.deepEqual([outcome, failure.kind], ['unreachable', 'handshake']);
  t.regex(failure.hint ?? '', /hookfleet_ssh_algorithms=legacy/);
  t.is(await reach({ ...old, sshAlgorithms: 'legacy' }), 'in');
});

for (const [what, settings] of [
  ['MACs', 'Ciphers aes128-ctr\nMACs hmac-sha1,hmac-sha1-etm@openssh.com\n'],
  ['key exchanges', 'KexAlgorithms diffie-hellman-group14-sha1\n'],
  ['host key signatures', 'HostKeyAlgorithms ssh-rsa\n'],
  ['ciphers in CBC mode', 'Ciphers aes256-cbc\n'],
] as const) {
  test(`a server that is old in its ${what} alone needs legacy, too`, async t => {
    const host = await startSshd(t, { hostKeyTypes: ['rsa'], settings });
    const { reach } = await labRemote(t, { known: knownAs([host.address], host) });
    const end = await reach(labHost('hv', host.address));
    t.true(end instanceof HostError && /legacy/.test(end.failure.hint ?? ''), String(end));
    t.is(await reach(labHost('hv', host.address, { sshAlgorithms: 'legacy' })), 'in');
  });
}

test('a group exchange comes last', async t => {
  const kex = 'diffie-hellman-group-exchange-sha256';
  const both = await startSshd(t, {
    settings: `KexAlgorithms ${kex},diffie-hellman-group14-sha256\nLogLevel DEBUG1\n`,
  });
  const alone = await startSshd(t, { settings: `KexAlgorithms ${kex}\nLogLevel DEBUG1\n` });
  const { reach } = await labRemote(t, {
    known: [...knownAs([both.address], both), ...knownAs([alone.address], alone)],
  });
  t.is(await reach(labHost('both', both.address)), 'in');
  t.regex(await both.sshLogText(), /kex: algorithm: diffie-hellman-group14-sha256 /);
  t.is(await reach(labHost('alone', alone.address)), 'in');
  t.regex(await alone.sshLogText(), /kex: algorithm: diffie-hellman-group-exchange-sha256 /);
});
