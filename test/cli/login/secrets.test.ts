import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import ssh2 from 'ssh2';
import { newPrivateKey, type startServer } from '../../remote/embedded-server.ts';
import { serverFor } from '../../remote/faults.ts';
import { BIN, setUp } from '../program.ts';

const PASSWORD = 'hunter 2';
const CHECK = ['check', 'site.yml', '-i', 'hosts.ini', '--known-hosts', 'known_hosts', '-u', 'deploy'];

/** A server that notes every password, takes the right one, and runs nothing. */
async function passwordServer(t: ExecutionContext, set: Awaited<ReturnType<typeof setUp>>) {
  const passwords: string[] = [];
  const keys: string[] = [];
  const server = await serverFor(t, {
    accept: attempt => {
      if (attempt.method === 'password') {
        passwords.push(attempt.password);
      }
      if (attempt.method === 'publickey' && attempt.signature) {
        keys.push(attempt.key.data.toString('base64'));
      }
      return (
        attempt.method === 'publickey' || (attempt.method === 'password' && attempt.password === PASSWORD)
      );
    },
    offers: ['publickey', 'password'],
    exec: ({ channel }) => {
      channel.exit(1);
      channel.end();
    },
  });
  await writeFile(join(set.folder, 'known_hosts'), knownHosts(server));
  await set.write('hosts.ini', inventory(server));
  return { server, passwords, keys };
}

function knownHosts({ port, hostKeys }: Awaited<ReturnType<typeof startServer>>): string {
  const [key] = hostKeys;
  return `[127.0.0.1]:${port} ${key?.type} ${key?.getPublicSSH().toString('base64')}\n`;
}

function inventory({ port }: { readonly port: number }, variables = ''): string {
  return `[hypervisors]\nkvm-01 ansible_host=127.0.0.1 ansible_port=${port} ${variables}\n`;
}

/** Runs the program on a terminal of its own and types a line for each question. */
async function onTerminal(folder: string, args: readonly string[], lines: readonly string[]) {
  const command = [process.execPath, BIN, ...args].map(word => `'${word}'`).join(' ');
  const running = execa('script', ['-qefc', command, '/dev/null'], {
    cwd: folder,
    env: { HOME: folder, SSH_AUTH_SOCK: undefined, TERM: 'xterm', CI: undefined, NO_COLOR: '1' },
    reject: false,
    timeout: 50_000,
  });
  const left = [...lines];
  let screen = '';
  let unread = '';
  running.stdout?.on('data', chunk => {
    screen += chunk;
    unread += chunk;
    if (/(?:password|Passphrase)[^\n]*: $/i.test(unread)) {
      unread = '';
      running.stdin?.write(left.shift() ?? '\u0003');
    }
  });
  const { exitCode } = await running;
  return { screen, exitCode, unused: left };
}

for (const [option, file, variable] of [
  ['-k', '--connection-password-file', 'ansible_password'],
  ['-K', '--become-password-file', 'ansible_become_password'],
] as const) {
  test(`${option} without a terminal is an error that names the way without one`, async t => {
    const { run, knocks } = await setUp(t);
    const { stdout, stderr, exitCode } = await run('check', 'site.yml', '-i', 'hosts.ini', option);
    t.is(exitCode, 2);
    t.is(stdout, '');
    t.true(stderr.includes('there is no terminal to ask on'), stderr);
    t.true(stderr.includes(`${file} FILE`) && stderr.includes(variable), stderr);
    t.is(knocks(), 0);
  });

  test(`${option} and ${file} together are an error`, async t => {
    const { run, knocks } = await setUp(t);
    const { exitCode, stderr } = await run('check', 'site.yml', '-i', 'hosts.ini', option, file, 'x');
    t.is(exitCode, 2);
    t.regex(stderr, /cannot be used with/);
    t.is(knocks(), 0);
  });
}

for (const [what, prepare, message] of [
  ['is missing', async () => {}, /secret: there is no such file/],
  [
    'is empty',
    async (path: string) => writeFile(path, '\n', { mode: 0o600 }),
    /secret: there is no secret in it/,
  ],
  [
    'can be read by everybody',
    async (path: string) => {
      await writeFile(path, PASSWORD);
      await chmod(path, 0o644);
    },
    /secret: everybody on this machine can read the secret in it\n {2}Close it: chmod 600 secret/,
  ],
  [
    'is a program that fails',
    async (path: string) => {
      await writeFile(path, '#!/bin/sh\necho vault is sealed >&2\nexit 3\n');
      await chmod(path, 0o700);
    },
    /secret: as a program it failed \(3\)\n {2}vault is sealed/,
  ],
] as const) {
  test(`a password file that ${what} is an error before any host is contacted`, async t => {
    const { run, knocks, folder } = await setUp(t);
    await prepare(join(folder, 'secret'));
    for (const option of ['--connection-password-file', '--become-password-file']) {
      const { exitCode, stderr } = await run('check', 'site.yml', '-i', 'hosts.ini', option, 'secret');
      t.is(exitCode, 2);
      t.regex(stderr, message);
    }
    t.is(knocks(), 0);
  });
}

