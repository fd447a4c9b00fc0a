import test from 'ava';
import { fault } from '../../engine/client/stand-in/route.ts';
import { withEngineOf } from './engine-program.ts';

test('a VM that is down has its properties at once, the others of it stay, and a second time does nothing', async t => {
  const { run, vm, puts } = await withEngineOf(t, {
    vms: [{ name: 'web-1', status: 'down', properties: { site_cost: '7' } }],
  });
  t.like(await run('vm', 'set', 'web-1', 'audit_tag=web'), {
    exitCode: 0,
    stdout: 'web-1  changed  audit_tag: (none) -> web',
    stderr: '',
  });
  t.deepEqual(vm('web-1').running.properties, { site_cost: '7', audit_tag: 'web' });
  t.like(await run('vm', 'set', 'web-1', 'audit_tag=web'), { exitCode: 0, stdout: 'web-1  ok' });
  t.is(puts().length, 1);
  t.like(await run('vm', 'set', 'web-1', '--unset', 'site_cost', '--restart', '--yes'), {
    exitCode: 0,
    stdout: 'web-1  changed  site_cost: 7 -> (none)',
  });
  t.deepEqual(vm('web-1').running.properties, { audit_tag: 'web' });
  t.is(vm('web-1').asked.start, 0, 'what was down is not started');
});

test('what waits for the next start of a running VM is said, with what to type, every time', async t => {
  const { run, vm, puts } = await withEngineOf(t, {
    vms: [{ name: 'web-1', properties: { site_cost: '7' } }],
  });
  vm('web-1').nextRun = { properties: { site_cost: '7' }, memory: 4096 };
  for (const outcome of ['changed  audit_tag: (none) -> web; ', 'ok       ']) {
    const { stdout, stderr, exitCode } = await run('vm', 'set', 'web-1', 'audit_tag=web');
    t.is(exitCode, 0);
    t.is(stdout, `web-1  ${outcome.trimEnd()} waits for its next start`.replace('ok waits', 'ok  waits'));
    t.regex(
      stderr,
      /not with a reboot from within the guest:\n {2}hookfleet vm set web-1 'audit_tag=web' --restart/,
    );
  }
  t.is(puts().length, 1);
  t.deepEqual(vm('web-1').running.properties, { site_cost: '7' });
  t.deepEqual(
    vm('web-1').nextRun,
    { properties: { site_cost: '7', audit_tag: 'web' }, memory: 4096 },
    'what others have put off until then is still there',
  );
});

test('what the level of one of the VMs does not allow is refused before any is changed, with the way out', async t => {
  const { run, puts } = await withEngineOf(t, {
    clusters: [{ name: 'Default' }, { name: 'old', version: '4.6' }],
    vms: [
      { name: 'web-1' },
      { name: 'web-2' },
      { name: 'old-1', cluster: 'old' },
      { name: 'own-1', ownLevel: '4.6' },
      { name: 'left-1', status: 'down', properties: { gone: 'x' } },
    ],
  });
  const { stdout, stderr, exitCode } = await run('vm', 'set', '*', 'audit_tag=Web');
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.regex(
    stderr,
    /old-1, own-1: the property audit_tag is not defined at level 4\.6\n {2}It is defined at 4\.7\./,
  );
  t.regex(
    stderr,
    /left-1, web-1, web-2: "Web" is no value of audit_tag\n {2}The whole of it must match \^\[a-z\]\+\$/,
  );
  t.regex(stderr, /left-1: the property gone, which is there already, .*\n.*--unset gone/);
  const mistyped = await run('vm', 'set', 'web-1', 'audit_tga=web');
  t.is(mistyped.exitCode, 2);
  t.regex(
    mistyped.stderr,
    /web-1: the property audit_tga is not defined at level 4\.7\n {2}Did you mean "audit_tag"\?/,
  );
  t.is(puts().length, 0);
  t.like(await run('vm', 'set', 'left-1', 'audit_tag=web', '--unset', 'gone'), { exitCode: 0 });
});

test('a value that only the engine can judge is judged by it, in its own words, and those after it are not begun', async t => {
  const { run, api } = await withEngineOf(t, {
    vms: [{ name: 'web-1' }, { name: 'web-2' }, { name: 'web-3' }],
  });
  api.planned.push({
    method: 'PUT',
    path: /\/vms\//,
    reply: fault(400, 'Cannot edit VM. The following custom properties have illegal values: audit_tag.'),
  });
  const { stdout, exitCode } = await run('vm', 'set', 'web-*', 'audit_tag=web', '--json');
  const { vms, totals, stopped } = JSON.parse(stdout);
  t.is(exitCode, 1);
  t.is(stopped, 'web-1 did not come to its end');
  t.like(totals, { failed: 1, skipped: 2, changed: 0 });
  t.like(vms['web-1'].error, {
    kind: 'engine-fault',
    message:
      'The engine refuses it: Cannot edit VM. The following custom properties have illegal values: audit_tag.',
  });
  t.deepEqual(vms['web-1'].changes, []);
  t.is(vms['web-3'].error.message, 'Not begun: web-1 did not come to its end');
});

