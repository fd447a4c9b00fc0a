import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { changeEngine, engineStarts, engineStore, loadedRows } from './engine.ts';
import { readCalls, readStore, SECURITY_GROUPS } from './engine-store.ts';
import { type Control, makeControl } from './fleet.ts';
import type { HostOptions, LabHost } from './host.ts';
import { boot } from './in-test.ts';

const RUN = ['site.yml', '-i', 'hosts.ini'] as const;

async function setUp(
  t: ExecutionContext,
  properties: string,
  engineOptions: NonNullable<HostOptions['engine']> = {},
): Promise<{ engine: LabHost; control: Control }> {
  const engine = await boot(t, { name: 'engine', kind: 'engine', engine: engineOptions });
  const control = await makeControl({ engines: [engine] });
  t.teardown(() => control.remove());
  await control.write(
    'site.yml',
    `- hosts: engine
  become: true
  engine_health_url: http://${engine.address}/ovirt-engine/services/health
  engine_health_timeout: 5
  engine_properties:
${properties.replaceAll(/^/gm, '    ')}
`,
  );
  return { engine, control };
}

async function set(engine: LabHost, setting: string, level: string): Promise<void> {
  await engine.exec(['env', 'LC_ALL=C.UTF-8', 'engine-config', '-s', setting, `--cver=${level}`]);
}

async function row(engine: LabHost, id: string): Promise<string | undefined> {
  return (await readStore(engineStore(engine)))[id];
}

test('values that hold line feeds, or look like another row, are read level by level and never damaged', async t => {
  const { engine, control } = await setUp(t, 'vm: { audit_tag: "^[a-zü]+$" }', {
    levels: ['4.6', '4.7', '4.8'],
  });
  await set(engine, 'UserDefinedVMProperties=a=x version: 4.8', '4.7');
  await set(engine, 'UserDefinedVMProperties=b=1\nUserDefinedVMProperties: c=2 version: 9.9', '4.8');
  const { exitCode, report, stderr } = await control.json('apply', ...RUN);
  t.is(exitCode, 0, stderr);
  t.is(report.hosts.engine?.outcome, 'changed');
  t.is(await row(engine, 'UserDefinedVMProperties@4.6'), 'audit_tag=^[a-zü]+$');
  t.is(await row(engine, 'UserDefinedVMProperties@4.7'), 'a=x version: 4.8;audit_tag=^[a-zü]+$');
  t.is(
    await row(engine, 'UserDefinedVMProperties@4.8'),
    'b=1\nUserDefinedVMProperties: c=2 version: 9.9;audit_tag=^[a-zü]+$',
  );
  t.is(await row(engine, 'UserDefinedVMProperties@9.9'), undefined);
  const again = await control.json('apply', ...RUN);
  t.is(again.report.hosts.engine?.outcome, 'ok');
});

test('a stored value that the engine itself would misread is reported and left alone', async t => {
  const { engine, control } = await setUp(t, 'device: { interface: { extnet: "^[a-z]+$" } }', {
    levels: ['4.7', '4.8'],
  });
  const garbled = `{type=disk;prop={a=x}}{type=interface;prop={${SECURITY_GROUPS}}}`;
  await set(engine, `CustomDeviceProperties=${garbled}`, '4.7');
  const { exitCode, report } = await control.json('apply', ...RUN);
  t.is(exitCode, 1);
  t.is(report.hosts.engine?.error?.kind, 'verify');
  t.is(await row(engine, 'CustomDeviceProperties@4.7'), garbled);
});

test('properties are taken away by name, and nothing else is', async t => {
  const { engine, control } = await setUp(
    t,
    'cluster_levels: [4.8]\nvm: { old_tag: { state: absent } }\ndevice: { interface: { old: { state: absent } } }',
  );
  await set(engine, 'UserDefinedVMProperties=keep=^k$;old_tag=^o$', '4.8');
  await set(engine, 'UserDefinedVMProperties=old_tag=^o$', '4.7');
  await set(engine, `CustomDeviceProperties={type=interface;prop={old=^o$;${SECURITY_GROUPS}}}`, '4.8');
  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  t.is(await row(engine, 'UserDefinedVMProperties@4.8'), 'keep=^k$');
  t.is(await row(engine, 'UserDefinedVMProperties@4.7'), 'old_tag=^o$', 'another level is not looked at');
  t.is(await row(engine, 'CustomDeviceProperties@4.8'), `{type=interface;prop={${SECURITY_GROUPS}}}`);
});

