import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import ssh2, { type AuthContext, type AuthenticationType, type KeyboardAuthContext, type Prompt } from 'ssh2';
import { Secret } from '../../../src/core/secret.ts';
import { sh } from '../../../src/core/sh.ts';
import { connect } from '../../../src/remote/connect.ts';
import { fingerprint } from '../../../src/remote/host-keys/host-key.ts';
import { type Identities, type Identity, identitiesOf } from '../../../src/remote/login/identities.ts';
import { overhear } from '../../../src/remote/login/overheard.ts';
import { startAgent } from '../agents.ts';
import { newPrivateKey, publicKey, type startServer } from '../embedded-server.ts';
import { hostError, NO_KEY, ONE_KEY, PLAIN, serverFor } from '../faults.ts';

const PASSWORD = 'correct horse';

/** What a server says to an attempt: yes, no, or `right, and now more`. */
type Answer = boolean | 'partial';

/** A server whose logins are decided by a function that sees each attempt; it notes the methods in order. */
async function loginServer(
  t: ExecutionContext,
  decide: (attempt: AuthContext) => Answer | Promise<Answer>,
  offers: (partial: boolean) => AuthenticationType[],
) {
  const methods: string[] = [];
  const server = await serverFor(t, {
    onConnection: client => {
      client.removeAllListeners('authentication');
      let partial = false;
      client.on('authentication', async attempt => {
        methods.push(attempt.method);
        const answer = await decide(attempt);
        partial ||= answer === 'partial';
        if (answer === true) {
          attempt.accept();
        } else {
          attempt.reject(offers(partial), answer === 'partial');
        }
      });
    },
  });
  return { server, methods };
}

/** Asks in keyboard-interactive and gives the answers, or undefined if the client goes on to something else. */
function ask(attempt: KeyboardAuthContext, ...prompts: Prompt[]): Promise<readonly string[] | undefined> {
  return new Promise(resolve => {
    attempt.prompt(prompts, 'title', 'instructions', (answers: unknown) =>
      resolve(Array.isArray(answers) ? answers : undefined),
    );
  });
}

const HIDDEN: Prompt = { prompt: 'Password: ', echo: false };

function withPassword(server: Awaited<ReturnType<typeof startServer>>, password = PASSWORD) {
  return server.host('deploy', { password: new Secret(password) });
}

function isPassword(attempt: AuthContext, password = PASSWORD): boolean {
  return attempt.method === 'password' && attempt.password === password;
}

function only(...identities: readonly Identity[]): Identities {
  return { list: async () => identities };
}

function key(source: string, privateKey = newPrivateKey()): Identity {
  return { kind: 'key', source, key: publicKey(privateKey) };
}

test('a password logs in; a server that has not said what it takes is asked first', async t => {
  const { server, methods } = await loginServer(t, isPassword, () => ['password']);
  const session = await connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY });
  t.is((await session.run([sh`echo in`], PLAIN))[0]?.stdout, 'in\n');
  session.close();
  t.deepEqual(methods, ['none', 'password']);
});

test('keys go before the password', async t => {
  const { server, methods } = await loginServer(t, isPassword, () => ['publickey', 'password']);
  (await connect(withPassword(server), { knownHosts: server.knownHosts, identities: ONE_KEY })).close();
  t.deepEqual(methods, ['publickey', 'password']);
});

test('a hidden question for one answer gets the password (PAM)', async t => {
  const asked: (readonly string[] | undefined)[] = [];
  const { server, methods } = await loginServer(
    t,
    async attempt => {
      if (attempt.method !== 'keyboard-interactive') {
        return false;
      }
      asked.push(await ask(attempt, HIDDEN));
      return asked.at(-1)?.[0] === PASSWORD;
    },
    () => ['keyboard-interactive', 'password'],
  );
  (await connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY })).close();
  t.deepEqual(asked, [[PASSWORD]]);
  t.deepEqual(methods, ['none', 'keyboard-interactive']);
});

