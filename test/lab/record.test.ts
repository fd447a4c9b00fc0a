import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { makeControl } from './fleet.ts';
import type { HostOptions, LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { onTerminal } from './on-terminal.ts';

const FLEET = ['site.yml', '-i', 'hosts.ini'];
const RUNS = 'home/.local/state/hookfleet/runs';

async function setUp(t: ExecutionContext, hosts: readonly HostOptions[], more = '') {
  const booted = await Promise.all(hosts.map(options => boot(t, options)));
  const control = await makeControl({ hypervisors: booted });
  t.teardown(() => control.remove());
  await control.write('site.yml', `- hosts: hypervisors\n  become: true\n${more}  vdsm_hooks: [diskunmap]\n`);
  return { hosts: booted, control };
}

async function until(host: LabHost | undefined, command: string): Promise<void> {
  while ((await host?.exec(command, { reject: false }))?.exitCode !== 0) {
    await sleep(20);
  }
}

test('a run that was killed is still readable, says that it did not end, and can be gone on with', async t => {
  const { hosts, control } = await setUp(
    t,
    [{ name: 'kvm-1' }, { name: 'kvm-2' }, { name: 'kvm-3' }],
    '  verify: if [ "$(hostname)" = kvm-2 ] && [ ! -e /var/tmp/asked ]; then touch /var/tmp/asked; sleep 300; fi\n  verify_timeout: 310\n',
  );
  await hosts[1]?.exec('hostname kvm-2');
  const running = control.start('apply', ...FLEET, '-f', '1');
  await until(hosts[1], 'test -e /var/tmp/asked');
  t.regex(
    (await control.run('runs')).stdout,
    /apply site\.yml {2}running {2}3 hosts: 1 changed, 2 cancelled$/,
  );
  running.kill('SIGKILL');
  await running;

  const list = await control.run('runs');
  t.regex(list.stdout, /apply site\.yml {2}did not end {2}3 hosts: 1 changed, 2 cancelled$/);
  const shown = await control.run('runs', 'show');
  t.is(shown.exitCode, 0);
  t.regex(shown.stdout, /^changed: kvm-1$/m);
  t.regex(shown.stdout, /^cancelled: kvm-2\n {2}The run has no end, and was changing this host$/m);
  t.regex(shown.stdout, /^cancelled: kvm-3\n {2}The run has no end, and was not done with this host$/m);
  const document = JSON.parse((await control.run('runs', 'show', '--json')).stdout);
  t.like(document, { exitCode: null, run: { state: 'no-end', endedAt: null } });

  const { report, stderr } = await control.json('apply', ...FLEET, '--rerun', 'cancelled');
  t.is(report.exitCode, 0, stderr);
  t.deepEqual(
    Object.entries(report.hosts).map(([name, { outcome }]) => `${name} ${outcome}`),
    ['kvm-2 ok', 'kvm-3 changed'],
  );
});

test('a host whose VDSM has changed since its last record is named, at the end of a run and between two', async t => {
  const { hosts, control } = await setUp(t, [{ name: 'kvm-1', vdsm: '4.50.5' }, { name: 'kvm-2' }]);
  await control.run('apply', ...FLEET);
  const first = await control.json('check', ...FLEET);
  t.is(first.exitCode, 0, first.stdout);
  t.like(JSON.parse(first.stdout).hosts['kvm-1'].facts, { vdsm: '4.50.5-1' });
  await hosts[0]?.exec(
    'dnf -y upgrade vdsm && chmod a-x /usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap',
  );
  const second = await control.run('check', ...FLEET);
  t.is(second.exitCode, 3);
  t.regex(
    second.stderr,
    /^note: kvm-1 has other versions than in the last record: vdsm 4\.50\.5-1 -> 4\.50\.6-1$/m,
  );
  t.notRegex(second.stderr, /kvm-2 has/);
  const [, before = '', after = ''] = (await readdir(join(control.folder, RUNS)))
    .sort()
    .map(name => name.replace('.jsonl', ''));
  const diff = await control.run('runs', 'diff', before, after);
  t.is(diff.exitCode, 3);
  t.is(
    diff.stdout,
    `kvm-1
  outcome: ok -> drifted
  version: vdsm 4.50.5-1 -> 4.50.6-1
  new drift:
    ~ vdsm-hook diskunmap /usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap: mode  0644 -> 0755

2 hosts in both runs: 1 as before, 1 not`,
  );
  const again = await control.run('check', ...FLEET);
  t.notRegex(again.stderr, /other versions/);
});

test('a full disk of the control machine is told once and at the end, and no host is worse for it', async t => {
  const { control } = await setUp(t, [{ name: 'kvm-1' }, { name: 'kvm-2' }]);
  const folder = join(control.folder, 'small');
  await mkdir(folder);
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'none', folder]);
  t.teardown(() => execa('umount', [folder]));
  // One page for all files: the first record takes what there is.
  await execa('sh', ['-c', `head -c 3000 /dev/zero >${folder}/rest; : >${folder}/rest2`]);
  const { exitCode, stdout, stderr } = await control.run('apply', ...FLEET, '--record', 'small/runs');
  t.is(exitCode, 0, stderr);
  t.regex(stdout, /2 changed/);
  const warnings = stderr.split('\n').filter(line => line.startsWith('warning: the record of this run'));
  t.is(warnings.length, 2, stderr);
  t.regex(warnings.join('\n'), /ENOSPC/);
});

