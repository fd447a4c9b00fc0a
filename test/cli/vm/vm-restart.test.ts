import test, { type ExecutionContext } from 'ava';
import { actionFault } from '../../engine/client/stand-in/route.ts';
import type { VmWish } from '../../engine/client/stand-in/vm-answers.ts';
import { withEngineOf } from './engine-program.ts';

const RESTART = ['audit_tag=web', '--restart', '--yes'];

/** Which VMs were shut down and started, in the order of the requests: `shutdown web-1`. */
function cyclesOf(
  { api, vm }: Awaited<ReturnType<typeof withEngineOf>>,
  ...names: readonly string[]
): readonly string[] {
  const byId = new Map(names.map(name => [vm(name).id, name]));
  return api.requests.flatMap(({ path }) => {
    const [, id = '', action] = /\/vms\/([^/]+)\/(shutdown|start|stop)$/.exec(path) ?? [];
    return action === undefined ? [] : [`${action} ${byId.get(id)}`];
  });
}

test('VMs are shut down and started one after the other, until each is up with what it shall have', async t => {
  const engine = await withEngineOf(t, { vms: [{ name: 'web-1' }, { name: 'web-2' }] });
  const { run, vm } = engine;
  const { stdout, stderr, exitCode } = await run('vm', 'set', 'web-*', ...RESTART);
  t.is(exitCode, 0);
  t.is(
    stdout,
    'web-1  changed  audit_tag: (none) -> web; restarted\nweb-2  changed  audit_tag: (none) -> web; restarted\n2 VMs: 2 changed',
  );
  t.regex(stderr, /^web-1: shutting down\n[\s\S]*web-1: starting\n[\s\S]*web-1: up\nweb-2: shutting down\n/);
  t.deepEqual(cyclesOf(engine, 'web-1', 'web-2'), [
    'shutdown web-1',
    'start web-1',
    'shutdown web-2',
    'start web-2',
  ]);
  t.deepEqual(vm('web-2').running.properties, { audit_tag: 'web' });
  t.is(vm('web-2').status, 'up');
  const again = await run('vm', 'set', 'web-*', ...RESTART);
  t.like(again, { exitCode: 0, stdout: 'web-1  ok\nweb-2  ok\n2 VMs: 2 ok', stderr: '' });
  t.is(cyclesOf(engine, 'web-1', 'web-2').length, 4);
});

test('what was only set before is brought into effect by the same words with --restart', async t => {
  const engine = await withEngineOf(t, { vms: [{ name: 'web-1' }] });
  await engine.run('vm', 'set', 'web-1', 'audit_tag=web');
  t.like(await engine.run('vm', 'set', 'web-1', ...RESTART), {
    exitCode: 0,
    stdout: 'web-1  changed  restarted',
  });
  t.deepEqual(engine.vm('web-1').running.properties, { audit_tag: 'web' });
  t.is(engine.puts().length, 1);
});

test('without a property, --restart restarts those for which anything waits', async t => {
  const engine = await withEngineOf(t, { vms: [{ name: 'web-1' }, { name: 'web-2' }] });
  engine.vm('web-2').nextRun = { properties: {}, memory: 4096 };
  const shown = await engine.run('vm', 'show', 'web-2');
  t.regex(shown.stdout, /note: something else waits for its next start/);
  const { stdout, exitCode } = await engine.run('vm', 'set', '*', '--restart', '--yes');
  t.is(exitCode, 0);
  t.is(stdout, 'web-1  ok\nweb-2  changed  restarted\n2 VMs: 1 ok, 1 changed');
  t.is(engine.vm('web-2').running.memory, 4096);
});

