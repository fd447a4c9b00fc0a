import test, { type ExecutionContext } from 'ava';
import { Secret } from '../../src/core/secret.ts';
import { sh } from '../../src/core/sh.ts';
import { sudoersRule } from '../../src/remote/script/sudo.ts';
import { isFault } from '../remote/fault-cases.ts';
import { hostError } from '../remote/faults.ts';
import type { HostOptions, LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { login } from './login.ts';

const BECOME = { become: true, timeoutSeconds: 60, stopAtFailure: false };

const PASSWORD = "it's a $(touch /tmp/executed) pass;word";

/** A host on which sudo wants the password of `ops`. */
async function hostWithPassword(t: ExecutionContext, options: HostOptions = {}): Promise<LabHost> {
  const host = await boot(t, { sudo: 'password', ...options });
  await host.exec(['sh', '-ec', 'printf "ops:%s\\n" "$1" | chpasswd', 'sh', PASSWORD]);
  return host;
}

async function setting(host: LabHost, text: string): Promise<void> {
  await host.exec([
    'sh',
    '-ec',
    'printf "%s\\n" "$1" >/etc/sudoers.d/zzz; visudo -cqf /etc/sudoers',
    'sh',
    text,
  ]);
}

/** The error of a small script as root, on a session of its own. */
async function refusal(t: ExecutionContext, host: LabHost, password?: string, user = 'ops') {
  const as = { user, ...(password === undefined ? {} : { becomePassword: new Secret(password) }) };
  const session = await login(t, host, as, { shellMs: 8000 });
  const error = await hostError(t, session.run([sh`id -u`], BECOME));
  session.close();
  return error;
}

async function becomes(t: ExecutionContext, host: LabHost, password?: string): Promise<void> {
  const as = password === undefined ? {} : { becomePassword: new Secret(password) };
  const session = await login(t, host, as);
  // The second is too long for a command, the third has a secret.
  for (const fragment of [sh`:`, sh`: ${'x'.repeat(100_000)}`, sh`: ${new Secret('hush')}`]) {
    t.deepEqual(await session.run([sh`id -u`, fragment], BECOME), [
      { stdout: '0\n', stderr: '', exitCode: 0 },
      { stdout: '', stderr: '', exitCode: 0 },
    ]);
  }
  session.close();
}

test('sudo with its password, which no log, no argument and no shell ever has', async t => {
  const host = await hostWithPassword(t);
  const session = await login(t, host, { becomePassword: new Secret(PASSWORD) });
  const [, seen] = await session.run(
    [sh`id -u`, sh`cat /proc/[0-9]*/cmdline | tr '\0' ' '; sleep 0.1`],
    BECOME,
  );
  t.true(seen?.stdout.includes('sudo -S -p'));
  t.false(seen?.stdout.includes('touch'));
  await becomes(t, host, PASSWORD);
  const logs = await host.exec('journalctl --no-pager; cat /var/log/lab/sshd.log');
  t.regex(logs.stdout, /COMMAND=\/usr\/bin\/timeout -k 5 60 sh -c/);
  t.false(logs.stdout.includes('touch'));
  await host.exec('test ! -e /tmp/executed');
});

test('a wrong password is tried once, and the account is not locked by it', async t => {
  const host = await hostWithPassword(t);
  await host.exec(`cat >/etc/pam.d/common-auth <<'END'
auth required pam_faillock.so preauth deny=3
auth [success=1 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail deny=3
auth sufficient pam_faillock.so authsucc deny=3
END`);
  isFault(t, 'sudo-wrong-password', await refusal(t, host, 'not it'));
  const failures = async () =>
    (await host.exec('faillock --user ops')).stdout.split('\n').filter(line => line.endsWith(' V')).length;
  t.true((await failures()) <= 2, 'the attempt, and the end of it');
  await becomes(t, host, PASSWORD);
  isFault(t, 'sudo-password', await refusal(t, host));
  for (let i = 0; i < 3 && (await failures()) < 3; i += 1) {
    await refusal(t, host, 'not it');
  }
  // A locked account says no more than a wrong password, so the hint has both.
  isFault(t, 'sudo-wrong-password', await refusal(t, host, PASSWORD));
});

test('[password-not-needed] with NOPASSWD or a valid ticket the password is passed over', async t => {
  const host = await hostWithPassword(t);
  await setting(host, 'Defaults !tty_tickets');
  await becomes(t, host, PASSWORD);
  await becomes(t, host, 'another; touch /tmp/executed');
  await setting(host, 'ops ALL=(ALL) NOPASSWD: ALL');
  await becomes(t, host, 'another; touch /tmp/executed');
  await becomes(t, host);
  await host.exec('test ! -e /tmp/executed');
});

test('[use-pty] [chatter] use_pty or not, a lecture, a prompt of the site’s own and insults do no harm', async t => {
  const host = await hostWithPassword(t);
  for (const text of [
    'Defaults use_pty',
    'Defaults !use_pty',
    'Defaults lecture=always',
    'Defaults passprompt="Enter it: ", passprompt_override',
    'Defaults insults',
    'Defaults timestamp_timeout=0',
    'Defaults log_input, log_output, iolog_dir=/tmp/io',
  ]) {
    await setting(host, text);
    await becomes(t, host, PASSWORD);
    isFault(t, 'sudo-wrong-password', await refusal(t, host, 'not it'));
  }
});

test('where one command alone may be allowed, the rule that is told is enough', async t => {
  const host = await boot(t, { sudo: 'password' });
  await setting(host, 'nosudo ALL=(root) NOPASSWD: /usr/bin/true');
  const { failure } = await refusal(t, host, undefined, 'nosudo');
  t.regex(failure.message, /asks for a password|other commands/);
  await host.exec('echo nosudo:pw | chpasswd');
  const error = await refusal(t, host, 'pw', 'nosudo');
  isFault(t, 'sudo-other-commands', error, 'nosudo');
  const rule = sudoersRule('nosudo', 'NOPASSWD: ');
  t.true(error.failure.hint?.endsWith(rule));
  await setting(host, rule);
  for (const becomePassword of [undefined, new Secret('pw')]) {
    const session = await login(t, host, { user: 'nosudo', ...(becomePassword && { becomePassword }) });
    for (const fragment of [sh`id -u`, sh`id -u # ${'x'.repeat(100_000)}`]) {
      t.is((await session.run([fragment], BECOME))[0]?.stdout, '0\n');
    }
  }
  const { exitCode } = await host.exec('runuser -u nosudo -- sudo -n id', { reject: false });
  t.is(exitCode, 1);
});

test('what sudo refuses names the user and what is missing', async t => {
  const host = await boot(t);
  isFault(t, 'sudo-requiretty', await requiretty(t));
  await host.exec('echo nosudo:pw | chpasswd');
  isFault(t, 'sudo-no-rule', await refusal(t, host, 'pw', 'nosudo'), 'nosudo');
  await setting(host, 'Defaults secure_path=/opt/none');
  isFault(t, 'sudo-no-timeout', await refusal(t, host));
  await host.exec('chmod 666 /etc/sudoers');
  isFault(t, 'sudo-broken', await refusal(t, host));
  await host.exec('chmod u-s /usr/bin/sudo');
  isFault(t, 'sudo-powerless', await refusal(t, host));
  await host.exec('rm /usr/bin/sudo');
  isFault(t, 'sudo-absent', await refusal(t, host));
});

async function requiretty(t: ExecutionContext) {
  return refusal(t, await boot(t, { sudo: 'requiretty' }));
}

test('a sudo that waits is given up, and an account that has expired is named', async t => {
  const host = await hostWithPassword(t);
  await host.exec('echo "auth optional pam_exec.so /bin/sleep 20" >/etc/pam.d/sudo');
  const session = await login(t, host, { becomePassword: new Secret(PASSWORD) }, { shellMs: 1000 });
  isFault(t, 'sudo-silent', await hostError(t, session.run([sh`id -u`], BECOME)));
  await host.exec(
    'printf "auth sufficient pam_unix.so\\naccount required pam_unix.so\\n" >/etc/pam.d/sudo; chage -d 2020-01-01 -M 30 ops',
  );
  isFault(t, 'sudo-expired', await refusal(t, host, PASSWORD));
});
