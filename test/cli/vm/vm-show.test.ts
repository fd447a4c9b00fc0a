import test from 'ava';
import { withEngineOf } from './engine-program.ts';

const VMS = [
  { name: 'web-1', properties: { audit_tag: 'web', qemu_cmdline: '["-x"]' } },
  { name: 'web-2', status: 'down', ownLevel: '4.6', properties: { audit_tag: 'web' } },
  { name: 'db', deleteProtected: true },
  { name: 'HostedEngine', origin: 'managed_hosted_engine' },
];

test('what VMs have, what waits for their next start, who reads it, and what is not defined any more', async t => {
  const { run, vm } = await withEngineOf(t, { vms: VMS });
  vm('web-1').nextRun = { properties: { audit_tag: 'db', site_cost: '7' }, memory: 1024 };
  const { stdout, exitCode } = await run('vm', 'show');
  t.is(exitCode, 0);
  t.is(
    stdout,
    `db  up  cluster Default  level 4.7
  no custom properties
  note: protected from deletion: vm set --restart does not restart it
HostedEngine  up  cluster Default  level 4.7
  no custom properties
  note: the engine itself runs in this VM: vm set leaves it out
web-1  up  cluster Default  level 4.7
  PROPERTY      VALUE   NEXT START  HOOK         EXPRESSION
  audit_tag     web     db          -            ^[a-z]+$
  qemu_cmdline  ["-x"]  (none)      qemucmdline  ^.*$
  site_cost     -       7           -            ^[0-9]+$
web-2  down  cluster Default  level 4.6
  PROPERTY   VALUE  HOOK  EXPRESSION
  audit_tag  web    -     not defined`,
  );
});

test('--json is one document', async t => {
  const { run, vm } = await withEngineOf(t, { vms: VMS });
  vm('web-1').nextRun = { properties: { audit_tag: 'db' }, memory: 1024 };
  const { vms, ...rest } = JSON.parse((await run('vm', 'show', 'web-*', '--json')).stdout);
  t.like(rest, { command: 'vm show', exitCode: 0 });
  t.deepEqual(Object.keys(vms), ['web-1', 'web-2']);
  t.like(vms['web-1'], {
    status: 'up',
    cluster: 'Default',
    level: '4.7',
    pending: true,
    hostedEngine: false,
  });
  t.deepEqual(vms['web-1'].properties[0], {
    name: 'audit_tag',
    value: 'web',
    next: 'db',
    hooks: [],
    regex: '^[a-z]+$',
  });
  t.like(vms['web-2'], { level: '4.6', pending: false });
});

test('text of the engine cannot drive a terminal', async t => {
  const { run } = await withEngineOf(t, {
    vms: [{ name: 'web\u001b[2J', properties: { audit_tag: '\u001b]0;x\u0007' } }],
  });
  const { stdout } = await run('vm', 'show');
  t.false(stdout.includes('\u001b'));
  t.true(stdout.includes('web\\u{1b}[2J'));
});
