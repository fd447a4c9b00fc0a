import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { Secret } from '../../src/core/secret.ts';
import { type Sh, sh } from '../../src/core/sh.ts';
import type { Session } from '../../src/remote/script/session.ts';
import { isFault } from '../remote/fault-cases.ts';
import { hostError } from '../remote/faults.ts';
import { type Control, makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { login } from './login.ts';

const OPTIONS = { become: true, timeoutSeconds: 60, stopAtFailure: true };

// Root, and two ways to become root: the script in the command, and on stdin behind a password.
const WAYS = [
  ['root', 'nopasswd', { user: 'root' }],
  ['sudo', 'nopasswd', {}],
  ['sudo with a password', 'password', { becomePassword: new Secret('word') }],
] as const;

/** Starts a script, and waits until it is in its second fragment. */
async function start(session: Session, fragments: readonly Sh[]) {
  let begun = () => {};
  const started = new Promise<void>(resolve => {
    begun = resolve;
  });
  const sections = session.run([sh`:`, ...fragments], { ...OPTIONS, onSection: () => begun() });
  await Promise.race([started, sections]);
  return { failed: (t: ExecutionContext) => hostError(t, sections) };
}

async function processes(host: LabHost, pattern: string): Promise<string> {
  return (await host.exec(`ps -eo args | grep -E '^(${pattern})' || :`)).stdout;
}

async function untilFile(host: LabHost, path: string): Promise<void> {
  while ((await host.exec(['test', '-e', path], { reject: false })).exitCode !== 0) {
    await sleep(100);
  }
}

for (const [title, sudo, as] of WAYS) {
  test(`${title}: what takes too long is ended by the host, whether it wants to or not, with all that it started`, async t => {
    const host = await boot(t, { sudo });
    await host.exec('echo ops:word | chpasswd');
    for (const fragment of [sh`sleep 4321 & sleep 4321`, sh`trap '' TERM; sleep 4321; sleep 4321`]) {
      const session = await login(t, host, as);
      const run = session.run([sh`:`, fragment], { ...OPTIONS, timeoutSeconds: 1 });
      isFault(t, 'too-long', await hostError(t, run));
      t.is(await processes(host, 'sleep|timeout|sudo'), '');
      session.close();
    }
  });

  test(`${title}: when sshd is killed the step that runs ends, no other begins, and the lock is free again`, async t => {
    const host = await boot(t, { sudo });
    await host.exec('echo ops:word | chpasswd');
    const session = await login(t, host, as);
    const { failed } = await start(session, [
      sh`sleep 2; : >./root/ended`,
      sh`: >./root/next`,
      sh`: >./root/next`,
    ]);
    await host.exec("pkill -KILL -f '^sshd: (ops|root)'");
    isFault(t, 'lost', await failed(t));
    t.regex(await processes(host, 'sleep'), /^sleep 2/);
    await untilFile(host, '/root/ended');
    await sleep(500);
    t.is(await processes(host, 'sleep|timeout|sudo'), '');
    await host.exec('test ! -e /root/next');
  });

  test(`${title}: stop leaves nothing behind`, async t => {
    const host = await boot(t, { sudo });
    await host.exec('echo ops:word | chpasswd');
    for (const [fragment, most] of [
      [sh`sleep 4321 & sleep 4321`, 4000],
      [sh`trap '' TERM; sleep 4321; sleep 4321`, 9900],
    ] as const) {
      const session = await login(t, host, as);
      const { failed } = await start(session, [fragment, sh`: >./root/next`]);
      while (!(await processes(host, 'sleep')).startsWith('sleep')) {
        await sleep(50);
      }
      const startedAt = performance.now();
      await session.stop();
      t.true(performance.now() - startedAt < most);
      isFault(t, 'killed', await failed(t));
      t.is(await processes(host, 'sleep|timeout|sudo'), '');
    }
    await host.exec('test ! -e /root/next');
  });
}

test('an sshd that freezes is found out by keepalives', async t => {
  const host = await boot(t);
  const session = await login(t, host, {}, { keepaliveMs: 300 });
  const { failed } = await start(session, [sh`sleep 5`]);
  await host.exec("pkill -STOP -f '^sshd: ops'");
  isFault(t, 'frozen', await failed(t));
  await host.exec("pkill -CONT -f '^sshd: ops'");
});

test('[left-behind] what a step leaves running, with its output open, does not hold up the reply', async t => {
  const host = await boot(t);
  const session = await login(t, host);
  const startedAt = performance.now();
  const [section] = await session.run([sh`sleep 30 & echo done`], OPTIONS);
  t.is(section?.stdout, 'done\n');
  t.true(performance.now() - startedAt < 20_000);
});

const PLAYBOOK = '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n';

async function control(t: ExecutionContext, host: LabHost): Promise<Control> {
  const made = await makeControl({ hypervisors: [host] });
  t.teardown(() => made.remove());
  await made.write('site.yml', PLAYBOOK);
  return made;
}

test('[full-disk] a full /tmp and a full /run do not keep a check from its answer, and an apply says what is full', async t => {
  const host = await boot(t, { name: 'kvm' });
  const made = await control(t, host);
  await host.exec(
    'mount -t tmpfs -o size=64k tmpfs /tmp; dd if=/dev/zero of=/tmp/filling bs=4k 2>/dev/null || :',
  );
  t.is((await made.run('apply', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
  await host.exec(`rpm -e vdsm-hook-diskunmap
    rm /run/hookfleet.lock; mount -o remount,size=4m /run
    dd if=/dev/zero of=/run/filling bs=64k 2>/dev/null || dd if=/dev/zero of=/run/filling2 bs=4k 2>/dev/null || :`);
  t.is((await made.run('check', 'site.yml', '-i', 'hosts.ini')).exitCode, 3);
  const { report } = await made.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(report.hosts.kvm?.outcome, 'failed');
  t.regex(report.hosts.kvm?.error?.message ?? '', /\/run.* is full/);
  await host.exec('rm /run/filling*');
  t.is((await made.run('apply', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
});

test('a connection lost while a package comes in is told with the step, and the next run heals the host', async t => {
  const host = await boot(t, { name: 'kvm' });
  const made = await control(t, host);
  // Long enough in dnf to be met there.
  await host.exec(`mv /usr/bin/dnf /usr/bin/dnf.real
    printf '#!/bin/sh\\n: >/root/in-dnf\\nsleep 3\\nexec /usr/bin/dnf.real "$@"\\n' >/usr/bin/dnf; chmod 755 /usr/bin/dnf`);
  const applying = made.json('apply', 'site.yml', '-i', 'hosts.ini');
  await untilFile(host, '/root/in-dnf');
  await host.exec("pkill -KILL -f '^sshd: ops'");
  const { report, exitCode } = await applying;
  t.is(exitCode, 1);
  const error = report.hosts.kvm?.error;
  t.is(error?.kind, 'connection-lost');
  t.regex(error?.message ?? '', /lost during apply.*install vdsm-hook-diskunmap/i);
  const healed = await made.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(healed.exitCode, 0);
  t.is((await made.run('check', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
});

test('at the second Ctrl-C nothing stays behind on the host, and the run still has its summary', async t => {
  const host = await boot(t, { name: 'kvm' });
  const made = await control(t, host);
  await host.exec(`mv /usr/bin/dnf /usr/bin/dnf.real
    printf '#!/bin/sh\\n: >/root/in-dnf\\nsleep 4321\\n' >/usr/bin/dnf; chmod 755 /usr/bin/dnf`);
  const applying = made.start('apply', 'site.yml', '-i', 'hosts.ini', '--json');
  await untilFile(host, '/root/in-dnf');
  applying.kill('SIGINT');
  await sleep(1000);
  t.regex(await processes(host, 'sleep'), /^sleep 4321/);
  applying.kill('SIGINT');
  const { exitCode, stdout } = await applying;
  t.is(exitCode, 130);
  t.is(JSON.parse(stdout).hosts.kvm.outcome, 'cancelled');
  t.is(await processes(host, 'sleep|timeout|sudo'), '');
});
