import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BIN, makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';

const LOGIN = 'open $esame 1';
const SUDO = "for 'root' only";

/** A host where ops logs in with one password, and becomes root with another (sudo's targetpw). */
async function setUp(t: ExecutionContext) {
  const host = await boot(t, { name: 'kvm', sudo: 'password' });
  for (const [user, password] of [
    ['ops', LOGIN],
    ['root', SUDO],
  ] as const) {
    const { stdout: hash } = await execa('openssl', ['passwd', '-6', '-stdin'], { input: password });
    await host.exec(['usermod', '-p', hash, user]);
  }
  await writeFile(join(host.root, 'etc/sudoers.d/zzz-target'), 'Defaults targetpw\n', { mode: 0o440 });
  await writeFile(join(host.root, 'etc/ssh/sshd_config.d/aa-test.conf'), 'PasswordAuthentication yes\n');
  await writeFile(
    join(host.root, 'etc/pam.d/sudo'),
    'auth required pam_unix.so\naccount required pam_unix.so\nsession optional pam_permit.so\n',
  );
  await host.exec('kill -HUP $(pgrep -o sshd)');
  const control = await makeControl({ hypervisors: [host] });
  t.teardown(() => control.remove());
  await rm(join(control.folder, 'home/.ssh/id_ed25519'));
  await control.write('site.yml', '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n');
  await writeFile(join(control.folder, 'login'), LOGIN, { mode: 0o600 });
  await writeFile(join(control.folder, 'sudo'), SUDO, { mode: 0o600 });
  return { host, control };
}

/** Watches the arguments and environments of all processes of the host until the work is done. */
async function seenMeanwhile<T>(host: LabHost, work: Promise<T>): Promise<{ done: T; seen: string }> {
  let seen = '';
  let over = false;
  const done = work.finally(() => {
    over = true;
  });
  while (!over) {
    seen += (await host.exec('cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null || :')).stdout;
  }
  return { done: await done, seen };
}

const FILES = ['--connection-password-file', 'login', '--become-password-file', 'sudo'];

test('passwords from files log in and become root, and stand in no argument, log or report', async t => {
  const { host, control } = await setUp(t);
  const { done, seen } = await seenMeanwhile(
    host,
    control.run('apply', 'site.yml', '-i', 'hosts.ini', '-v', '--diff', ...FILES),
  );
  t.is(done.exitCode, 0, done.stderr + done.stdout);
  t.regex(seen, /sudo/, 'something was seen');
  const journal = await host.exec('journalctl --no-pager 2>/dev/null || :');
  for (const [where, text] of [
    ['arguments and environments', seen],
    ['output', done.stdout + done.stderr],
    ['log of sshd', await host.sshLogText()],
    ['journal', journal.stdout],
  ] as const) {
    t.false(text.includes(LOGIN) || text.includes(SUDO), where);
  }
  const again = await control.json('apply', 'site.yml', '-i', 'hosts.ini', ...FILES);
  t.is(again.report.totals.ok, 1, again.stdout);
});

test('the inventory may have both, and wins', async t => {
  const { control } = await setUp(t);
  const ini = await readFile(join(control.folder, 'hosts.ini'), 'utf8');
  await control.write('hosts.ini', `${ini}ansible_password="${LOGIN}"\nansible_become_password="${SUDO}"\n`);
  await writeFile(join(control.folder, 'login'), 'not this');
  const { exitCode, stdout, stderr } = await control.run('check', 'site.yml', '-i', 'hosts.ini', ...FILES);
  t.is(exitCode, 3, stdout + stderr);
  t.false((stdout + stderr).includes(LOGIN) || (stdout + stderr).includes(SUDO));
});

test('-k and -K on a terminal: two questions, no echo, and the hosts are changed', async t => {
  const { control } = await setUp(t);
  const words = [process.execPath, BIN, 'apply', 'site.yml', '-i', 'hosts.ini', '--yes', '-k', '-K'];
  const running = execa('script', ['-qefc', words.map(word => `'${word}'`).join(' '), '/dev/null'], {
    cwd: control.folder,
    env: { HOME: join(control.folder, 'home'), SSH_AUTH_SOCK: undefined, TERM: 'xterm', CI: undefined },
    reject: false,
    timeout: 120_000,
  });
  const left = [`${LOGIN}\r`, `${SUDO}\r`];
  let screen = '';
  let unread = '';
  running.stdout?.on('data', chunk => {
    screen += chunk;
    unread += chunk;
    if (/password[^\n]*: $/i.test(unread)) {
      unread = '';
      running.stdin?.write(left.shift() ?? '\u0003');
    }
  });
  const { exitCode } = await running;
  t.is(exitCode, 0, screen);
  t.deepEqual(left, []);
  t.regex(screen, /1 changed/);
  t.false(screen.includes(LOGIN) || screen.includes(SUDO), screen);
});
