import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BIN, type Control, makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { knownAs } from './remote.ts';
import { nameOn, startSshd } from './sshd.ts';

const PLAYBOOK = '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n';

/** A control machine whose inventory is the given text, and that knows the keys of known_hosts lines. */
async function control(
  t: ExecutionContext,
  inventory: string,
  known: readonly string[],
  config = '',
): Promise<Control> {
  const machine = await makeControl({});
  t.teardown(() => machine.remove());
  await machine.write('hosts.ini', `[hypervisors]\n${inventory}`);
  await machine.write('site.yml', PLAYBOOK);
  await machine.write('home/.ssh/known_hosts', `${known.join('\n')}\n`);
  await machine.write('home/.ssh/config', config);
  return machine;
}

const CHECK = ['check', 'site.yml', '-i', 'hosts.ini'];

/** Whether each host was reached, whatever was found there. */
async function reached(machine: Control, ...args: readonly string[]): Promise<Record<string, string>> {
  const { report } = await machine.json(...CHECK, ...args);
  return Object.fromEntries(
    Object.entries(report.hosts).map(([name, { outcome, error }]) => [
      name,
      outcome === 'unreachable' ? `${error?.kind}: ${error?.message}` : 'reached',
    ]),
  );
}

async function bastionAndHidden(t: ExecutionContext): Promise<readonly [LabHost, LabHost]> {
  const [bastion, hidden] = await Promise.all([
    startSshd(t, { name: 'bastion' }),
    startSshd(t, { name: 'hidden' }),
  ]);
  await nameOn(bastion, { 'hv-1.behind': hidden.address, 'hv-2.behind': hidden.address });
  return [bastion, hidden];
}

const BEHIND = 'hv-1 ansible_host=hv-1.behind\nhv-2 ansible_host=hv-2.behind\n';

test('jump hosts come from the command line, from the inventory and from ssh_config, the inventory first', async t => {
  const [bastion, hidden] = await bastionAndHidden(t);
  const known = [...knownAs([bastion.address], bastion), ...knownAs(['hv-1.behind', 'hv-2.behind'], hidden)];
  const all = { 'hv-1': 'reached', 'hv-2': 'reached' };
  const vars = '[hypervisors:vars]\nansible_user=ops\n';
  const gate = `Host gate\n  HostName ${bastion.address}\n  User nosudo\n`;

  const plain = await control(t, BEHIND + vars, known, gate);
  t.deepEqual(await reached(plain, '-J', `ops@${bastion.address}`), all);
  t.deepEqual(await reached(plain, '-J', 'gate'), all);
  t.regex(await bastion.sshLogText(), /Accepted publickey for nosudo /);
  t.deepEqual(
    Object.values(await reached(plain)).map(end => end.split(':')[0]),
    ['name', 'name'],
  );

  const configured = await control(t, BEHIND + vars, known, `${gate}Host *.behind\n  ProxyJump gate\n`);
  t.deepEqual(await reached(configured), all);
  t.deepEqual(
    Object.values(await reached(configured, '-F', 'none', '--connect-tries', '1')).map(
      end => end.split(':')[0],
    ),
    ['name', 'name'],
  );

  const args = `ansible_ssh_common_args="-o ProxyJump=ops@${bastion.address} -o ControlMaster=auto"\n`;
  const inventory = await control(t, BEHIND + vars + args, known);
  t.deepEqual(await reached(inventory, '-J', 'no-such-host.invalid'), all);
});

test("a jump host's own trouble is told once for all hosts behind it", async t => {
  const [bastion, hidden] = await bastionAndHidden(t);
  const machine = await control(
    t,
    `${BEHIND}[hypervisors:vars]\nansible_user=ops\n`,
    knownAs(['hv-1.behind', 'hv-2.behind'], hidden),
  );
  const ran = await machine.run(...CHECK, '-J', `ops@${bastion.address}:9`, '--connect-tries', '2');
  t.is(ran.exitCode, 4);
  const told = ran.stdout.match(/the jump host [\d.]+ \(port 9\) refused the connection \(tried 2 times\)/g);
  t.is(told?.length, 1, ran.stdout);
  t.regex(ran.stderr, /Next: hookfleet check site\.yml .* -J ops@[\d.]+:9 --connect-tries 2/);
  t.deepEqual(await hidden.sshLog(), { connections: 0, execs: 0 });
});

