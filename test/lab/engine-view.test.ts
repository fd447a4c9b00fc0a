import test, { type ExecutionContext } from 'ava';
import { addVdsmClient, capabilityCalls, type EngineApiWish, engineApi } from './engine-api.ts';
import { makeControl } from './fleet.ts';
import { boot } from './in-test.ts';

const HOOK = '/usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap';
const SITE = '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n';

async function setUp(t: ExecutionContext, names: readonly string[], wish: EngineApiWish = {}) {
  const [hosts, engine] = await Promise.all([
    Promise.all(names.map(name => boot(t, { name }))),
    boot(t, { name: 'engine', kind: 'engine' }),
  ]);
  await Promise.all(hosts.map(addVdsmClient));
  const api = await engineApi(t, engine, { hypervisors: hosts, ...wish });
  const control = await makeControl({ hypervisors: hosts, engines: [engine] });
  t.teardown(() => control.remove());
  const access = await api.access(control);
  await control.write('site.yml', SITE);
  const run = (command: string, ...more: readonly string[]) =>
    control.json(command, 'site.yml', '-i', 'hosts.ini', ...access, ...more);
  return { hosts, api, control, access, run };
}

test("the engine's record is old once hooks were changed: deep drift, which an apply mends by a refresh", async t => {
  const { hosts, api, control, access, run } = await setUp(t, ['kvm-1', 'kvm-2']);
  const first = await control.run('apply', 'site.yml', '-i', 'hosts.ini', ...access, '--yes');
  t.is(first.exitCode, 0, first.stderr);
  t.regex(first.stderr, /^note: VDSM runs the hooks as they are now.*`check --deep`/m);

  for (const host of hosts) {
    await host.resetSshLog();
  }
  const plain = await run('check');
  t.is(plain.exitCode, 0, 'a plain check does not look there');
  for (const host of hosts) {
    t.is(await capabilityCalls(host), 0, 'and asks no VDSM');
    t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 });
    await host.resetSshLog();
  }

  const deep = await run('check', '--deep');
  t.is(deep.exitCode, 3, deep.stderr);
  for (const host of hosts) {
    t.deepEqual(
      deep.report.hosts[host.name]?.changes.map(({ resource, action, id }) => [resource, action, id]),
      [['engine-view', 'refresh', 'before_vm_start/50_diskunmap']],
    );
    t.is(await capabilityCalls(host), 1);
    t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 }, 'the same connection, the same exec');
  }

  const mended = await run('apply', '--deep');
  t.is(mended.exitCode, 0, mended.stderr);
  t.is(mended.report.totals.changed, 2);
  t.is(api.requests.filter(({ path }) => path.endsWith('/refresh')).length, 2);
  const again = await run('check', '--deep');
  t.is(again.exitCode, 0);
  t.is(again.report.totals.ok, 2);
});

test('a play with deep: true installs a hook, and has the engine know it before it ends', async t => {
  const { control, run } = await setUp(t, ['kvm-1']);
  await control.write('site.yml', `${SITE}  deep: true\n`);
  const { exitCode, report, stderr } = await run('apply');
  t.is(exitCode, 0, stderr);
  t.deepEqual(
    report.hosts['kvm-1']?.changes.map(({ resource }) => resource),
    ['vdsm-hook', 'package', 'engine-view'],
  );
  t.is((await run('check')).exitCode, 0);
});