test('the password comes from a file, from a program and from stdin, and is shown nowhere', async t => {
  const set = await setUp(t);
  const { passwords } = await passwordServer(t, set);
  await writeFile(join(set.folder, 'secret'), `${PASSWORD}\nnot this\n`, { mode: 0o600 });
  await writeFile(join(set.folder, 'program'), `#!/bin/sh\necho '${PASSWORD}'\n`);
  await chmod(join(set.folder, 'program'), 0o700);
  for (const [file, input] of [
    ['secret', ''],
    ['program', ''],
    ['-', `${PASSWORD}\n`],
  ] as const) {
    const { all, exitCode } = await execa(
      process.execPath,
      [BIN, ...CHECK, '-v', '--connection-password-file', file],
      {
        cwd: set.folder,
        env: { HOME: set.folder, SSH_AUTH_SOCK: undefined },
        reject: false,
        input,
        all: true,
      },
    );
    t.is(exitCode, 4, all);
    t.deepEqual(passwords.splice(0), [PASSWORD], all);
    t.false(all.includes(PASSWORD), all);
    t.regex(
      all,
      new RegExp(`Next: hookfleet check .* --connection-password-file ${file === '-' ? '-' : file}`),
    );
  }
});

test('text with the executable bit is the secret itself: no shell runs it, and none of it is shown', async t => {
  const set = await setUp(t);
  const { passwords } = await passwordServer(t, set);
  await writeFile(join(set.folder, 'secret'), `touch ran; ${PASSWORD}\n`);
  await chmod(join(set.folder, 'secret'), 0o700);
  const { stdout, stderr } = await set.run(...CHECK, '--connection-password-file', 'secret');
  t.deepEqual(passwords, [`touch ran; ${PASSWORD}`], stderr);
  t.false((stdout + stderr).includes(PASSWORD), stdout + stderr);
  await t.throwsAsync(stat(join(set.folder, 'ran')), { code: 'ENOENT' });
});

test('a program that gives a password has nothing to read', async t => {
  const set = await setUp(t);
  const { passwords } = await passwordServer(t, set);
  await writeFile(join(set.folder, 'program'), `#!/bin/sh\ncat\necho '${PASSWORD}'\n`);
  await chmod(join(set.folder, 'program'), 0o700);
  await set.run(...CHECK, '--connection-password-file', 'program');
  t.deepEqual(passwords, [PASSWORD]);
});

test('stdin holds one secret', async t => {
  const { run, knocks } = await setUp(t);
  const both = ['--connection-password-file', '-', '--become-password-file', '-'];
  const { exitCode, stderr } = await run('check', 'site.yml', '-i', 'hosts.ini', ...both);
  t.is(exitCode, 2);
  t.regex(stderr, /stdin can give one secret only/);
  t.is(knocks(), 0);
});

test('the password of the inventory wins over that of the command line, and is shown nowhere', async t => {
  const set = await setUp(t);
  const { server, passwords } = await passwordServer(t, set);
  await set.write('hosts.ini', inventory(server, `ansible_password=other ansible_ssh_pass='${PASSWORD}'`));
  await writeFile(join(set.folder, 'secret'), 'a third', { mode: 0o600 });
  const secret = ['--connection-password-file', 'secret'];
  for (const format of [[], ['--json'], ['-v']]) {
    const { stdout, stderr } = await set.run(...CHECK, ...secret, ...format);
    t.deepEqual(passwords.splice(0), [PASSWORD], stderr);
    t.false(/hunter|other|third/.test(stdout + stderr), stdout + stderr);
  }
});

test('-k asks once, shows nothing of what is typed, and the next command asks again', async t => {
  const set = await setUp(t);
  const { passwords } = await passwordServer(t, set);
  const { screen, exitCode } = await onTerminal(set.folder, [...CHECK, '-k'], [`${PASSWORD}\r`]);
  t.is(exitCode, 4, screen);
  t.deepEqual(passwords, [PASSWORD]);
  t.is(screen.match(/SSH password: /g)?.length, 1);
  t.false(screen.includes('hunter'), screen);
  t.regex(screen, /Next: hookfleet check .* -k/);
});

test('typing is corrected as on any terminal: backspace, and the whole line anew', async t => {
  const set = await setUp(t);
  const { passwords } = await passwordServer(t, set);
  await onTerminal(set.folder, [...CHECK, '-k'], [`wrong\u0015${PASSWORD}x\u007f\r`]);
  t.deepEqual(passwords, [PASSWORD]);
});

test('-k and -K ask for both; Enter takes the first for the second', async t => {
  const set = await setUp(t);
  const { passwords } = await passwordServer(t, set);
  const { screen } = await onTerminal(set.folder, [...CHECK, '-k', '-K'], [`${PASSWORD}\r`, '\r']);
  t.regex(screen, /SSH password: \s+Become password \(Enter for the SSH password\): /);
  t.deepEqual(passwords, [PASSWORD]);
});