test('keys of a jump host and of hosts behind it are trusted in one go', async t => {
  const [bastion] = await bastionAndHidden(t);
  const machine = await control(
    t,
    `${BEHIND}[hypervisors:vars]\nansible_user=ops\n`,
    [],
    `Host *.behind\n  ProxyJump ops@${bastion.address}\n`,
  );
  t.regex(Object.values(await reached(machine))[0] ?? '', /^host-key-unknown: the key of the jump host /);
  const trusted = await machine.run('trust', '-i', 'hosts.ini', '--yes');
  t.is(trusted.exitCode, 0, trusted.stdout + trusted.stderr);
  t.deepEqual(await reached(machine), { 'hv-1': 'reached', 'hv-2': 'reached' });
});

test('HostName, Port, User, IdentityFile, HostKeyAlias and UserKnownHostsFile of ssh_config count', async t => {
  const host = await startSshd(t, { settings: 'Port 22\nPort 2200\n' });
  const machine = await control(t, 'short-1\nshort-2 ansible_user=root\n', []);
  const ssh = join(machine.folder, 'home/.ssh');
  await mkdir(join(ssh, 'elsewhere'));
  await rename(join(ssh, 'id_ed25519'), join(ssh, 'elsewhere/key'));
  await writeFile(join(ssh, 'elsewhere/known'), knownAs(['the-fleet'], host).join('\n'));
  await machine.write(
    'home/.ssh/config',
    [
      'Host short-*',
      `  HostName ${host.address}`,
      '  Port 2200',
      '  User ops',
      '  IdentityFile ~/.ssh/elsewhere/key',
      '  HostKeyAlias the-fleet',
      `  UserKnownHostsFile ${ssh}/elsewhere/known`,
      '  StrictHostKeyChecking no',
      '',
    ].join('\n'),
  );
  t.deepEqual(await reached(machine), { 'short-1': 'reached', 'short-2': 'reached' });
  const log = await host.sshLogText();
  t.regex(log, /Accepted publickey for ops .*/);
  t.regex(log, /Accepted publickey for root .*/);
  const { stderr } = await machine.run(...CHECK);
  t.is(stderr.match(/StrictHostKeyChecking no is not heeded: host keys are always checked/g)?.length, 1);
});

test('a ProxyCommand is named as what is not supported, for the host that has it', async t => {
  const host = await startSshd(t, {});
  const machine = await control(
    t,
    `a ansible_host=${host.address}\nb ansible_host=with-command\n[hypervisors:vars]\nansible_user=ops\n`,
    knownAs([host.address], host),
    'Host with-command\n  ProxyCommand nc %h %p\n',
  );
  t.deepEqual(await reached(machine), {
    a: 'reached',
    b: 'ssh-config: ssh_config has a ProxyCommand for the host, which is not supported',
  });
});

test('without an ssh binary the files are read all the same', async t => {
  const [bastion, hidden] = await bastionAndHidden(t);
  const machine = await control(
    t,
    `${BEHIND}[hypervisors:vars]\nansible_user=ops\n`,
    [...knownAs([bastion.address], bastion), ...knownAs(['hv-1.behind', 'hv-2.behind'], hidden)],
    `Host *.behind\n  ProxyJump gate\nHost gate\n  HostName ${bastion.address}\n  User ops\nMatch user nobody\n  Port 5\n`,
  );
  const { stdout, stderr } = await execa(process.execPath, [BIN, ...CHECK, '--json'], {
    cwd: machine.folder,
    env: { HOME: join(machine.folder, 'home'), PATH: '/nonexistent' },
    extendEnv: false,
    reject: false,
  });
  const { hosts } = JSON.parse(stdout);
  t.deepEqual(
    Object.values<{ outcome: string }>(hosts).map(({ outcome }) => outcome),
    ['drifted', 'drifted'],
  );
  t.regex(stderr, /config:7: port 5 is not heeded: there is no ssh on this machine/);
});
