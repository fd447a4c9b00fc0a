import test, { type ExecutionContext } from 'ava';
import { engineStarts } from './engine.ts';
import { type Control, makeControl, type Ran } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';

const HOOK = '/usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap';
const DONE = '/var/tmp/verified';

async function fleet(t: ExecutionContext, names: readonly string[]) {
  const hosts = await Promise.all(names.map(name => boot(t, { name })));
  const control = await makeControl({ hypervisors: hosts });
  t.teardown(() => control.remove());
  return { hosts, control };
}

async function installed(host: LabHost): Promise<string> {
  const { stdout } = await host.exec('rpm -q --qf "%{VERSION}-%{RELEASE}" vdsm-hook-diskunmap || true');
  return stdout.trim().split('\n')[0] ?? '';
}

/** Types a command that the program has printed, word for word. */
function type(control: Control, line: string): Promise<Ran> {
  const [, ...words] = line.split(' ');
  return control.run(...words);
}

test('batch after batch, each verified before the next one begins, and the engine once after all of them', async t => {
  const [hosts, engine] = await Promise.all([
    Promise.all(['kvm-1', 'kvm-2', 'kvm-3'].map(name => boot(t, { name }))),
    boot(t, { name: 'engine', kind: 'engine' }),
  ]);
  const control = await makeControl({ hypervisors: hosts, engines: [engine] });
  t.teardown(() => control.remove());
  await control.write(
    'site.yml',
    `- name: Hooks
  hosts: hypervisors
  become: true
  serial: [1, 100%]
  pause: 1s
  verify: |
    test "$(id -u)" = 0 && test -x ${HOOK}
    date +%s%N >>${DONE}
  vdsm_hooks: [diskunmap]
- name: Properties
  hosts: engine
  become: true
  engine_properties: { from_hooks: true }
  engine_health_url: http://${engine.address}/ovirt-engine/services/health
`,
  );
  const first = await control.json('apply', 'site.yml', '-i', 'hosts.ini', '--order', 'sorted');
  t.is(first.exitCode, 0, first.stderr);
  t.is(first.report.totals.changed, 4);
  t.is(await engineStarts(engine), 2);

  const number = async (host: LabHost | undefined, command: string) =>
    Number((await host?.exec(command))?.stdout.split('\n')[0]);
  const canaryVerified = await number(hosts[0], `cat ${DONE}`);
  for (const host of hosts.slice(1)) {
    const changedAt = await number(host, 'rpm -q --qf "%{INSTALLTIME}" vdsm-hook-diskunmap');
    t.true(changedAt * 1e9 >= canaryVerified, 'the others are changed after the pause after the canary');
  }

  const second = await control.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(second.report.totals.ok, 4, 'nothing is to be done any more');
  t.is(await engineStarts(engine), 2);
  for (const host of hosts) {
    t.is(await number(host, `wc -l <${DONE}`), 2, 'verified all the same');
  }
});

test('a canary that fails its verification is left as it is, and the command that is printed puts the old version back', async t => {
  const { hosts, control } = await fleet(t, ['kvm-1', 'kvm-2', 'kvm-3']);
  const playbook = (version: string, verify: string) => `- name: Hooks
  hosts: hypervisors
  become: true
  serial: [1, 100%]
  verify: ${verify}
  vdsm_hooks: [{ name: diskunmap, version: "=${version}" }]
`;
  await control.write('site.yml', playbook('4.50.5', '"true"'));
  t.is((await control.run('apply', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);

  await control.write('site.yml', playbook('4.50.6', 'echo not well >&2; exit 3'));
  const { stdout, stderr, exitCode } = await control.run('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  t.regex(stdout, /own verification does not hold/);
  t.regex(stdout, /not well/);
  t.regex(stdout, /^Stopped: 1 of 1 host of batch 1 of 2 of "Hooks" failed or was unreachable \(kvm-1\)/m);
  t.regex(stdout, /1 failed/);
  t.regex(stdout, /2 skipped/);
  t.deepEqual(await Promise.all(hosts.map(installed)), ['4.50.6-1', '4.50.5-1', '4.50.5-1']);

  const [, line = ''] = /^To put back what was there: (.*)$/m.exec(stderr) ?? [];
  t.is(line, 'hookfleet install diskunmap@4.50.5-1 -i hosts.ini --hosts kvm-1 --no-engine --allow-downgrade');
  const back = await type(control, line);
  t.is(back.exitCode, 0, back.stdout);
  t.deepEqual(await Promise.all(hosts.map(installed)), ['4.50.5-1', '4.50.5-1', '4.50.5-1']);
});

test('a hook that was new on a bad canary goes again with the command that is printed', async t => {
  const { hosts, control } = await fleet(t, ['kvm-1', 'kvm-2']);
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  serial: 1\n  verify: "false"\n  vdsm_hooks: [diskunmap]\n',
  );
  const { stderr, exitCode } = await control.run('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  const [, line = ''] = /^To put back what was there: (.*)$/m.exec(stderr) ?? [];
  t.is(line, 'hookfleet remove diskunmap -i hosts.ini --hosts kvm-1');
  t.is((await type(control, line)).exitCode, 0);
  const [canary] = hosts;
  t.is((await canary?.exec('rpm -q vdsm-hook-diskunmap', { reject: false }))?.exitCode, 1);
});

test('a verification that takes too long fails its host in its own time', async t => {
  const { control } = await fleet(t, ['kvm-1']);
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  verify: sleep 60\n  verify_timeout: 1\n  vdsm_hooks: [diskunmap]\n',
  );
  const { report, exitCode } = await control.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  t.like(report.hosts['kvm-1'], { outcome: 'failed', error: { kind: 'timeout', step: 'verify' } });
});

test('the budget lets a batch lose a host, and says with numbers when it is spent', async t => {
  const { hosts, control } = await fleet(t, ['kvm-1', 'kvm-2']);
  await control.write(
    'hosts.ini',
    [
      '[hypervisors]',
      'down-1 ansible_host=127.0.3.250',
      `kvm-1 ansible_host=${hosts[0]?.address}`,
      'down-2 ansible_host=127.0.3.251',
      `kvm-2 ansible_host=${hosts[1]?.address}`,
      'never ansible_host=127.0.3.252',
      '[all:vars]',
      'ansible_user=ops',
      '',
    ].join('\n'),
  );
  await control.write(
    'site.yml',
    '- name: Hooks\n  hosts: hypervisors\n  become: true\n  serial: 2\n  max_failed: 1\n  vdsm_hooks: [diskunmap]\n',
  );
  const { stdout, exitCode } = await control.run('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  t.regex(
    stdout,
    /^Stopped: 2 of 5 hosts of "Hooks" failed or were unreachable \(down-1, down-2\), more than max_failed: 1 allows\.$/m,
  );
  t.regex(stdout, /2 changed.*1 skipped.*2 unreachable|2 unreachable.*1 skipped.*2 changed/);
});
