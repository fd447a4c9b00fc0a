import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { type Failure, HostError } from '../../src/core/failure.ts';
import type { Host } from '../../src/core/host.ts';
import { Secret } from '../../src/core/secret.ts';
import { sh } from '../../src/core/sh.ts';
import { connect } from '../../src/remote/connect.ts';
import { knownHostsOf } from '../../src/remote/host-keys/known-hosts.ts';
import { type Identities, identitiesOf } from '../../src/remote/login/identities.ts';
import { startAgent } from '../remote/agents.ts';
import type { HostOptions, LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { labKeys, writeKnownHosts } from './keys.ts';

const PASSWORD = 'p4ss \'word" $x';

const NOBODY = identitiesOf({ home: '/nonexistent', agentSocket: undefined });

/** A host whose sshd has these settings, and where user ops has a password. */
async function hostWith(
  t: ExecutionContext,
  settings: readonly string[],
  options: HostOptions = {},
): Promise<LabHost> {
  const host = await boot(t, options);
  const { stdout: hash } = await execa('openssl', ['passwd', '-6', '-stdin'], { input: PASSWORD });
  await host.exec(['usermod', '-p', hash, 'ops']);
  await writeFile(join(host.root, 'etc/ssh/sshd_config.d/aa-test.conf'), `${settings.join('\n')}\n`);
  await host.exec('systemctl restart sshd');
  while (!(await answers(host.address))) {
    await sleep(20);
  }
  await host.resetSshLog();
  return host;
}

function answers(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connectSocket(22, address);
    socket.once('data', () => socket.destroy());
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
}

/** The same with PAM, whose `auth` lines are given. */
async function hostWithPam(t: ExecutionContext, auth: readonly string[], settings: readonly string[]) {
  const host = await hostWith(t, ['UsePAM yes', ...settings]);
  const lines = [
    ...auth.map(line => `auth ${line}`),
    'account required pam_unix.so',
    'password required pam_unix.so',
    'session optional pam_permit.so',
  ];
  await writeFile(join(host.root, 'etc/pam.d/sshd'), `${lines.join('\n')}\n`);
  return host;
}

/** Logs in as ops, with these identities and whatever else the host is said to have; gives what `id -un` says there. */
async function tryLogin(
  t: ExecutionContext,
  host: LabHost,
  identities: Identities,
  more: Partial<Host> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-methods-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const known = join(folder, 'known_hosts');
  await writeKnownHosts([host], known);
  const session = await connect(
    { name: 'kvm', address: host.address, user: 'ops', ...more },
    { knownHosts: knownHostsOf({ files: [known] }), identities },
  );
  try {
    const [reply] = await session.run([sh`id -un`], {
      become: false,
      timeoutSeconds: 30,
      stopAtFailure: false,
    });
    return reply?.stdout.trim() ?? '';
  } finally {
    session.close();
  }
}

/** Why the login came to nothing. */
async function refusal(...login: Parameters<typeof tryLogin>): Promise<Failure> {
  const [t] = login;
  const error = await t.throwsAsync(tryLogin(...login), { instanceOf: HostError });
  t.is(error?.outcome, 'unreachable');
  t.is(error?.failure.kind, 'authentication', error?.failure.message);
  t.false(JSON.stringify(error?.failure).includes(PASSWORD));
  if (error === undefined) {
    throw new Error('there is no error');
  }
  return error.failure;
}

const withPassword = { password: new Secret(PASSWORD) };

/** A folder as ~/.ssh, with new keys; `type` as ssh-keygen has it. */
async function keys(
  t: ExecutionContext,
  ...types: readonly (readonly string[])[]
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-keys-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const files = types.map((_, i) => join(folder, `key${i}`));
  for (const [i, args] of types.entries()) {
    await execa('ssh-keygen', ['-q', '-N', '', '-C', `key${i}`, '-f', files[i] ?? '', ...args]);
  }
  return files;
}

const ED25519 = ['-t', 'ed25519'];
const ECDSA = ['-t', 'ecdsa'];
const RSA = ['-t', 'rsa', '-b', '2048'];

/** Lets ops in with these keys too. */
async function authorize(host: LabHost, files: readonly string[]): Promise<void> {
  const lines = await Promise.all(files.map(file => readFile(`${file}.pub`, 'utf8')));
  await writeFile(join(host.root, 'etc/ssh/authorized_keys/ops'), lines.join(''));
}

test('a password logs in, in the way that sshd takes one', async t => {
  const host = await hostWith(t, ['PasswordAuthentication yes']);
  t.is(await tryLogin(t, host, NOBODY, withPassword), 'ops');
  t.regex(await host.sshLogText(), /Accepted password for ops/);

  const failure = await refusal(t, host, NOBODY, { password: new Secret('wrong') });
  t.is(
    failure.message,
    'ops cannot log in on the host; refused: the password; the server takes: publickey, password',
  );
  t.regex(failure.hint ?? '', /check the password of ops/);
  t.is((await host.sshLogText()).match(/Failed password/g)?.length, 1);

  const without = await refusal(t, host, NOBODY);
  t.regex(without.message, /there is no key to try; the server takes: publickey, password/);
});

test('a password logs in through PAM, as an answer to its question', async t => {
  const host = await hostWithPam(t, ['required pam_unix.so'], ['KbdInteractiveAuthentication yes']);
  t.is(await tryLogin(t, host, NOBODY, withPassword), 'ops');
  t.regex(await host.sshLogText(), /Accepted keyboard-interactive\/pam for ops/);

  const failure = await refusal(t, host, NOBODY, { password: new Secret('wrong') });
  t.regex(
    failure.message,
    /refused: the password \(keyboard-interactive\) \[.*Password:\]; the server takes: publickey, keyboard-interactive$/,
  );
});

test('a refused password is sent once where both ways are open: PAM counts each', async t => {
  const host = await hostWithPam(
    t,
    ['required pam_unix.so'],
    ['KbdInteractiveAuthentication yes', 'PasswordAuthentication yes'],
  );
  await refusal(t, host, NOBODY, { password: new Secret('wrong') });
  t.is((await host.sshLogText()).match(/authentication failure|Failed (?:password|keyboard)/g)?.length, 1);
});

test('a second question of PAM is not answered, and named', async t => {
  const host = await hostWithPam(
    t,
    ['required pam_unix.so', 'required pam_ftp.so users=nobody'],
    ['KbdInteractiveAuthentication yes'],
  );
  const failure = await refusal(t, host, NOBODY, withPassword);
  t.regex(failure.message, /given up: the password \(keyboard-interactive\) \[.*Password required for ops/);
  t.regex(failure.hint ?? '', /second factor/);
});

test('a password that PAM wants changed is told so', async t => {
  const host = await hostWithPam(t, ['required pam_unix.so'], ['KbdInteractiveAuthentication yes']);
  await host.exec('chage -d 0 ops');
  const failure = await refusal(t, host, NOBODY, withPassword);
  t.regex(failure.message, /the server wants a new password: .*change your password/i);
  t.regex(failure.hint ?? '', /set a new password/);
});

test('a key and a password together, the key from a file and from the agent', async t => {
  const host = await hostWith(t, ['PasswordAuthentication yes', 'AuthenticationMethods publickey,password']);
  const { privateKeyFile } = labKeys();
  const agentSocket = await startAgent(t, [privateKeyFile]);
  const inAgent = identitiesOf({ home: '/nonexistent', agentSocket });
  t.is(await tryLogin(t, host, NOBODY, { ...withPassword, privateKeyFile }), 'ops');
  t.is(await tryLogin(t, host, inAgent, withPassword), 'ops');
  for (const failure of [
    await refusal(t, host, NOBODY, { privateKeyFile }),
    await refusal(t, host, inAgent),
  ]) {
    t.regex(
      failure.message,
      /; accepted: .* \(ssh-ed25519 SHA256:.*\); the server wants more than a key; the server takes: password$/,
    );
    t.regex(failure.hint ?? '', /--ask-pass/);
  }
});

test('a password and a key together, in this order', async t => {
  const host = await hostWith(t, ['PasswordAuthentication yes', 'AuthenticationMethods password,publickey']);
  const { privateKeyFile } = labKeys();
  t.is(await tryLogin(t, host, NOBODY, { ...withPassword, privateKeyFile }), 'ops');
});

test('with MaxAuthTries 2 and six keys in the agent the named key is the only one tried', async t => {
  const host = await hostWith(t, ['MaxAuthTries 2']);
  const files = await keys(t, ...Array.from({ length: 6 }, () => ED25519));
  await authorize(host, files.slice(5));
  const identities = identitiesOf({ home: '/nonexistent', agentSocket: await startAgent(t, files) });
  t.is(await tryLogin(t, host, identities, { privateKeyFile: files[5] ?? '' }), 'ops');
  await rm(files[5] ?? '');
  const publicKeyOnly = identitiesOf({ home: '/nonexistent', agentSocket: await startAgent(t, []) });
  t.regex(
    (await refusal(t, host, publicKeyOnly, { privateKeyFile: files[5] ?? '' })).message,
    /only its public key/,
  );
  t.is(await tryLogin(t, host, identities, { privateKeyFile: files[5] ?? '' }), 'ops');

  const failure = await refusal(t, host, identities);
  t.regex(failure.message, /the server gave up: Too many authentication failures/);
  t.regex(failure.hint ?? '', /MaxAuthTries.*--private-key/);
});

test('a full agent spoils no login: five keys are tried, the rest is named, and a password still goes', async t => {
  const host = await hostWith(t, ['PasswordAuthentication yes']);
  const files = await keys(t, ...Array.from({ length: 9 }, () => ED25519));
  await authorize(host, []);
  const identities = identitiesOf({ home: '/nonexistent', agentSocket: await startAgent(t, files) });
  const failure = await refusal(t, host, identities);
  t.is(failure.message.match(/SHA256:/g)?.length, 9);
  t.is(failure.message.match(/: at most 5 keys are tried\)/g)?.length, 4);
  t.notRegex(failure.message, /too many/i);
  t.is(await tryLogin(t, host, identities, withPassword), 'ops');
});

/** What sshd of EL 9 has in FIPS mode, without what it says of certificates and GSSAPI (crypto-policies, FIPS: opensshserver.config). */
const FIPS = [
  'Ciphers aes256-gcm@openssh.com,aes256-ctr,aes128-gcm@openssh.com,aes128-ctr',
  'MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512',
  'KexAlgorithms ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512',
  ...['HostKeyAlgorithms', 'PubkeyAcceptedAlgorithms'].map(
    option =>
      `${option} ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-256,rsa-sha2-512`,
  ),
];

test('a server in FIPS mode: ECDSA and RSA log in, an Ed25519 key is named', async t => {
  const host = await hostWith(t, FIPS, { hostKeyTypes: ['ecdsa', 'rsa'] });
  const [ed25519 = '', ...others] = await keys(t, ED25519, ECDSA, ['-t', 'ecdsa', '-b', '521'], RSA);
  await authorize(host, [ed25519, ...others]);
  for (const privateKeyFile of others) {
    t.is(await tryLogin(t, host, NOBODY, { privateKeyFile }), 'ops');
  }
  const failure = await refusal(t, host, NOBODY, { privateKeyFile: ed25519 });
  t.regex(failure.message, /; the server takes no Ed25519 keys, as in FIPS mode$/);
  t.regex(failure.hint ?? '', /ECDSA or RSA/);
});

test('an Ed25519 key that is refused elsewhere is not taken for a matter of FIPS', async t => {
  const host = await hostWith(t, []);
  const [privateKeyFile = ''] = await keys(t, ED25519);
  const failure = await refusal(t, host, NOBODY, { privateKeyFile });
  t.notRegex(`${failure.message} ${failure.hint}`, /FIPS/);
});

const FORMATS: readonly (readonly [string, (file: string) => Promise<unknown>])[] = [
  [
    'PEM (PKCS#1)',
    file => execa('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-m', 'PEM', '-f', file]),
  ],
  ['PKCS#8', file => execa('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-m', 'PKCS8', '-f', file])],
  ['OpenSSH', file => execa('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-a', '4', '-f', file])],
];