test('what somebody else has left waiting is no reason for a restart, and comes with one that is due', async t => {
  const engine = await withEngineOf(t, { vms: [{ name: 'web-1', properties: { audit_tag: 'web' } }] });
  const { vm, run } = engine;
  vm('web-1').nextRun = { properties: { audit_tag: 'web', site_cost: '7' }, memory: 4096 };
  t.like(await run('vm', 'set', 'web-1', ...RESTART), { exitCode: 0, stdout: 'web-1  ok' });
  t.like(await run('vm', 'set', 'web-1', '--unset', 'qemu_cmdline', '--restart', '--yes'), {
    exitCode: 0,
    stdout: 'web-1  ok',
  });
  t.is(vm('web-1').asked.shutdown, 0);
  const check = await run('vm', 'set', 'web-1', 'audit_tag=db', '--restart', '--check');
  t.regex(check.stdout, /a restart is due; what else waits for its next start comes with it$/);
  const { stdout } = await run('vm', 'set', 'web-1', 'audit_tag=db', '--restart', '--yes');
  t.regex(stdout, /restarted; what else waited for its next start has come with it$/);
  t.deepEqual(vm('web-1').running, { properties: { audit_tag: 'db', site_cost: '7' }, memory: 4096 });
});

test('a VM of a pool is not restarted; what is lost with a shutdown is said before and after', async t => {
  const { run, vm } = await withEngineOf(t, {
    vms: [
      { name: 'desk-1', pool: 'desks' },
      { name: 'kiosk', stateless: true },
      { name: 'once', runOnce: true },
    ],
  });
  const check = await run('vm', 'set', '*', ...RESTART, '--check');
  t.regex(
    check.stdout,
    /^desk-1 .*; not restarted: it is of a pool, and goes back to that when it goes down; waits/m,
  );
  t.regex(check.stdout, /^kiosk .*; a restart is due; loses what its guest has written \(stateless\)$/m);
  const { stdout, exitCode } = await run('vm', 'set', '*', ...RESTART, '--serial', '3');
  t.is(exitCode, 0);
  t.regex(stdout, /^kiosk .*; restarted; what its guest has written \(stateless\) is lost$/m);
  t.regex(stdout, /^once .*; restarted; what it was started with once \(run once\) is lost$/m);
  t.is(vm('desk-1').asked.shutdown, 0);
});

