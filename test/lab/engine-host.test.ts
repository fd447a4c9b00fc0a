import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { changeEngine, engineHealth, engineStarts, engineStore, HEALTHY, loadedRows } from './engine.ts';
import { freshRows, readCalls, readStore } from './engine-store.ts';
import { boot, ssh } from './in-test.ts';

test.serial(
  'a restart of ovirt-engine returns before its health page answers, which goes through its stages',
  async t => {
    const engine = await boot(t, { name: 'engine', kind: 'engine' });
    t.is(await engineHealth(engine), HEALTHY);
    t.is(await engineStarts(engine), 1);
    await engine.exec('systemctl restart ovirt-engine');
    const stages: string[] = [];
    while (stages.at(-1) !== HEALTHY.slice(0, 3)) {
      const stage = (await engineHealth(engine)).split(' ')[0] ?? '';
      if (stage !== stages.at(-1)) {
        stages.push(stage);
      }
      await sleep(20);
    }
    t.deepEqual(stages, ['refused', '404', '503', '200']);
    t.is(await engineStarts(engine), 2);
  },
);

test.serial('the health page answers to curl on the engine host itself, as localhost', async t => {
  const engine = await boot(t, { kind: 'engine' });
  const url = 'http://localhost/ovirt-engine/services/health';
  const { stdout } = await ssh(t, engine, 'ops', `sudo -n curl -sS --fail ${url}`);
  t.is(stdout, HEALTHY.slice(4));
});

test.serial('a property that was set counts only after the next start of the engine', async t => {
  const engine = await boot(t, { kind: 'engine' });
  t.deepEqual(await loadedRows(engine), freshRows());
  const set = "engine-config -s 'UserDefinedVMProperties=a=^x$' --cver=4.7";
  t.deepEqual(await ssh(t, engine, 'root', set), {
    exitCode: 0,
    stdout: '',
    stderr: 'Picked up JAVA_TOOL_OPTIONS: -Dcom.redhat.fips=false',
  });
  const expected = { ...freshRows(), 'UserDefinedVMProperties@4.7': 'a=^x$' };
  t.deepEqual(await readStore(engineStore(engine)), expected);
  t.deepEqual(await loadedRows(engine), freshRows());
  await engine.exec('systemctl restart ovirt-engine');
  t.deepEqual(await loadedRows(engine), expected);
  t.deepEqual(await readCalls(engineStore(engine)), [['-s', 'UserDefinedVMProperties=a=^x$', '--cver=4.7']]);
});

test.serial('engine-config needs root, has the levels and takes the time that were asked for', async t => {
  const engine = await boot(t, { kind: 'engine', engine: { levels: ['4.6', '4.7'], delayMs: 300 } });
  const get = 'engine-config -g UserDefinedVMProperties';
  const refused = await ssh(t, engine, 'ops', get);
  t.is(refused.exitCode, 1);
  t.regex(refused.stdout, /^Connection to the Database failed\./);
  const started = performance.now();
  const { stdout } = await ssh(t, engine, 'ops', `sudo -n ${get}`);
  t.true(performance.now() - started >= 300);
  t.is(stdout, 'UserDefinedVMProperties:  version: 4.6\nUserDefinedVMProperties:  version: 4.7');
  await changeEngine(engine, { delayMs: 0, afterWriteMs: 60_000 });
  const interrupted = `timeout 1 sudo -n engine-config -s UserDefinedVMProperties=a=1 --cver=4.7`;
  t.not((await ssh(t, engine, 'ops', interrupted)).exitCode, 0);
  t.is((await readStore(engineStore(engine)))['UserDefinedVMProperties@4.7'], 'a=1');
});