test('a stopped engine is not started by a property, and nothing is written', async t => {
  const { engine, control } = await setUp(t, "vm: { audit_tag: '^x$' }");
  await engine.exec('systemctl stop ovirt-engine');
  const before = await readStore(engineStore(engine));
  const { exitCode, report } = await control.json('apply', ...RUN);
  t.is(exitCode, 1);
  t.regex(
    report.hosts.engine?.error?.message ?? '',
    /^ovirt-engine is (?:inactive|failed), and a change of properties does not start it$/,
  );
  t.deepEqual(await readStore(engineStore(engine)), before);
  t.not((await engine.exec('systemctl is-active ovirt-engine || true')).stdout.trim(), 'active');
});

test('a cluster level that the engine does not have is told with those that it has', async t => {
  const { control } = await setUp(t, "cluster_levels: [4.9]\nvm: { audit_tag: '^x$' }");
  const { exitCode, report } = await control.json('check', ...RUN);
  t.is(exitCode, 3);
  t.regex(report.hosts.engine?.notes.join() ?? '', /no cluster level 4\.9.*4\.2, 4\.3/);
});

test('what engine-config refuses is told in its own words, and the engine is not restarted', async t => {
  const { engine, control } = await setUp(t, "network: { site_mtu: '^[0-9]+$' }", { levels: ['4.8'] });
  const refusal = 'must be a valid regex expression';
  await engine.exec(`mv /usr/bin/engine-config /usr/bin/engine-config.real
printf '#!/bin/sh\\ncase $1 in -s) echo "%s"; exit 1 ;; esac\\nexec engine-config.real "$@"\\n' '${refusal}' >/usr/bin/engine-config
chmod 755 /usr/bin/engine-config`);
  const { exitCode, report } = await control.json('apply', ...RUN);
  t.is(exitCode, 1);
  t.like(report.hosts.engine, { outcome: 'failed', error: { kind: 'apply' } });
  t.regex(JSON.stringify(report.hosts.engine?.error), /must be a valid regex expression/);
  t.is(await row(engine, 'UserDefinedNetworkCustomProperties@4.8'), '');
  t.is(await engineStarts(engine), 1);
});

test('an engine that does not become healthy in time: failed, with its last answer and the journal; the next run waits, and restarts nothing', async t => {
  const { engine, control } = await setUp(t, "vm: { audit_tag: '^x$' }");
  await changeEngine(engine, {
    delayMs: 10,
    refusedSeconds: 0.2,
    notFoundSeconds: 0.2,
    unavailableSeconds: 9,
  });
  const { exitCode, report } = await control.json('apply', ...RUN);
  t.is(exitCode, 1);
  t.regex(JSON.stringify(report.hosts.engine?.error), /503/);
  t.is(await engineStarts(engine), 2);
  const check = await control.json('check', ...RUN);
  t.deepEqual(
    check.report.hosts.engine?.changes.map(({ action }) => action),
    ['wait-healthy'],
  );
  const patient = (await readFile(join(control.folder, 'site.yml'), 'utf8')).replace(
    'timeout: 5',
    'timeout: 90',
  );
  await control.write('site.yml', patient);
  const again = await control.json('apply', ...RUN);
  t.is(again.exitCode, 0, again.stderr);
  t.is(await engineStarts(engine), 2, 'no second restart');
  t.is((await loadedRows(engine))['UserDefinedVMProperties@4.8'], 'audit_tag=^x$');
});

test('an engine host without engine-config, or without its database, says so', async t => {
  const { engine, control } = await setUp(t, "vm: { audit_tag: '^x$' }");
  await engine.exec(
    'chmod 000 /etc/ovirt-engine/engine.conf.d/10-setup-database.conf; mv /usr/bin/engine-config /root/',
  );
  const missing = await control.json('check', ...RUN);
  t.is(missing.exitCode, 1);
  t.is(missing.report.hosts.engine?.error?.kind, 'engine-config');
  t.truthy(missing.report.hosts.engine?.error?.hint);
});

test('engine-config is never called in a form that prompts, nor for a key that nobody wants', async t => {
  const { engine, control } = await setUp(t, "vm: { audit_tag: '^x$' }");
  await control.run('apply', ...RUN);
  const calls = await readCalls(engineStore(engine));
  t.true(calls.length > 7);
  for (const call of calls) {
    t.true(call[0] === '-g' || call.some(word => /^--cver=4\.\d$/.test(word)), call.join(' '));
    t.false(call.join(' ').includes('Network'), call.join(' '));
  }
});