test('an engine that trips in the middle of a restart leaves no VM down', async t => {
  const { start, vm, api } = await withEngineOf(t, { vms: [{ name: 'web-1' }], stepMs: 600 });
  const running = start(['vm', 'set', 'web-1', ...RESTART]);
  running.stderr?.once('data', () => {
    const reply = { status: 500, json: { reason: 'Internal Server Error' } };
    api.planned.push({ method: 'GET', path: /\/vms\//, times: 2, reply });
    api.planned.push({ method: 'POST', path: /\/start$/, reply });
  });
  const { stdout, exitCode } = await running;
  t.is(stdout, 'web-1  changed  audit_tag: (none) -> web; restarted');
  t.is(exitCode, 0);
  t.deepEqual(api.planned, []);
  t.is(vm('web-1').status, 'up');
});

test('vm start waits for a VM that is on its way up already', async t => {
  const { run, vm } = await withEngineOf(t, { vms: [{ name: 'web-1', status: 'powering_up' }] });
  vm('web-1').ahead = [{ at: performance.now() + 3000, status: 'up' }];
  t.like(await run('vm', 'start', 'web-1'), { exitCode: 0, stdout: 'web-1  ok' });
  t.deepEqual([vm('web-1').status, vm('web-1').asked.start], ['up', 0]);
});

test('--serial takes several at once', async t => {
  const engine = await withEngineOf(t, { vms: [{ name: 'web-1' }, { name: 'web-2' }], stepMs: 400 });
  t.like(await engine.run('vm', 'set', 'web-*', ...RESTART, '--serial', '2'), { exitCode: 0 });
  const [first, second] = cyclesOf(engine, 'web-1', 'web-2');
  t.deepEqual([first, second].toSorted(), ['shutdown web-1', 'shutdown web-2']);
});

test('what is protected from deletion, or not up, is set and not restarted; the engine itself is left out', async t => {
  const engine = await withEngineOf(t, {
    vms: [
      { name: 'db', deleteProtected: true },
      { name: 'idle', status: 'suspended' },
      { name: 'off', status: 'down' },
      { name: 'HostedEngine', origin: 'managed_hosted_engine' },
    ],
  });
  const { stdout, exitCode } = await engine.run('vm', 'set', '*', ...RESTART);
  t.is(exitCode, 0);
  t.is(
    stdout,
    [
      'db            changed  audit_tag: (none) -> web; not restarted: it is protected from deletion; waits for its next start',
      'HostedEngine  skipped  Left out: the engine itself runs in this VM',
      'idle          changed  audit_tag: (none) -> web; not restarted: it is suspended, not up; waits for its next start',
      'off           changed  audit_tag: (none) -> web',
      '4 VMs: 3 changed, 1 skipped',
    ].join('\n'),
  );
  t.deepEqual(cyclesOf(engine, 'db', 'idle', 'off', 'HostedEngine'), []);
});

async function stopsAt(t: ExecutionContext, first: Partial<VmWish>) {
  const engine = await withEngineOf(t, {
    vms: [
      { name: 'web-1', ...first },
      { name: 'web-2' },
      { name: 'web-3' },
      { name: 'web-4', properties: { audit_tag: 'web' } },
    ],
  });
  const { stdout, exitCode } = await engine.run('vm', 'set', 'web-*', ...RESTART, '--timeout', '4', '--json');
  t.is(exitCode, 1);
  const { vms, totals } = JSON.parse(stdout);
  t.like(totals, { failed: 1, skipped: 2, ok: 1 });
  for (const name of ['web-2', 'web-3']) {
    t.is(vms[name].error.message, 'Not begun: web-1 did not come to its end');
    t.is(engine.vm(name).nextRun, undefined);
  }
  return { failed: vms['web-1'], cycles: cyclesOf(engine, 'web-1', 'web-2', 'web-3') };
}

test('a guest that ignores the shutdown stops it; it is not powered off, and those after it are not begun', async t => {
  const { failed, cycles } = await stopsAt(t, { conduct: 'ignores shutdown' });
  t.is(failed.error.kind, 'vm-still-up');
  t.regex(failed.error.hint, /not powered off\. Shut it down from within the guest/);
  t.false(failed.error.hint.includes('vm start'), 'it is up');
  t.true(failed.pending);
  t.deepEqual(cycles, ['shutdown web-1']);
});

test('a VM that does not come up again stops it, with the command that starts it', async t => {
  const { failed, cycles } = await stopsAt(t, { conduct: 'falls down again' });
  t.is(failed.error.kind, 'vm-not-up');
  t.regex(failed.error.hint, /Hook Error.*It may be down\. Start it: hookfleet vm start web-1$/);
  t.deepEqual(cycles, ['shutdown web-1', 'start web-1']);
});

test('a VM that the engine will not start is told with its reason', async t => {
  const { run, api } = await withEngineOf(t, { vms: [{ name: 'web-1' }] });
  const refusal = actionFault(
    409,
    'Cannot run VM. There is no host that satisfies current scheduling constraints.',
  );
  api.planned.push({ method: 'POST', path: /\/start$/, reply: refusal });
  const { stdout, exitCode } = await run('vm', 'set', 'web-1', ...RESTART, '--engine-user', api.user);
  t.is(exitCode, 1);
  t.regex(
    stdout,
    /There is no host that satisfies[^\n]*\n {2}It may be down\. Start it: hookfleet vm start web-1 --engine-user admin@internal$/,
  );
  t.like(await run('vm', 'start', 'web-1'), { exitCode: 0, stdout: 'web-1  changed  started' });
  t.like(await run('vm', 'start', 'web-1'), { exitCode: 0, stdout: 'web-1  ok' });
});