test('a refused password is sent once, whatever methods there are: a second refusal could lock the account', async t => {
  const sent: string[] = [];
  const { server } = await loginServer(
    t,
    async attempt => {
      if (attempt.method === 'password') {
        sent.push(attempt.password);
      } else if (attempt.method === 'keyboard-interactive') {
        sent.push(...((await ask(attempt, HIDDEN)) ?? []));
      }
      return false;
    },
    () => ['keyboard-interactive', 'password'],
  );
  const { failure } = await hostError(
    t,
    connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY }),
  );
  t.deepEqual(sent, [PASSWORD]);
  t.is(failure.kind, 'authentication');
  t.regex(
    failure.message,
    /refused: the password \(keyboard-interactive\) \[instructions Password:\]; the server takes: keyboard-interactive, password$/,
  );
  t.regex(failure.hint ?? '', /check the password of deploy/);
  t.false(JSON.stringify(failure).includes(PASSWORD));
});

for (const [what, prompts, words] of [
  ['a one-time code', [{ prompt: 'Verification code: ', echo: false }], 'Verification code:'],
  ['something that is shown', [{ prompt: 'Favourite colour: ', echo: true }], 'Favourite colour:'],
  ['two things at once', [HIDDEN, { prompt: 'Token: ', echo: false }], 'Password: Token:'],
] as const) {
  test(`a question for ${what} is not answered, and the error has its words`, async t => {
    const answered: unknown[] = [];
    const { server } = await loginServer(
      t,
      async attempt => {
        if (attempt.method === 'keyboard-interactive') {
          answered.push(await ask(attempt, ...prompts));
        }
        return false;
      },
      () => ['keyboard-interactive'],
    );
    const { failure } = await hostError(
      t,
      connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY }),
    );
    t.deepEqual(
      answered.filter(one => one !== undefined),
      [],
    );
    t.true(
      failure.message.includes(`given up: the password (keyboard-interactive) [instructions ${words}]`),
      failure.message,
    );
    t.regex(failure.hint ?? '', /one hidden question .* with a key/);
  });
}

test('where a question is not answered, the plain password method still is tried', async t => {
  const { server, methods } = await loginServer(
    t,
    async attempt => {
      if (attempt.method === 'keyboard-interactive') {
        await ask(attempt, { prompt: 'One-time password: ', echo: false });
      }
      return isPassword(attempt);
    },
    () => ['keyboard-interactive', 'password'],
  );
  (await connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY })).close();
  t.deepEqual(methods, ['none', 'keyboard-interactive', 'password']);
});

test('a second question after the password is a second factor: it gets no password', async t => {
  const answers: unknown[] = [];
  const { server } = await loginServer(
    t,
    async attempt => {
      if (attempt.method === 'keyboard-interactive') {
        answers.push(await ask(attempt, HIDDEN));
        answers.push(await ask(attempt, { prompt: 'Second: ', echo: false }));
      }
      return false;
    },
    () => ['keyboard-interactive'],
  );
  const { failure } = await hostError(
    t,
    connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY }),
  );
  t.deepEqual(answers[0], [PASSWORD]);
  t.regex(failure.message, /given up: .*Second:/);
});

test('a key and then a password: both are given (AuthenticationMethods publickey,password)', async t => {
  const decide = (attempt: AuthContext): Answer => {
    if (attempt.method === 'publickey') {
      return 'partial';
    }
    return isPassword(attempt);
  };
  const { server } = await loginServer(t, decide, partial => (partial ? ['password'] : ['publickey']));
  (await connect(withPassword(server), { knownHosts: server.knownHosts, identities: ONE_KEY })).close();
  const { failure } = await hostError(
    t,
    connect(server.host('deploy'), { knownHosts: server.knownHosts, identities: ONE_KEY }),
  );
  t.regex(
    failure.message,
    /accepted: ~\/\.ssh\/id_ed25519 .*; the server wants more than a key; the server takes: password$/,
  );
  t.regex(failure.hint ?? '', /--ask-pass/);
});

test('the same with a key of the agent, of which ssh2 tells neither that it was accepted nor what is left', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-login-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'key');
  await writeFile(file, newPrivateKey(), { mode: 0o600 });
  const identities = identitiesOf({ home: folder, agentSocket: await startAgent(t, [file]) });
  const { server, methods } = await loginServer(
    t,
    attempt =>
      attempt.method === 'publickey' ? (attempt.signature ? 'partial' : true) : isPassword(attempt),
    partial => (partial ? ['password'] : ['publickey']),
  );
  (await connect(withPassword(server), { knownHosts: server.knownHosts, identities })).close();
  t.deepEqual(methods, ['publickey', 'publickey', 'password']);
  const { failure } = await hostError(
    t,
    connect(server.host('deploy'), { knownHosts: server.knownHosts, identities }),
  );
  t.regex(
    failure.message,
    /accepted: agent .*; the server wants more than a key; the server takes: password$/,
  );
});

