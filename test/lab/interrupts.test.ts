import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';

const APPLY = ['apply', 'site.yml', '-i', 'hosts.ini'];
const FOLDER = 'usr/libexec/vdsm/hooks/before_vm_start';

async function setUp(t: ExecutionContext, names: readonly string[], more = '') {
  const hosts = await Promise.all(names.map(name => boot(t, { name })));
  const control = await makeControl({ hypervisors: hosts });
  t.teardown(() => control.remove());
  await control.write('site.yml', `- hosts: hypervisors\n  become: true\n${more}  vdsm_hooks: [diskunmap]\n`);
  return { hosts, control };
}

/** Waits until a command succeeds on the host, a minute at most. */
async function until(host: LabHost | undefined, command: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while ((await host?.exec(command, { reject: false }))?.exitCode !== 0) {
    if (performance.now() > deadline) {
      throw new Error(`It never came to: ${command}`);
    }
    await sleep(20);
  }
}

function outcomes(stdout: unknown): string[] {
  const { hosts } = JSON.parse(String(stdout)) as { hosts: Record<string, { outcome: string }> };
  return Object.entries(hosts).map(([name, { outcome }]) => `${name} ${outcome}`);
}

const SLEEPS = '  verify: touch /var/tmp/asked; sleep 271\n  verify_timeout: 300\n';

test('SIGTERM in a pause ends it at once: what was done stays, the others are cancelled, exit 130', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1', 'kvm-2'], '  serial: 1\n  pause: 1h\n');
  const running = control.start(...APPLY, '--json');
  await until(hosts[0], 'rpm -q vdsm-hook-diskunmap');
  running.kill('SIGTERM');
  const { exitCode, stdout } = await running;
  t.is(exitCode, 130);
  t.deepEqual(outcomes(stdout), ['kvm-1 changed', 'kvm-2 cancelled']);
  t.deepEqual(await hosts[1]?.sshLog(), { connections: 0, execs: 0 });
});

test('the first SIGHUP lets a host come to its end, its verification too', async t => {
  const { hosts, control } = await setUp(
    t,
    ['kvm-1', 'kvm-2'],
    '  serial: 1\n  verify: touch /var/tmp/asked; sleep 2; touch /var/tmp/answered\n',
  );
  const running = control.start(...APPLY, '--json');
  await until(hosts[0], 'test -e /var/tmp/asked');
  running.kill('SIGHUP');
  const { exitCode, stdout } = await running;
  t.is(exitCode, 130);
  t.deepEqual(outcomes(stdout), ['kvm-1 changed', 'kvm-2 cancelled']);
  await until(hosts[0], 'test -e /var/tmp/answered');
});

test('the second ends what runs on the hosts and leaves no process behind, and there still is a summary', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1', 'kvm-2'], SLEEPS);
  const running = control.start(...APPLY, '-f', '1');
  await until(hosts[0], 'test -e /var/tmp/asked');
  running.kill('SIGINT');
  await sleep(200);
  const second = performance.now();
  running.kill('SIGINT');
  const { exitCode, stdout } = await running;
  t.true(performance.now() - second < 30_000);
  t.is(exitCode, 130);
  t.regex(String(stdout), /2 cancelled/);
  t.regex(String(stdout), /Interrupted while it was changed/);
  t.is((await hosts[0]?.exec("pgrep -f 'sleep 27[1]'", { reject: false }))?.exitCode, 1);
});

test('killed at any moment, again and again: the next run heals the hosts, and nothing half done is left', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1', 'kvm-2']);
  for (const ms of [350, 500, 650, 800, 950, 1100]) {
    await Promise.all(hosts.map(host => host.exec('rpm -e vdsm-hook-diskunmap', { reject: false })));
    const running = control.start(...APPLY, '--json');
    await sleep(ms);
    running.kill('SIGKILL');
    await running;
    const healed = await control.json(...APPLY);
    t.is(healed.exitCode, 0, JSON.stringify(healed.report));
    const check = await control.json('check', 'site.yml', '-i', 'hosts.ini');
    t.is(check.exitCode, 0, JSON.stringify(check.report));
    for (const host of hosts) {
      const left = await host.exec(
        'rpm -V vdsm-hook-diskunmap; find /usr/libexec/vdsm /etc /var/lib/hookfleet /run -name ".hookfleet-*" -o -name "hookfleet.??????"',
        { reject: false },
      );
      t.is(left.stdout.trim(), '', left.stderr);
    }
  }
});

test('what a killed run has left half done is seen by check, and removed by the next apply', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1']);
  await control.run(...APPLY);
  await writeFile(join(hosts[0]?.root ?? '', FOLDER, '.hookfleet-a1B2c3'), '#!/bin/sh\necho hal');
  const seen = await control.json('check', 'site.yml', '-i', 'hosts.ini');
  t.is(seen.exitCode, 3);
  t.like(seen.report.hosts['kvm-1']?.changes[0], {
    resource: 'unfinished-file',
    id: `/${FOLDER}/.hookfleet-a1B2c3`,
    action: 'remove',
  });
  t.is((await control.json(...APPLY)).report.totals.changed, 1);
  t.is((await control.json(...APPLY)).report.totals.ok, 1);
});
