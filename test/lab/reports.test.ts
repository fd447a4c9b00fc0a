import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { type Control, makeControl } from './fleet.ts';
import { boot } from './in-test.ts';

const FILES = ['--junit', 'fleet.xml', '--metrics', 'fleet.prom', '--html', 'fleet.html'] as const;
const RUN = ['site.yml', '-i', 'hosts.ini', ...FILES] as const;

async function reportsOf({ folder }: Control) {
  const [junit, metrics, page] = await Promise.all(
    ['fleet.xml', 'fleet.prom', 'fleet.html'].map(name => readFile(join(folder, name), 'utf8')),
  );
  return { junit: junit ?? '', metrics: metrics ?? '', page: page ?? '' };
}

/** Has Prometheus' own tool look at the metrics: format, names, types, help. */
async function promtool(t: ExecutionContext, metrics: string): Promise<void> {
  const { exitCode, stdout, stderr } = await execa('promtool', ['check', 'metrics'], {
    input: metrics,
    reject: false,
  });
  t.is(exitCode, 0, `${stdout}\n${stderr}`);
}

test('a fleet is reported as it is: what is ok, what differs, what an apply has changed', async t => {
  const [engine, kvm1, kvm2] = await Promise.all([
    boot(t, { name: 'engine-1', kind: 'engine' }),
    boot(t, { name: 'kvm-1' }),
    boot(t, { name: 'kvm-2' }),
  ]);
  const control = await makeControl({ hypervisors: [kvm1, kvm2], engines: [engine] });
  t.teardown(() => control.remove());
  await control.write(
    'site.yml',
    `- hosts: hypervisors
  become: true
  packages: [vhostmd]
  vdsm_hooks: [diskunmap, extnet]
  service: { name: dbus, state: started }
- hosts: engine
  become: true
  engine_health_url: http://${engine.address}/ovirt-engine/services/health
  engine_properties:
    vm: { audit_tag: '^[a-z]+$' }
`,
  );

  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  const applied = await reportsOf(control);
  await promtool(t, applied.metrics);
  t.regex(applied.junit, /<testsuites [^>]*failures="0" errors="0" skipped="0"/);
  t.regex(applied.junit, /name="vdsm-hook diskunmap"[^>]*><system-out>vdsm-hook diskunmap: install/);
  t.regex(applied.page, /<span class="badge changed">changed<\/span>/);
  t.regex(applied.page, /<th scope="row">audit_tag<\/th>/);

  await chmod(join(kvm2.root, 'usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap'), 0o644);
  await engine.exec(['engine-config', '-s', 'UserDefinedVMProperties=audit_tag=^[0-9]$', '--cver=4.7']);
  t.is((await control.run('check', ...RUN)).exitCode, 3);
  const drifted = await reportsOf(control);
  await promtool(t, drifted.metrics);
  t.regex(drifted.metrics, /hookfleet_hosts\{[^}]*outcome="drifted"\} 2\n/);
  t.regex(
    drifted.metrics,
    /hookfleet_host_resource_differences\{[^}]*host="kvm-2",resource="vdsm-hook",name="diskunmap"\} 1\n/,
  );
  t.regex(drifted.metrics, /hookfleet_resource_hosts\{[^}]*resource="service",name="dbus",state="ok"\} 2\n/);
  t.regex(drifted.metrics, /hookfleet_last_success_timestamp_seconds\{[^}]*command="check"\} \d{10}\n/);
  t.regex(drifted.junit, /<testcase classname="kvm-2" name="vdsm-hook diskunmap"[^>]*><failure type="drift"/);
  t.regex(drifted.junit, /<testcase classname="kvm-1" name="vdsm-hook diskunmap" time="0\.000"\/>/);
  t.regex(drifted.page, /<del>\^\[0-9\]\$<\/del> <ins>\^\[a-z\]\+\$<\/ins>/);
  t.regex(drifted.page, /Since the run before[\s\S]*new drift<\/span> vdsm-hook diskunmap/);

  await kvm1.stop();
  const gone = await control.run('check', ...RUN, '-T', '2', '--connect-tries', '1');
  t.is(gone.exitCode, 4);
  const { metrics, junit } = await reportsOf(control);
  await promtool(t, metrics);
  t.regex(metrics, /hookfleet_host_reachable\{[^}]*host="kvm-1"\} 0\n/);
  t.regex(junit, /<testcase classname="kvm-1" name="host"[^>]*><error type="[^"]*" message="unreachable: /);
  const success = /hookfleet_last_success_timestamp_seconds\{[^}]*\} (\d+)/;
  t.is(success.exec(metrics)?.[1], success.exec(drifted.metrics)?.[1], 'the last success is still known');
});

test('a run that is interrupted is reported as far as it came', async t => {
  const hosts = await Promise.all(['kvm-1', 'kvm-2'].map(name => boot(t, { name })));
  const control = await makeControl({ hypervisors: hosts });
  t.teardown(() => control.remove());
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  serial: 1\n  pause: 1h\n  vdsm_hooks: [diskunmap]\n',
  );
  const running = control.start('apply', ...RUN, '--json');
  const deadline = performance.now() + 60_000;
  while ((await hosts[0]?.exec('rpm -q vdsm-hook-diskunmap', { reject: false }))?.exitCode !== 0) {
    t.true(performance.now() < deadline);
    await sleep(50);
  }
  running.kill('SIGTERM');
  t.is((await running).exitCode, 130);
  const { junit, metrics, page } = await reportsOf(control);
  await promtool(t, metrics);
  t.regex(metrics, /hookfleet_run_exit_code\{[^}]*\} 130\n/);
  t.regex(metrics, /hookfleet_hosts\{[^}]*outcome="cancelled"\} 1\n/);
  t.notRegex(metrics, /hookfleet_last_success/);
  t.regex(junit, /<testcase classname="kvm-2" name="host"[^>]*><skipped message="cancelled: /);
  t.regex(page, /Interrupted: hosts that were not started yet are cancelled/);
});
