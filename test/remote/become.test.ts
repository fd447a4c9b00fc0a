import { readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Secret } from '../../src/core/secret.ts';
import { sh } from '../../src/core/sh.ts';
import { machineShell } from './embedded-server.ts';
import { isFault } from './fault-cases.ts';
import { commandFolder, hostError, PLAIN, serverFor, sessionFor } from './faults.ts';

const BECOME = { ...PLAIN, become: true };

/** A session as user `ops` on a server whose sudo is a script. */
async function withSudo(t: ExecutionContext, script: string, password?: string, shellMs = 20_000) {
  const folder = await commandFolder(t, 'sudo', `#!/bin/sh\n${script}\n`);
  const exec = machineShell({ env: { PATH: `${folder}:/usr/bin:/bin` }, chatter: 'Hello\n' });
  const server = await serverFor(t, { exec });
  const secret = password === undefined ? {} : { becomePassword: new Secret(password) };
  return { server, session: await sessionFor(t, server, server.host('ops', secret), { shellMs }) };
}

/** As sudo does with -S: asks on stderr, reads one line a byte at a time, tries it, three times. */
const ASKING = `
[ "$1" = -S ] || { echo 'sudo: a password is required' >&2; exit 1; }
prompt=$3; shift 3
for try in 1 2 3; do
  printf %s "$prompt" >&2
  read -r answer || { echo 'sudo: no password was provided' >&2; exit 1; }
  echo "tried $answer" >&2
  [ "$answer" = 'open sesame' ] && exec "$@"
  echo 'Désolé, essayez de nouveau.' >&2
done
exit 1`;

test('become goes through sudo, and not at all for root', async t => {
  const { server, session } = await withSudo(t, '[ "$1" = -n ] || exit 9\nshift\nBECAME=yes exec "$@"');
  const asked = [sh`echo "$BECAME"`];
  const root = await sessionFor(t, server, server.host('root', { becomePassword: new Secret('x') }));
  t.is((await session.run(asked, BECOME))[0]?.stdout, 'yes\n');
  t.is((await session.run([...asked, sh`: ${'x'.repeat(50_000)}`], BECOME))[0]?.stdout, 'yes\n');
  t.is((await session.run(asked, PLAIN))[0]?.stdout, '\n');
  t.is((await root.run(asked, BECOME))[0]?.stdout, '\n');
});

test('the password goes to sudo alone; short and long scripts follow it', async t => {
  const { session, server } = await withSudo(t, ASKING, 'open sesame');
  for (const text of ['short', 'long'.repeat(50_000)]) {
    const [section] = await session.run([sh`printf %s ${text}`], BECOME);
    t.deepEqual(section, { stdout: text, stderr: '', exitCode: 0 });
  }
  const decoded = server.commands.map(command =>
    Buffer.from(command.split(' ')[5] ?? '', 'base64').toString(),
  );
  t.true(decoded.every(text => text.includes('sudo -S') && !text.includes('sesame')));
});

test('a wrong password is tried once, in whatever language sudo speaks, and the script never follows it', async t => {
  const { session } = await withSudo(t, ASKING, 'wrong one');
  const error = await hostError(t, session.run([sh`echo ${'the script'}`], BECOME));
  isFault(t, 'sudo-wrong-password', error);
  t.is(error.failure.stderr?.match(/tried/g)?.length, 1);
  t.false(JSON.stringify(error.failure).includes('wrong one'), 'what repeats it is redacted');
});

test('[password-not-needed] where sudo does not ask, the line with the password is passed over', async t => {
  const folder = await commandFolder(t, 'unused', '');
  const { session } = await withSudo(t, 'shift 3; exec "$@"', `ln -s executed ${folder}/witness`);
  t.is((await session.run([sh`echo fine`], BECOME))[0]?.stdout, 'fine\n');
  await t.throwsAsync(readlink(join(folder, 'witness')), { code: 'ENOENT' });
});

test('a sudo that waits for ever is given up', async t => {
  const { session } = await withSudo(t, 'exec sleep 20', 'x', 1500);
  isFault(t, 'sudo-silent', await hostError(t, session.run([sh`:`], BECOME)));
});

for (const [id, says, exitCode] of [
  ['sudo-password', 'sudo: a password is required', 1],
  ['sudo-locked', 'The account is locked due to 3 failed logins.\n(10 minutes left to unlock)', 1],
  ['sudo-expired', 'sudo: Account or password is expired, reset your password and try again', 1],
  ['sudo-no-rule', 'ops is not in the sudoers file.', 1],
  ['sudo-no-rule', 'Sorry, user ops may not run sudo on h1.', 1],
  ['sudo-other-commands', "Sorry, user ops is not allowed to execute '/bin/sh' as root on h1.", 1],
  ['sudo-requiretty', 'sudo: sorry, you must have a tty to run sudo', 1],
  ['sudo-powerless', 'sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set', 1],
  [
    'sudo-powerless',
    'sudo: The "no new privileges" flag is set, which prevents sudo from running as root.',
    1,
  ],
  ['sudo-broken', 'sudo: /etc/sudoers is world writable', 1],
  ['sudo-no-timeout', 'sudo: timeout: command not found', 1],
  ['sudo-unknown', 'sudo: il est nécessaire de saisir un mot de passe', 1],
  ['sudo-unknown', '', 77],
] as const) {
  test(`${id}: a sudo that says "${says.split('\n')[0]}"`, async t => {
    const { session } = await withSudo(t, `cat >&2 <<'END'\n${says}\nEND\nexit ${exitCode}`);
    const error = await hostError(t, session.run([sh`:`], BECOME));
    isFault(t, id, error);
    t.deepEqual([error.failure.step, error.failure.exitCode], ['become', exitCode]);
    t.is(error.failure.command, 'sudo timeout -k 5 30 sh -s');
    t.is(error.failure.stderr, says || null);
  });
}

test('a host without sudo is told so', async t => {
  const folder = await commandFolder(t, 'unused', '');
  for (const program of ['sh', 'base64', 'printf']) {
    await symlink(`/usr/bin/${program}`, join(folder, program));
  }
  const server = await serverFor(t, { exec: machineShell({ env: { PATH: folder } }) });
  for (const text of ['short', 'x'.repeat(50_000)]) {
    const session = await sessionFor(t, server, server.host('ops'));
    isFault(t, 'sudo-absent', await hostError(t, session.run([sh`: ${text}`], BECOME)));
  }
});