test('Ctrl-C and Ctrl-D at the question end the program with 130, and no host is contacted', async t => {
  const { folder, knocks } = await setUp(t);
  for (const key of ['\u0003', '\u0004', 'half\u0003']) {
    const { exitCode, screen } = await onTerminal(
      folder,
      ['check', 'site.yml', '-i', 'hosts.ini', '-k'],
      [key],
    );
    t.is(exitCode, 130, screen);
    t.false(screen.includes('half'));
  }
  const empty = await onTerminal(folder, ['check', 'site.yml', '-i', 'hosts.ini', '-k'], ['\r']);
  t.is(empty.exitCode, 2);
  t.regex(empty.screen, /No password was typed/);
  t.is(knocks(), 0);
});

/** A key file with a passphrase, named for the host of the inventory. */
async function lockedKey(t: ExecutionContext) {
  const set = await setUp(t);
  const { server, passwords, keys } = await passwordServer(t, set);
  const settings = { passphrase: PASSWORD, cipher: 'aes256-ctr', rounds: 4 } as const;
  const { private: content } = ssh2.utils.generateKeyPairSync('ed25519', settings);
  await writeFile(join(set.folder, 'locked'), content, { mode: 0o600 });
  await set.write('hosts.ini', inventory(server, 'ansible_ssh_private_key_file=locked'));
  return { ...set, passwords, keys };
}

test('the passphrase of a named key is asked for, three times at most', async t => {
  const { folder, keys } = await lockedKey(t);
  const { screen, exitCode } = await onTerminal(folder, CHECK, ['wrong\r', 'worse\r', `${PASSWORD}\r`]);
  t.is(exitCode, 4, screen);
  t.is(keys.length, 1);
  t.regex(screen, /Passphrase for .*\/locked: \s+That was not it\. Passphrase for .*\/locked: /);
  t.false(/hunter|wrong|worse/.test(screen), screen);

  const failed = await onTerminal(folder, CHECK, ['a\r', 'b\r', 'c\r', 'd\r']);
  t.is(failed.exitCode, 2, failed.screen);
  t.deepEqual(failed.unused, ['d\r']);
  t.regex(failed.screen, /locked: it is encrypted, its passphrase is not known/);
});

test('without a terminal the passphrase comes from a file, which the environment may name too', async t => {
  const { folder, keys, run } = await lockedKey(t);
  await writeFile(join(folder, 'phrase'), `${PASSWORD}\n`, { mode: 0o600 });
  const named = await run(...CHECK, '--key-passphrase-file', 'phrase');
  t.is(named.exitCode, 4, named.stderr);
  t.regex(named.stderr, /Next: .* --key-passphrase-file phrase/);
  const byEnvironment = await execa(process.execPath, [BIN, ...CHECK], {
    cwd: folder,
    env: { HOME: folder, SSH_AUTH_SOCK: undefined, HOOKFLEET_KEY_PASSPHRASE_FILE: 'phrase' },
    reject: false,
    stdin: 'ignore',
  });
  t.is(byEnvironment.exitCode, 4, byEnvironment.stderr);
  t.is(keys.length, 2);
});

test('without a terminal and without a file a locked key is an error that names ssh-add, and so is a wrong passphrase', async t => {
  const { folder, keys, run } = await lockedKey(t);
  const without = await run(...CHECK);
  t.is(without.exitCode, 2);
  t.regex(
    without.stderr,
    /locked: it is encrypted.*\n {2}Load it into the agent: ssh-add \/.*\/locked; .*--key-passphrase-file FILE/,
  );
  await writeFile(join(folder, 'phrase'), 'wrong', { mode: 0o600 });
  const wrong = await run(...CHECK, '--key-passphrase-file', 'phrase');
  t.is(wrong.exitCode, 2);
  t.regex(wrong.stderr, /locked: the passphrase in phrase does not open it/);
  t.is(keys.length, 0);
});

test('a locked key does not matter where the host has a password, and a default key where there is an open one', async t => {
  const { folder, passwords, keys, run, write } = await lockedKey(t);
  await writeFile(join(folder, 'secret'), PASSWORD, { mode: 0o600 });
  const { exitCode, stderr } = await run(...CHECK, '--connection-password-file', 'secret');
  t.is(exitCode, 4, stderr);
  t.deepEqual(passwords, [PASSWORD]);
  t.is(keys.length, 0);
  await writeFile(join(folder, 'open'), newPrivateKey(), { mode: 0o600 });
  const ini = (await execa('cat', [join(folder, 'hosts.ini')])).stdout;
  await write('hosts.ini', `${ini.replace('key_file=locked', 'key_file=open')}\n`);
  t.is((await run(...CHECK)).exitCode, 4);
  t.is(keys.length, 1);
});
