import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { onTerminal } from './on-terminal.ts';

const DISKUNMAP = 'usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap';
const APPLY = ['apply', 'site.yml', '-i', 'hosts.ini'];

async function setUp(t: ExecutionContext, names: readonly string[], more = '') {
  const hosts = await Promise.all(names.map(name => boot(t, { name })));
  const control = await makeControl({ hypervisors: hosts });
  t.teardown(() => control.remove());
  await control.write(
    'site.yml',
    `- name: Hooks\n  hosts: hypervisors\n  become: true\n${more}  vdsm_hooks: [diskunmap]\n`,
  );
  return { hosts, control };
}

async function hasHook(host: LabHost | undefined): Promise<boolean> {
  return (await host?.exec('rpm -q vdsm-hook-diskunmap', { reject: false }))?.exitCode === 0;
}

test('what turns up after the question and was not shown is not changed: the host is left alone, and named', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1', 'kvm-2']);
  await control.run(...APPLY, '--yes');
  const file = (host: LabHost | undefined) => join(host?.root ?? '', DISKUNMAP);
  await Promise.all(hosts.map(host => chmod(file(host), 0o600)));
  const { screen, exitCode } = await onTerminal(control, APPLY, async () => {
    await rm(file(hosts[1]));
    return 'y\n';
  });
  t.is(exitCode, 1, screen);
  t.regex(screen, /1 changed/);
  t.regex(
    screen,
    /The plan that you agreed to did not show what is due here now: vdsm-hook diskunmap: reinstall/,
  );
  t.regex(screen, /Next: hookfleet apply site\.yml -i hosts\.ini -l kvm-2/);
  await t.throwsAsync(chmod(file(hosts[1]), 0o755), { code: 'ENOENT' });
  const again = await onTerminal(control, APPLY, 'y\n');
  t.is(again.exitCode, 0, again.screen);
});

const CANARY = '  serial: 1\n  confirm: true\n';

test('after the canary it shows what happened, and asks: yes goes on with the others', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1', 'kvm-2', 'kvm-3'], CANARY);
  const { screen, exitCode } = await onTerminal(control, APPLY, 'y\n', async () => {
    t.deepEqual(await Promise.all(hosts.map(hasHook)), [true, false, false]);
    return 'y\n';
  });
  t.is(exitCode, 0, screen);
  t.regex(screen, /This was the first batch of "Hooks"\. Go on with the other 2 hosts\? \[y\/N\]/);
  t.deepEqual(await Promise.all(hosts.map(hasHook)), [true, true, true]);
});

test('no after the canary: the others are left as they are, and it says how to put the canary back', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1', 'kvm-2'], CANARY);
  const { screen, exitCode } = await onTerminal(control, APPLY, 'y\n', 'n\n');
  t.is(exitCode, 1, screen);
  t.regex(screen, /Stopped: The answer after the first batch of "Hooks" was no/);
  t.regex(screen, /To put back what was there: hookfleet remove diskunmap -i hosts\.ini --hosts kvm-1/);
  t.deepEqual(await Promise.all(hosts.map(hasHook)), [true, false]);
});

test('Ctrl-C at that question: the others are cancelled, exit 130', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1', 'kvm-2'], CANARY);
  const { screen, exitCode } = await onTerminal(control, APPLY, 'y\n', '\u0003');
  t.is(exitCode, 130, screen);
  t.regex(screen, /1 cancelled/);
  t.deepEqual(await Promise.all(hosts.map(hasHook)), [true, false]);
});

test('with --yes nobody is asked after the canary either', async t => {
  const { hosts, control } = await setUp(t, ['kvm-1', 'kvm-2'], CANARY);
  const { screen, exitCode } = await onTerminal(control, [...APPLY, '--yes']);
  t.is(exitCode, 0, screen);
  t.false(screen.includes('[y/N]'));
  t.deepEqual(await Promise.all(hosts.map(hasHook)), [true, true]);
});