test('encrypted key files of all formats and types log in, once they are open', async t => {
  const host = await hostWith(t, []);
  for (const [name, convert] of FORMATS) {
    const files = await keys(t, ED25519, ECDSA, ['-t', 'ecdsa', '-b', '384'], RSA);
    await authorize(host, files);
    await Promise.all(files.map(convert));
    const identities = identitiesOf({ home: '/nonexistent', agentSocket: undefined });
    t.regex((await refusal(t, host, identities, { privateKeyFile: files[0] ?? '' })).hint ?? '', /ssh-add /);
    t.deepEqual(await identities.unlock(files, async () => new Secret('secret')), []);
    for (const privateKeyFile of files) {
      t.is(await tryLogin(t, host, identities, { privateKeyFile }), 'ops', `${name} ${privateKeyFile}`);
    }
  }
});

test('where only a certificate would open the door, it is named', async t => {
  const host = await hostWith(t, ['TrustedUserCAKeys /etc/ssh/ca.pub']);
  const [authority = '', user = ''] = await keys(t, ED25519, ED25519);
  await copyFile(`${authority}.pub`, join(host.root, 'etc/ssh/ca.pub'));
  await execa('ssh-keygen', ['-q', '-s', authority, '-I', 'ops', '-n', 'ops', `${user}.pub`]);
  for (const [identities, where] of [
    [NOBODY, `${user}-cert.pub`],
    [identitiesOf({ home: '/nonexistent', agentSocket: await startAgent(t, [user]) }), 'agent (key1)'],
  ] as const) {
    const failure = await refusal(
      t,
      host,
      identities,
      where.startsWith('agent') ? {} : { privateKeyFile: user },
    );
    t.true(failure.message.includes(`not tried: ${where} (`), failure.message);
    t.regex(failure.message, /certificates are not supported\)/);
    t.regex(failure.hint ?? '', /ssh would log in with the certificate/);
  }
});

test('a server with post-quantum key exchanges alone is recognised', async t => {
  const host = await hostWith(t, ['KexAlgorithms sntrup761x25519-sha512@openssh.com']);
  const error = await t.throwsAsync(tryLogin(t, host, NOBODY), { instanceOf: HostError });
  t.is(error?.failure.kind, 'handshake');
  t.is(
    error?.failure.message,
    'no SSH handshake with the host: no matching key exchange; the server takes only sntrup761x25519-sha512@openssh.com',
  );
  t.regex(error?.failure.hint ?? '', /post-quantum.*KexAlgorithms \+curve25519-sha256/);
});

test('a server that takes Kerberos alone is recognised', async t => {
  const host = await hostWith(t, ['PubkeyAuthentication no', 'GSSAPIAuthentication yes']);
  const failure = await refusal(t, host, NOBODY, withPassword);
  t.regex(failure.message, /the server takes: gssapi/);
  t.regex(failure.hint ?? '', /Kerberos/);
});