test('what VDSM may not run or read is drift that no change mends; a VDSM that does not run is told', async t => {
  const { hosts, run } = await setUp(t, ['kvm-1']);
  const [host] = hosts;
  const script = '/usr/libexec/vdsm/hooks/after_vm_start/60_own';
  await host?.exec(`printf '#!/bin/sh\\n' >${script}; chmod 750 ${script}`);
  t.is((await run('apply')).exitCode, 0);
  const hidden = await run('check', '--deep');
  t.is(hidden.exitCode, 3);
  t.true(
    hidden.report.hosts['kvm-1']?.changes.some(
      ({ resource, id }) => resource === 'vdsm-view' && id === 'after_vm_start/60_own',
    ),
  );
  t.regex(hidden.report.hosts['kvm-1']?.notes.join() ?? '', /VDSM does not see after_vm_start\/60_own/);
  await host?.exec(`chmod 711 ${script}`);
  t.regex(
    (await run('check', '--deep')).report.hosts['kvm-1']?.notes.join() ?? '',
    /VDSM may run after_vm_start\/60_own, but not read it/,
  );
  await host?.exec(`rm ${script}; touch /run/vdsmd.down`);
  const down = await run('check', '--deep');
  t.regex(
    down.report.hosts['kvm-1']?.notes.join() ?? '',
    /does not tell its capabilities.*Connection refused/,
  );
  await host?.exec('rm /usr/bin/vdsm-client');
  const none = await run('check', '--deep');
  t.regex(none.report.hosts['kvm-1']?.notes.join() ?? '', /has no vdsm-client/);
});

test('without access to the API a deep check compares with VDSM alone, and says so', async t => {
  const { control, api } = await setUp(t, ['kvm-1']);
  await control.run('apply', 'site.yml', '-i', 'hosts.ini', '--yes');
  const { exitCode, report } = await control.json('check', 'site.yml', '-i', 'hosts.ini', '--deep');
  t.is(exitCode, 0);
  t.regex(report.hosts['kvm-1']?.notes.join() ?? '', /Without access to the API.*is not compared/);
  t.is(api.requests.length, 0);
});

test('hosts that the engine has in maintenance, installing or rebooting are shown as such, and left out where a play says so', async t => {
  const { hosts, control, run } = await setUp(t, ['kvm-1', 'kvm-2', 'kvm-3'], {
    states: { 'kvm-1': 'maintenance', 'kvm-2': 'reboot' },
  });
  const check = await run('check');
  t.is(check.report.totals.drifted, 3);
  const notes = hosts.map(({ name }) => check.report.hosts[name]?.notes);
  t.deepEqual(notes, [
    ['The engine has this host in the state maintenance'],
    ['The engine has this host in the state reboot'],
    [],
  ]);

  await control.write('site.yml', `${SITE}  skip_states: [maintenance, reboot]\n`);
  for (const host of hosts) {
    await host.resetSshLog();
  }
  const { exitCode, report, stderr } = await run('apply');
  t.is(exitCode, 0, stderr);
  t.like(report.totals, { skipped: 2, changed: 1 });
  t.regex(report.hosts['kvm-2']?.error?.message ?? '', /in the state reboot, which skip_states leaves out/);
  t.deepEqual(await hosts[0]?.sshLog(), { connections: 0, execs: 0 });

  const bare = await control.run('apply', 'site.yml', '-i', 'hosts.ini', '--yes');
  t.is(bare.exitCode, 2);
  t.is(bare.stdout, '');
  t.regex(bare.stderr, /site\.yml:4:3: skip_states needs access to the engine's API.*\n.*--engine-url/);
});

test('an engine whose API does not answer fails no plain check, and every deep one', async t => {
  const { hosts, control, access, api } = await setUp(t, ['kvm-1']);
  await control.run('apply', 'site.yml', '-i', 'hosts.ini', '--yes');
  await api.close();
  const plain = await control.json('check', 'site.yml', '-i', 'hosts.ini', ...access);
  t.is(plain.exitCode, 0, plain.stderr);
  t.regex(plain.report.hosts['kvm-1']?.notes.join() ?? '', /could not be asked for the states of its hosts/);
  const deep = await control.json('check', 'site.yml', '-i', 'hosts.ini', ...access, '--deep');
  t.is(deep.exitCode, 1);
  t.like(deep.report.hosts['kvm-1'], { outcome: 'failed', error: { kind: 'engine-unreachable' } });
  const { stdout } = (await hosts[0]?.exec(`test -x ${HOOK} && echo there`)) ?? { stdout: '' };
  t.is(stdout, 'there\n');
});
