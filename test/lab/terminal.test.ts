import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { execa } from 'execa';
import { BIN, type Control, makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';

const DISKUNMAP = 'usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap';
const PLAYBOOK = '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n';

/** Runs the program on a terminal of its own, types once it has asked, and gives everything that was on the screen. */
async function onTerminal(
  { folder }: Control,
  args: readonly string[],
  typed: string,
): Promise<{ readonly screen: string; readonly exitCode: number | undefined }> {
  const command = [process.execPath, BIN, ...args].map(word => `'${word}'`).join(' ');
  const running = execa('script', ['-qefc', command, '/dev/null'], {
    cwd: folder,
    env: { HOME: join(folder, 'home'), SSH_AUTH_SOCK: undefined, TERM: 'xterm', CI: undefined },
    reject: false,
    timeout: 60_000,
  });
  let screen = '';
  running.stdout?.on('data', chunk => {
    screen += chunk;
    if (typed !== '' && screen.endsWith('[y/N] ')) {
      running.stdin?.write(typed);
    }
  });
  const { exitCode } = await running;
  return { screen, exitCode };
}

async function setUp(t: Parameters<typeof boot>[0]): Promise<{ host: LabHost; control: Control }> {
  const host = await boot(t, { name: 'kvm' });
  const control = await makeControl({ hypervisors: [host] });
  t.teardown(() => control.remove());
  await control.write('site.yml', PLAYBOOK);
  await control.run('apply', 'site.yml', '-i', 'hosts.ini');
  await chmod(join(host.root, DISKUNMAP), 0o600);
  return { host, control };
}

async function mode(host: LabHost): Promise<string> {
  return (await host.exec(['stat', '-c', '%a', `/${DISKUNMAP}`])).stdout.trim();
}

test('on a terminal apply shows the plan and asks: no changes nothing, yes does', async t => {
  const { host, control } = await setUp(t);
  const no = await onTerminal(control, ['apply', 'site.yml', '-i', 'hosts.ini'], 'n\n');
  t.is(no.exitCode, 3, no.screen);
  t.regex(no.screen, /50_diskunmap: mode {2}0600 -> 0755/);
  t.is(await mode(host), '600');
  const yes = await onTerminal(control, ['apply', 'site.yml', '-i', 'hosts.ini'], 'yes\n');
  t.is(yes.exitCode, 0, yes.screen);
  t.regex(yes.screen, /1 changed/);
  t.is(await mode(host), '755');
});

test('with nothing to change, with --yes, and with --json there is no question', async t => {
  const { host, control } = await setUp(t);
  const forced = await onTerminal(control, ['apply', 'site.yml', '-i', 'hosts.ini', '--yes'], '');
  t.is(forced.exitCode, 0, forced.screen);
  t.false(forced.screen.includes('[y/N]'));
  t.is(await mode(host), '755');
  const idle = await onTerminal(control, ['apply', 'site.yml', '-i', 'hosts.ini'], '');
  t.is(idle.exitCode, 0, idle.screen);
  t.false(idle.screen.includes('[y/N]'));
  const json = await onTerminal(control, ['apply', 'site.yml', '-i', 'hosts.ini', '--json'], '');
  t.is(JSON.parse(json.screen).exitCode, 0);
});

test('what would only be listed is no question: the same exit code with and without a terminal', async t => {
  const { host, control } = await setUp(t);
  await control.run('apply', 'site.yml', '-i', 'hosts.ini');
  await host.exec(`cp -p /${DISKUNMAP} /${DISKUNMAP}.bak`);
  const onScreen = await onTerminal(control, ['apply', 'site.yml', '-i', 'hosts.ini'], '');
  t.is(onScreen.exitCode, 0, onScreen.screen);
  t.false(onScreen.screen.includes('[y/N]'));
  t.regex(onScreen.screen, /50_diskunmap\.bak should not be there/);
  t.is((await control.run('apply', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
});

test('Ctrl-C at the question changes nothing and exits 130', async t => {
  const { host, control } = await setUp(t);
  const { exitCode, screen } = await onTerminal(control, ['apply', 'site.yml', '-i', 'hosts.ini'], '\u0003');
  t.is(exitCode, 130, screen);
  t.is(await mode(host), '600');
});

test('interrupted in the middle: the host in flight finishes, others are cancelled, exit 130', async t => {
  const hosts = await Promise.all(['one', 'two', 'three'].map(name => boot(t, { name })));
  const control = await makeControl({ hypervisors: hosts });
  t.teardown(() => control.remove());
  await control.write('site.yml', PLAYBOOK);
  const running = control.start('apply', 'site.yml', '-i', 'hosts.ini', '-f', '1', '--json');
  const connected = async () => ((await hosts[0]?.sshLog())?.connections ?? 0) > 0;
  while (!(await connected())) {
    await sleep(5);
  }
  running.kill('SIGINT');
  const { stdout, exitCode } = await running;
  t.is(exitCode, 130);
  const { hosts: ended } = JSON.parse(String(stdout));
  t.deepEqual(
    Object.entries(ended).map(([name, host]) => `${name} ${(host as { outcome: string }).outcome}`),
    ['one changed', 'two cancelled', 'three cancelled'],
  );
  t.deepEqual(await hosts[1]?.sshLog(), { connections: 0, execs: 0 });
});