test('a password and then a key: the key that came too early is tried again (AuthenticationMethods password,publickey)', async t => {
  const { server, methods } = await loginServer(
    t,
    attempt =>
      isPassword(attempt) ? 'partial' : attempt.method === 'publickey' && methods.includes('password'),
    partial => (partial ? ['publickey'] : ['password']),
  );
  (await connect(withPassword(server), { knownHosts: server.knownHosts, identities: ONE_KEY })).close();
  t.deepEqual(methods, ['publickey', 'password', 'publickey', 'publickey']);
});

test('a password and then a key that is wrong: each is named once', async t => {
  const { server } = await loginServer(
    t,
    attempt => (isPassword(attempt) ? 'partial' : false),
    partial => (partial ? ['publickey'] : ['password']),
  );
  const { failure } = await hostError(
    t,
    connect(withPassword(server), { knownHosts: server.knownHosts, identities: ONE_KEY }),
  );
  t.is(failure.message.match(/SHA256:/g)?.length, 1);
  t.regex(
    failure.message,
    /refused: ~\/\.ssh\/id_ed25519 .*; accepted: the password; the server wants more than that/,
  );
});

test('a demand for a new password is told, with its words', async t => {
  const { server } = await loginServer(
    t,
    attempt =>
      attempt.method === 'password'
        ? new Promise<Answer>(() => attempt.requestChange('Your password has expired', () => {}))
        : false,
    () => ['password'],
  );
  const { failure } = await hostError(
    t,
    connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY }),
  );
  t.is(failure.kind, 'authentication');
  t.regex(failure.message, /the server wants a new password: Your password has expired/);
  t.regex(failure.hint ?? '', /set a new password/);
});

test('the same as a question (PAM)', async t => {
  const { server } = await loginServer(
    t,
    async attempt => {
      if (attempt.method === 'keyboard-interactive') {
        await ask(attempt, HIDDEN);
        await ask(attempt, {
          prompt: 'You are required to change your password immediately.\nNew password: ',
          echo: false,
        });
      }
      return false;
    },
    () => ['keyboard-interactive', 'password'],
  );
  const { failure } = await hostError(
    t,
    connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY }),
  );
  t.regex(failure.message, /the server wants a new password: .*change your password/);
});

test('a password that the server takes in no way is told as not tried', async t => {
  const { server } = await loginServer(
    t,
    () => false,
    () => ['publickey', 'gssapi-with-mic' as AuthenticationType],
  );
  const { failure } = await hostError(
    t,
    connect(withPassword(server), { knownHosts: server.knownHosts, identities: NO_KEY }),
  );
  t.regex(failure.message, /there is nothing to try; not tried: the password \(the server takes none\)/);
});

for (const [offers, hint] of [
  [
    ['gssapi-with-mic', 'gssapi-keyex'],
    /Kerberos \(gssapi\).* not supported; allow PubkeyAuthentication for deploy/,
  ],
  [['hostbased'], /hostbased logins are not supported/],
  [['password', 'gssapi-with-mic'], /--ask-pass/],
] as const) {
  test(`a server that takes ${offers.join(' and ')} alone gets a hint of its own`, async t => {
    const { server } = await loginServer(
      t,
      () => false,
      () => [...offers] as AuthenticationType[],
    );
    const { failure } = await hostError(
      t,
      connect(server.host('deploy'), { knownHosts: server.knownHosts, identities: ONE_KEY }),
    );
    t.true(failure.message.endsWith(`the server takes: ${offers.join(', ')}`), failure.message);
    t.regex(failure.hint ?? '', hint);
  });
}

for (const [reason, hint] of [
  ['certificates are not supported', /ssh would log in with the certificate/],
  ['security keys (FIDO) are not supported', /ssh would log in with the security key/],
] as const) {
  test(`where ${reason}, the hint says so`, async t => {
    const { server } = await loginServer(
      t,
      () => false,
      () => ['publickey'],
    );
    const identities = only(key('plain'), { kind: 'unusable', source: 'special', reason });
    const { failure } = await hostError(
      t,
      connect(server.host('deploy'), { knownHosts: server.knownHosts, identities }),
    );
    t.true(failure.message.includes(`not tried: special (${reason})`), failure.message);
    t.regex(failure.hint ?? '', hint);
  });
}