test('bringing back the old properties of an engine is recorded like every other change', async t => {
  const engine = await boot(t, {
    name: 'engine-1',
    kind: 'engine',
    engine: { refusedSeconds: 0.1, notFoundSeconds: 0.1, unavailableSeconds: 0.1 },
  });
  // A name of its own: all hosts of the lab share the address of localhost.
  await appendFile(join(engine.root, 'etc/hosts'), `${engine.address} engine.lab\n`);
  const health = 'http://engine.lab/ovirt-engine/services/health';
  const control = await makeControl({ engines: [engine] });
  t.teardown(() => control.remove());
  await control.write(
    'site.yml',
    `- hosts: engine\n  become: true\n  engine_health_url: ${health}\n  engine_properties: { vm: { tag: '^x$' } }\n`,
  );
  const applied = await control.run('apply', ...FLEET);
  t.is(applied.exitCode, 0, applied.stderr);
  const restored = await control.run(
    ...['engine', 'restore', 'last', '-i', 'hosts.ini', '--yes', '--health-url', health],
  );
  t.is(restored.exitCode, 0, restored.stderr);
  const list = await control.run('runs');
  t.regex(list.stdout, /engine restore \S+ .*1 host: 1 changed/);
  const [apply = ''] = (await readdir(join(control.folder, RUNS))).sort();
  const text = await readFile(join(control.folder, RUNS, apply), 'utf8');
  t.regex(text, new RegExp(`"engineBefore":\\{"run":"${apply.replace('.jsonl', '')}"`));
});

test('the answer no leaves a record of what was shown, and says that nothing was changed', async t => {
  const { control } = await setUp(t, [{ name: 'kvm-1' }]);
  const { exitCode, screen } = await onTerminal(control, ['apply', ...FLEET], 'n\n');
  t.is(exitCode, 3, screen);
  const { stdout } = await control.run('runs', 'show');
  t.regex(stdout, /, exit code 3, only the preview: nothing was changed$/m);
  t.regex(stdout, /^1 host: 1 drifted$/m);
  await onTerminal(control, ['apply', ...FLEET], 'y\n');
  const applied = await control.run('runs', 'show');
  t.regex(applied.stdout, /, exit code 0$/m);
  t.regex(applied.stdout, /^1 host: 1 changed$/m);
  t.is((await readdir(join(control.folder, RUNS))).length, 2, 'preview and change are one run');
});
