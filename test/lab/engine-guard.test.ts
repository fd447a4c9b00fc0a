import test, { type ExecutionContext } from 'ava';
import { engineStarts, engineStore, loadedRows } from './engine.ts';
import { type EngineApiWish, engineApi } from './engine-api.ts';
import { readStore } from './engine-store.ts';
import { makeControl } from './fleet.ts';
import { boot } from './in-test.ts';

const LEVELS = { levels: ['4.6', '4.7'] };

async function setUp(t: ExecutionContext, properties: string, wish: EngineApiWish = {}) {
  const engine = await boot(t, { name: 'engine', kind: 'engine', engine: LEVELS });
  const api = await engineApi(t, engine, wish);
  const control = await makeControl({ engines: [engine] });
  t.teardown(() => control.remove());
  const access = await api.access(control);
  const playbook = (wanted: string) => `- hosts: engine
  become: true
  engine_health_url: http://${engine.address}/ovirt-engine/services/health
  engine_properties: ${wanted}
`;
  await control.write('site.yml', playbook(properties));
  const run = (command: string, ...more: readonly string[]) =>
    control.json(command, 'site.yml', '-i', 'hosts.ini', ...access, ...more);
  const rows = () => readStore(engineStore(engine));
  return { engine, api, control, access, playbook, run, rows };
}

test('after a change the running engine is asked until it shows the new values, which it has from its restart on', async t => {
  const { engine, api, run } = await setUp(
    t,
    "{ vm: { audit_tag: '^[a-z]+$' }, network: { site_mtu: '^[0-9]+$' } }",
  );
  const { exitCode, report, stderr } = await run('apply');
  t.is(exitCode, 0, stderr);
  t.like(report.hosts.engine, { outcome: 'changed', error: null, notes: [] });
  t.is(await engineStarts(engine), 2);
  t.is((await loadedRows(engine))['UserDefinedVMProperties@4.7'], 'audit_tag=^[a-z]+$');
  const asked = api.requests.map(({ path }) => path.replace('/ovirt-engine/api', ''));
  t.true(asked.includes('/options/UserDefinedVMProperties'));
  t.true(asked.includes('/options/UserDefinedNetworkCustomProperties'));
  t.true(api.logins.counts.in >= 2, 'the restart has ended the login from before it');
  t.is(api.logins.counts.out, 1, 'and the run logs out');

  const count = api.requests.length;
  const again = await run('apply');
  t.is(again.report.hosts.engine?.outcome, 'ok');
  t.false(
    api.requests.slice(count).some(({ path }) => /options|jobs/.test(path)),
    'nothing was changed',
  );
});

test('jobs of the engine and hosts being installed stop the restart and what it is for, unless that is forced', async t => {
  const jobs = [{ description: 'Migrating VM db-1', status: 'started' }];
  const { engine, control, access, run, rows } = await setUp(t, "{ vm: { audit_tag: '^x$' } }", { jobs });
  const before = await rows();
  const check = await run('check');
  t.is(check.exitCode, 3);
  t.regex(
    check.report.hosts.engine?.notes.join() ?? '',
    /job "Migrating VM db-1"\. An apply would not begin now/,
  );

  const stopped = await run('apply');
  t.is(stopped.exitCode, 1);
  t.like(stopped.report.hosts.engine, { outcome: 'failed', changes: [], error: { kind: 'verify' } });
  t.regex(stopped.report.hosts.engine?.error?.message ?? '', /at work.*job "Migrating VM db-1"/);
  t.deepEqual(await rows(), before);
  t.is(await engineStarts(engine), 1);

  const forced = await run('apply', '--restart-busy-engine');
  t.is(forced.exitCode, 0, forced.stderr);
  t.is(await engineStarts(engine), 2);

  const restore = ['engine', 'restore', 'last', '-i', 'hosts.ini', ...access];
  const health = ['--health-url', `http://${engine.address}/ovirt-engine/services/health`];
  const refused = await control.json(...restore, ...health);
  t.is(refused.exitCode, 1);
  t.regex(refused.report.hosts.engine?.error?.message ?? '', /Migrating VM db-1/);
  t.is(await engineStarts(engine), 2);
  jobs.forEach(job => {
    job.status = 'finished';
  });
  const restored = await control.json(...restore, ...health);
  t.is(restored.exitCode, 0, restored.stderr);
  t.deepEqual(await rows(), before);
  t.is(await engineStarts(engine), 3);
});

test('a definition that VMs or profiles still use is not removed, and they are listed, unless that is forced', async t => {
  const { engine, control, playbook, run, rows } = await setUp(
    t,
    "{ vm: { audit_tag: '^x$', old_tag: '^y$' }, device: { interface: { port: '^[0-9]+$' } } }",
    {
      vms: [
        { name: 'db-1', properties: { old_tag: 'y' } },
        { name: 'db-2', properties: { audit_tag: 'x' } },
      ],
      profiles: [{ name: 'audited', properties: { port: '1' } }],
    },
  );
  t.is((await run('apply')).exitCode, 0);
  await control.write(
    'site.yml',
    playbook('{ vm: { old_tag: { state: absent } }, device: { interface: { port: { state: absent } } } }'),
  );
  const before = await rows();
  const LIST = /still used: old_tag at 4\.7 by VM db-1; port at 4\.7 by vNIC profile audited/;
  const check = await run('check');
  t.is(check.exitCode, 3);
  t.regex(check.report.hosts.engine?.notes.join() ?? '', LIST);
  const refused = await run('apply');
  t.is(refused.exitCode, 1);
  t.regex(refused.report.hosts.engine?.error?.message ?? '', LIST);
  t.regex(refused.report.hosts.engine?.error?.hint ?? '', /--remove-used-properties/);
  t.deepEqual(await rows(), before);
  t.is(await engineStarts(engine), 2);

  const forced = await run('apply', '--remove-used-properties');
  t.is(forced.exitCode, 0, forced.stderr);
  t.is((await rows())['UserDefinedVMProperties@4.7'], 'audit_tag=^x$');
});

test('without access to the API everything goes on as before, and with -v it is told what nobody has looked at', async t => {
  const { engine, api, control } = await setUp(t, "{ vm: { audit_tag: '^x$' } }", {
    jobs: [{ description: 'Migrating VM db-1' }],
  });
  const silent = await control.json('check', 'site.yml', '-i', 'hosts.ini');
  t.deepEqual(silent.report.hosts.engine?.notes, []);
  const told = await control.json('apply', 'site.yml', '-i', 'hosts.ini', '-v');
  t.is(told.exitCode, 0, told.stderr);
  t.regex(
    told.report.hosts.engine?.notes.join() ?? '',
    /^Without access to the API of the engine \(--engine-url/,
  );
  t.is(await engineStarts(engine), 2);
  t.is(api.requests.length, 0);
});