test('each key that was refused is named with its fingerprint, each that was left out too', async t => {
  const { server } = await loginServer(
    t,
    () => false,
    () => ['publickey'],
  );
  const left = publicKey(newPrivateKey()).getPublicSSH();
  const tried = [key('a'), key('b', newPrivateKey('ecdsa'))];
  const identities = only(...tried, {
    kind: 'unusable',
    source: 'agent (c)',
    reason: 'at most 5 keys are tried',
    publicKey: left,
  });
  const { failure } = await hostError(
    t,
    connect(server.host('deploy'), { knownHosts: server.knownHosts, identities }),
  );
  const print = (identity: Identity | undefined) =>
    identity?.kind === 'key' ? fingerprint(identity.key.getPublicSSH()) : '';
  t.is(
    failure.message.replace(/\(port \d+\)/, '(port)'),
    `deploy cannot log in on the host (port); refused: a (ssh-ed25519 ${print(tried[0])}), b (ecdsa-sha2-nistp256 ${print(tried[1])}); ` +
      `not tried: agent (c) (ssh-ed25519 ${fingerprint(left)}: at most 5 keys are tried); the server takes: publickey`,
  );
});

test('a server that wants SHA-1 signatures of RSA keys gets none, unless the host is a legacy one', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-login-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'rsa');
  await writeFile(file, newPrivateKey('rsa'), { mode: 0o600 });
  const signed: string[] = [];
  const server = await serverFor(t, {
    accept: attempt => {
      const signature = attempt.method === 'publickey' && attempt.signature !== undefined;
      signed.push(...(signature ? [attempt.key.algo] : []));
      return attempt.method === 'publickey';
    },
    // As OpenSSH before 7.2, this server does not say which signatures it knows.
    onConnection: client => {
      const { _protocol: protocol } = client as unknown as {
        _protocol: {
          _onHandshakeComplete(...args: unknown[]): void;
          _kex: { remoteExtInfoEnabled: boolean };
        };
      };
      const completed = protocol._onHandshakeComplete;
      protocol._onHandshakeComplete = (...args) => {
        protocol._kex.remoteExtInfoEnabled = false;
        completed(...args);
      };
    },
  });
  const inAgent = identitiesOf({ home: folder, agentSocket: await startAgent(t, [file]) });
  const onDisk = identitiesOf({ home: folder, agentSocket: undefined });
  for (const identities of [inAgent, onDisk]) {
    const options = { knownHosts: server.knownHosts, identities };
    const named = { privateKeyFile: file };
    const { failure } = await hostError(t, connect(server.host('deploy', named), options));
    t.regex(
      failure.message,
      /given up: .* \[the server wants a signature of SHA-1, which only .*legacy allows\]/,
    );
    t.deepEqual(signed, []);
    (await connect(server.host('deploy', { ...named, sshAlgorithms: 'legacy' }), options)).close();
    t.deepEqual(signed.splice(0), ['ssh-rsa']);
  }
});

test('an agent that holds a key and does not sign with it is named', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-login-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'key');
  await writeFile(file, newPrivateKey(), { mode: 0o600 });
  const agentSocket = await startAgent(t, [file]);
  const identities = identitiesOf({ home: folder, agentSocket });
  const held = await identities.list({ files: undefined, only: false });
  await execa('ssh-add', ['-q', '-D'], { env: { SSH_AUTH_SOCK: agentSocket } });
  const server = await serverFor(t);
  const { failure } = await hostError(
    t,
    connect(server.host('deploy'), { knownHosts: server.knownHosts, identities: only(...held) }),
  );
  t.regex(failure.message, /given up: agent .* \[Agent responded with failure\]/);
});

test('ssh2 still lets us hear what the login needs: refusals after an agent key, and what the server signs with', async t => {
  const { server } = await loginServer(
    t,
    () => false,
    () => ['publickey', 'password'],
  );
  const client = new ssh2.Client();
  client.on('error', () => {});
  client.connect({ host: '127.0.0.1', port: server.port, username: 'me', password: 'x' });
  const overheard = overhear(client);
  await new Promise<void>(resolve => client.once('close', () => resolve()));
  t.true(overheard?.signatures?.includes('ssh-ed25519'));
  t.deepEqual(overheard?.takeRefusal(), { methods: ['publickey', 'password'], partial: false });
  t.is(overheard?.takeRefusal(), undefined);
});
