import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { changeEngine, engineStarts, engineStore, loadedRows } from './engine.ts';
import { readStore } from './engine-store.ts';
import {
  APPLY,
  controlOf,
  enginePlay,
  gateAt,
  gateBefore,
  hooksPlay,
  isAsTold,
  typeNext,
  until,
  waitAt,
  withAudit,
} from './fleet-faults-lab.ts';
import { bootAnew } from './fleet-faults-power.ts';
import { boot } from './in-test.ts';
import { buildSamples, offer } from './sample-rpm.ts';

const CHECK = ['check', ...APPLY.slice(1)];

test('hosts lose their power in the middle of a change: nothing is half there, and the next run heals', async t => {
  const [hosts, samples] = await Promise.all([
    Promise.all(['kvm-01', 'kvm-02', 'kvm-03'].map(name => boot(t, { name }))),
    buildSamples([{ name: 'slow', head: ['%pre', ...waitAt('rpm')] }]),
  ]);
  const [first, second] = hosts;
  if (first === undefined || second === undefined) {
    throw new Error('no hosts');
  }
  const control = await controlOf(t, hosts);
  await Promise.all(hosts.map(host => offer(host, samples)));
  await control.write('site.yml', `${hooksPlay()}  packages: [slow]\n`);
  const transaction = await gateAt(first, 'rpm');
  const writing = await gateBefore(second, 'sync');
  const running = control.start(...APPLY);
  await until(() => transaction.isReached() && writing.isReached());
  const [onFirst] = await Promise.all([bootAnew(first), bootAnew(second)]);
  const { stdout, stderr, exitCode } = await running;
  isAsTold(t, 'power-cut', { stdout, stderr, exitCode });

  t.deepEqual(withAudit(hosts), ['kvm-03']);
  t.is(await onFirst('rpm -q slow'), 'package slow is not installed');
  const list = () => readdir(join(second.root, 'var/lib/hookfleet'));
  t.regex((await list()).join(), /^\.placed-\w{6}$/);
  const check = await control.run(...CHECK);
  t.is(check.exitCode, 3);
  t.regex(check.stdout, /- unfinished-file .*: remove {2}left by a run that was killed$/m);

  await Promise.all([transaction.open(), writing.open()]);
  const healed = await typeNext(control, { stdout, stderr, exitCode });
  t.is(healed.exitCode, 0, healed.stdout);
  t.regex(healed.stdout, /^3 hosts: 1 ok, 2 changed$/m);
  t.deepEqual(await list(), ['placed']);
  t.is((await onFirst('rpm -V slow && dnf -q check')).trim(), '');
  t.is((await control.run(...CHECK)).exitCode, 0);
});

test('the engine host loses its power between two properties: the next run takes its lock over, and restarts once', async t => {
  const engine = await boot(t, { name: 'engine-1', kind: 'engine', engine: { levels: ['4.7', '4.8'] } });
  const control = await controlOf(t, [], [engine]);
  await control.write('site.yml', enginePlay(engine));
  await changeEngine(engine, { afterWriteMs: 60_000 });
  const rows = async () => {
    const store = await readStore(engineStore(engine));
    return ['4.7', '4.8'].map(level => store[`UserDefinedVMProperties@${level}`]);
  };
  const running = control.start(...APPLY);
  await until(async () => (await rows())[0] === 'tag=^x$');
  await bootAnew(engine);
  const { stdout, stderr, exitCode } = await running;
  isAsTold(t, 'power-cut-engine', { stdout, stderr, exitCode });
  t.deepEqual(await rows(), ['tag=^x$', '']);
  const { stdout: status } = await control.run('lock', 'status', '-i', 'hosts.ini');
  t.regex(status, /^engine-1 {2}left behind {2}by .*: the host was started anew since$/);

  await changeEngine(engine, {});
  await until(async () => (await engineStarts(engine)) === 2);
  const healed = await typeNext(control, { stdout, stderr, exitCode });
  t.is(healed.exitCode, 0, healed.stdout);
  t.deepEqual(await rows(), ['tag=^x$', 'tag=^x$']);
  t.is((await loadedRows(engine))['UserDefinedVMProperties@4.8'], 'tag=^x$');
  t.is(await engineStarts(engine), 3);
  t.is((await control.run('lock', 'status', '-i', 'hosts.ini')).stdout, 'engine-1  free');
  t.is((await control.run(...CHECK)).exitCode, 0);
});
