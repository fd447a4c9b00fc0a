import { appendFile, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { selectPlays } from '../../src/cli/plays/select-plays.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { loadPlaybook } from '../../src/playbook/playbook.ts';
import { workOnHost } from '../../src/run/host.ts';
import { changeEngine, engineStarts, engineStore, loadedRows } from './engine.ts';
import { readCalls, readStore, SECURITY_GROUPS } from './engine-store.ts';
import { type Control, makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { login } from './login.ts';

const QUICK = { levels: ['4.7', '4.8'], refusedSeconds: 0.1, notFoundSeconds: 0.1, unavailableSeconds: 0.1 };

// A name that each engine has for itself: they share the address of localhost.
const HEALTH = 'http://engine.lab/ovirt-engine/services/health';

async function setUp(
  t: ExecutionContext,
  { engines = 1, more = '' }: { engines?: number; more?: string } = {},
): Promise<{ engines: readonly LabHost[]; engine: LabHost; control: Control }> {
  const hosts = await Promise.all(
    Array.from({ length: engines }, (_, i) =>
      boot(t, { name: `engine-${i + 1}`, kind: 'engine', engine: QUICK }),
    ),
  );
  await Promise.all(
    hosts.map(({ root, address }) => appendFile(join(root, 'etc/hosts'), `${address} engine.lab\n`)),
  );
  const control = await makeControl({ engines: hosts });
  t.teardown(() => control.remove());
  await control.write(
    'site.yml',
    `- hosts: engine
  become: true
  engine_health_url: ${HEALTH}
  engine_properties:
    vm: { audit_tag: '^x$' }
    device: { interface: { extnet: '^[a-z]+$' } }
${more}`,
  );
  const [engine] = hosts;
  if (engine === undefined) {
    throw new Error('No engine');
  }
  return { engines: hosts, engine, control };
}

const FROM = ['-i', 'hosts.ini', '--health-url', HEALTH] as const;

const APPLY = ['apply', 'site.yml', '-i', 'hosts.ini'] as const;

async function starts(engines: readonly LabHost[]): Promise<number[]> {
  return Promise.all(engines.map(engineStarts));
}

test('what an engine has is shown as one table, with the hooks of the catalogue that read it', async t => {
  const { engine, control } = await setUp(t);
  await engine.exec(
    "LC_ALL=C.UTF-8 engine-config -s 'UserDefinedVMProperties=diskunmap=^(off|on)$;mine=a;mine=b' --cver=4.7",
  );
  await engine.exec(
    "engine-config -s 'CustomDeviceProperties={type=disk;prop={a=x}}{type=interface;prop={b=y}}' --cver=4.7",
  );
  await engine.exec("engine-config -s 'UserDefinedNetworkCustomProperties=site_mtu=^[0-9]+$' --cver=4.8");
  const { stdout, exitCode } = await control.run('engine', 'show', '-i', 'hosts.ini');
  t.is(exitCode, 0);
  t.deepEqual(stdout.split('\n'), [
    'engine-1  cluster levels 4.7 4.8',
    '  PROPERTY        OF                LEVELS  HOOK       EXPRESSION',
    '  diskunmap       vm                4.7     diskunmap  ^(off|on)$',
    '  mine            vm                4.7     -          b',
    `  SecurityGroups  device interface  4.8     -          ${SECURITY_GROUPS.replace('SecurityGroups=', '')}`,
    '  site_mtu        network           4.8     -          ^[0-9]+$',
    '  CustomDeviceProperties at 4.7 cannot be read as the engine reads it:',
    '    {type=disk;prop={a=x}}{type=interface;prop={b=y}}',
  ]);
  const { report } = await control.json('engine', 'show', '-i', 'hosts.ini');
  t.like(report, {
    command: 'engine show',
    engines: { 'engine-1': { outcome: 'ok', error: null, levels: ['4.7', '4.8'] } },
  });
});

test('the old values are on the engine for root alone and in the result; a restore brings them back by the same way', async t => {
  const { engine, control } = await setUp(t);
  const old = await readStore(engineStore(engine));
  const first = await control.json(...APPLY);
  t.is(first.exitCode, 0, first.stderr);
  const before = (first.report.hosts['engine-1'] as { engineBefore?: { run: string; values: unknown } })
    .engineBefore;
  t.deepEqual(before?.values, {
    UserDefinedVMProperties: { '4.7': '', '4.8': '' },
    CustomDeviceProperties: {
      '4.7': old['CustomDeviceProperties@4.7'],
      '4.8': old['CustomDeviceProperties@4.8'],
    },
  });
  const folder = join(engine.root, 'var/lib/hookfleet/engine-history');
  const file = join(folder, `${before?.run}.json`);
  t.is((await stat(file)).mode & 0o7777, 0o600);
  t.is((await stat(folder)).mode & 0o7777, 0o700);
  t.deepEqual(JSON.parse(await readFile(file, 'utf8')).values, before?.values);

  const check = await control.json('engine', 'restore', before?.run ?? '', '-i', 'hosts.ini', '--check');
  t.is(check.exitCode, 3);
  t.is(check.report.hosts['engine-1']?.changes.length, 5);
  const restored = await control.json('engine', 'restore', before?.run.slice(0, 12) ?? '', ...FROM);
  t.is(restored.exitCode, 0, restored.stdout);
  t.deepEqual(await readStore(engineStore(engine)), old);
  t.deepEqual(await loadedRows(engine), old);
  t.is(await engineStarts(engine), 3);

  const history = await control.run('engine', 'history', '-i', 'hosts.ini');
  const lines = history.stdout.split('\n');
  t.is(lines.length, 4, history.stdout);
  t.regex(
    lines[2] ?? '',
    /^ {2}\S+ {2}.*, process \d+ +UserDefinedVMProperties 4\.7 4\.8, CustomDeviceProperties 4\.7 4\.8$/,
  );
  t.true(lines[3]?.includes(before?.run ?? ''), 'the newest is first');
  const again = await control.json('engine', 'restore', before?.run ?? '', ...FROM);
  t.is(again.report.hosts['engine-1']?.outcome, 'ok');
  t.is(await engineStarts(engine), 3, 'no needless restart');
  const unknown = await control.run('engine', 'restore', '2019', '-i', 'hosts.ini');
  t.is(unknown.exitCode, 1);
  t.regex(unknown.stderr, /has no run 2019\n.*engine history/);
});

test('after a restore that went wrong, the command that is printed goes on with the same run, on that engine', async t => {
  const { engines, control } = await setUp(t, { engines: 2 });
  const [, two] = engines;
  t.is((await control.run(...APPLY)).exitCode, 0);
  await (two && changeEngine(two, { refusedSeconds: 60 }));
  const failed = await control.run('engine', 'restore', 'last', ...FROM, '--health-timeout', '3');
  t.is(failed.exitCode, 1);
  const [, next = ''] = /^Next: hookfleet (.*)$/m.exec(failed.stderr) ?? [];
  t.regex(
    next,
    /^engine restore 2\d{7}T\S+ -i hosts\.ini --engine engine-2 --health-url \S+ --health-timeout 3$/,
  );
  await two?.exec('systemctl restart ovirt-engine');
  t.is(
    (await control.run('engine', 'restore', 'last', ...FROM)).exitCode,
    0,
    'the last run is that restore now',
  );
});

test('several engines are changed one after the other, each with its own history; the first failure stops the rest, by name', async t => {
  const { engines, control } = await setUp(t, { engines: 3 });
  const [one, two, three] = engines;
  await two?.exec('mv /usr/bin/engine-config /root/');
  const failed = await control.json(...APPLY);
  t.is(failed.exitCode, 1);
  t.deepEqual(
    Object.values(failed.report.hosts).map(({ outcome }) => outcome),
    ['changed', 'failed', 'skipped'],
  );
  t.regex(failed.report.hosts['engine-3']?.error?.message ?? '', /engine-2/);
  t.deepEqual(await starts(engines), [2, 1, 1]);
  t.deepEqual(three && (await readCalls(engineStore(three))), [], 'nobody looked at it');

  await two?.exec('mv /root/engine-config /usr/bin/');
  const done = await control.json(...APPLY);
  t.is(done.exitCode, 0, done.stdout);
  t.deepEqual(await starts(engines), [2, 2, 2]);
  const histories = engines.map(({ root }) => join(root, 'var/lib/hookfleet/engine-history'));
  t.deepEqual(await Promise.all(histories.map(async folder => (await readdir(folder)).length)), [1, 1, 1]);
  const [, restarted = ''] = (
    await readFile(join(two?.root ?? '', 'var/log/ovirt-engine/starts'), 'utf8')
  ).split('\n');
  const saved = await stat(histories[2] ?? '');
  t.true(
    saved.mtimeMs / 1000 >= Number(restarted.split(' ')[0]),
    'the third was begun after the second was restarted',
  );
  t.is(one && (await engineStarts(one)), 2);
});

test('a stopped engine that the play starts gets its properties in one run', async t => {
  const { engine, control } = await setUp(t, { more: '  service: { name: ovirt-engine, state: started }\n' });
  await engine.exec('systemctl stop ovirt-engine');
  const { exitCode, report, stdout } = await control.json(...APPLY);
  t.is(exitCode, 0, stdout);
  t.deepEqual(
    report.hosts['engine-1']?.changes.map(({ action, id }) => `${action} ${id}`),
    [
      'start ovirt-engine',
      'set UserDefinedVMProperties 4.7',
      'set UserDefinedVMProperties 4.8',
      'set CustomDeviceProperties 4.7',
      'set CustomDeviceProperties 4.8',
      'restart ovirt-engine',
    ],
  );
  t.is((await loadedRows(engine))['UserDefinedVMProperties@4.8'], 'audit_tag=^x$');
  t.deepEqual(await readdir(join(engine.root, 'var/lib/hookfleet')), ['engine-history']);
});

test('while the engine comes up, each look at its health is shown as the step', async t => {
  const { engine, control } = await setUp(t);
  await changeEngine(engine, { refusedSeconds: 2.5, notFoundSeconds: 2.5, unavailableSeconds: 2.5 });
  const inventory = await loadInventory([join(control.folder, 'hosts.ini')]);
  const playbook = await loadPlaybook(join(control.folder, 'site.yml'));
  const { plays } = await selectPlays(
    playbook,
    inventory,
    { inventory: [] },
    { dnfLockWaitSeconds: 1, namedOnly: false },
  );
  const [host] = plays[0]?.hosts ?? [];
  const steps: string[] = [];
  const work = {
    resources: (host && plays[0]?.resourcesOf(host)) ?? [],
    apply: true,
    become: true,
    holder: 'a test',
    runId: '20261120T000000Z-test',
    lockWaitSeconds: 60,
    abort: new AbortController().signal,
  };
  const worked = await workOnHost(await login(t, engine), work, (_, step) => steps.push(step ?? ''));
  t.is(worked.outcome, 'changed', JSON.stringify(worked.error));
  const seen = [...new Set(steps)].filter(step => step.startsWith('wait until'));
  t.deepEqual(seen, [
    'wait until ovirt-engine is healthy',
    ...['no answer yet', 'HTTP 404', 'HTTP 503'].map(
      answer => `wait until ovirt-engine is healthy: ${answer} (at most 300 s)`,
    ),
  ]);
});