test('a VM that is locked for a moment is asked again', async t => {
  const { run, api, vm } = await withEngineOf(t, { vms: [{ name: 'web-1', status: 'down' }] });
  const locked = fault(409, 'Cannot edit VM. The VM is locked. Please try again later.');
  api.planned.push({ method: 'PUT', path: /\/vms\//, times: 2, reply: locked });
  t.like(await run('vm', 'set', 'web-1', 'audit_tag=web'), { exitCode: 0 });
  t.deepEqual(vm('web-1').running.properties, { audit_tag: 'web' });
});

test('what somebody else writes at the same time is seen, and named', async t => {
  const { run, vm } = await withEngineOf(t, { vms: [{ name: 'web-1', status: 'down' }] });
  vm('web-1').afterPut = () => {
    vm('web-1').running = { properties: { site_cost: '7' }, memory: 1024 };
  };
  const { stdout, exitCode } = await run('vm', 'set', 'web-1', 'audit_tag=web');
  t.is(exitCode, 1);
  t.regex(
    stdout,
    /failed .*Somebody else has changed the properties at the same time: audit_tag is none, and "web" was sent; site_cost is "7", and none was sent/,
  );
});

test("VMs by globs, ids, DATACENTER/NAME and a search; the engine's own is left out", async t => {
  const { run, vm, api } = await withEngineOf(t, {
    dataCenters: [{ name: 'Default' }, { name: 'south' }],
    clusters: [{ name: 'Default' }, { name: 'south', dataCenter: 'south' }],
    vms: [
      { name: 'web-1', status: 'down', tag: 'canary' },
      { name: 'web-2', status: 'down' },
      { name: 'db', status: 'down' },
      { name: 'db', status: 'down', cluster: 'south', id: 'south-db' },
      { name: 'HostedEngine', origin: 'managed_hosted_engine' },
    ],
  });
  const outcomes = async (...words: string[]) => {
    const { stdout } = await run('vm', 'set', '--json', ...words);
    return Object.entries<{ outcome: string }>(JSON.parse(stdout).vms).map(([name, { outcome }]) => [
      name,
      outcome,
    ]);
  };
  t.deepEqual(await outcomes('web-?', 'audit_tag=a'), [
    ['web-1', 'changed'],
    ['web-2', 'changed'],
  ]);
  t.deepEqual(await outcomes('--search', 'tag=canary', 'audit_tag=b'), [['web-1', 'changed']]);
  t.true(api.requests.some(({ path }) => path.includes('search=tag=canary sortby name')));
  t.deepEqual(await outcomes(vm('web-2').id, 'audit_tag=c'), [['web-2', 'changed']]);
  const { exitCode, stderr } = await run('vm', 'set', 'db', 'audit_tag=d');
  t.is(exitCode, 2);
  t.regex(stderr, /2 VMs are called db: Default\/db, south\/db\n {2}Name the one that is meant/);
  t.deepEqual(await outcomes('south/db', 'audit_tag=d'), [['south/db', 'changed']]);
  t.deepEqual(await outcomes('H*', 'audit_tag=e'), [['HostedEngine', 'skipped']]);
});

for (const [words, message] of [
  [
    ['wbe-1', 'audit_tag=a'],
    /no VM wbe-1 to this user; a property is name=value\n {2}Did you mean "web-1"\?/,
  ],
  [['x*', 'audit_tag=a'], /no VM matches x\*/],
  [['web-1', 'a=1;b=2'], /semicolon/],
  [['web-1'], /told nothing to set/],
  [['--search', 'name=nobody', 'audit_tag=a'], /the search finds no VM: name=nobody/],
  [['--search', '', 'audit_tag=a'], /--search <words>.*empty; all VMs are '\*'/],
  [
    ['web-1', 'audit_tag=a', '--restart'],
    /nobody can answer here\n {2}Look at it with --check, then give --yes/,
  ],
  [['web-1', 'audit_tag=a', '--timeout', '0'], /--timeout <seconds>.*whole number/],
] as const) {
  test(`refused, with stdout empty and nothing written: vm set ${words.join(' ')}`, async t => {
    const { run, puts } = await withEngineOf(t, { vms: [{ name: 'web-1' }] });
    const { stdout, stderr, exitCode } = await run('vm', 'set', ...words);
    t.is(exitCode, 2);
    t.is(stdout, '');
    t.regex(stderr, message);
    t.is(puts().length, 0);
  });
}

test('--check writes nothing, and its exit code tells whether anything differs', async t => {
  const { run, puts } = await withEngineOf(t, {
    vms: [{ name: 'web-1' }, { name: 'web-2', properties: { audit_tag: 'web' } }],
  });
  t.like(await run('vm', 'set', 'web-*', 'audit_tag=web', '--restart', '--check'), {
    exitCode: 3,
    stdout: 'web-1  drifted  audit_tag: (none) -> web; a restart is due\nweb-2  ok\n2 VMs: 1 ok, 1 drifted',
  });
  t.like(await run('vm', 'set', 'web-2', 'audit_tag=web', '--restart', '--check'), { exitCode: 0 });
  t.is(puts().length, 0);
});

test('a password that is wrong is a plain message, and exit code 4', async t => {
  const { run, api } = await withEngineOf(t, { vms: [{ name: 'web-1' }] });
  const { stderr, stdout, exitCode } = await run(
    'vm',
    'set',
    'web-1',
    'audit_tag=a',
    '--engine-user',
    'eve@internal',
  );
  t.is(exitCode, 4);
  t.is(stdout, '');
  t.true(stderr.startsWith(`unreachable: ${api.url}\n`), stderr);
});

test('the time that an SSH server may take is not the time that a VM may take', async t => {
  const { start, vm } = await withEngineOf(t, { vms: [{ name: 'web-1' }], stepMs: 1500 });
  const { exitCode } = await start(['vm', 'set', 'web-1', 'audit_tag=web', '--restart', '--yes'], {
    HOOKFLEET_TIMEOUT: '1',
  });
  t.is(exitCode, 0);
  t.is(vm('web-1').status, 'up');
});
