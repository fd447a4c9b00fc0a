import test from 'ava';
import { setUp } from '../program.ts';

test('hooks list has the hooks of today, and with --all those that are gone', async t => {
  const { run } = await setUp(t);
  const { stdout, stderr, exitCode } = await run('hooks', 'list');
  t.is(exitCode, 0);
  t.is(stderr, '');
  t.is(stdout.split('\n').length, 28);
  t.regex(stdout, /^diskunmap +current +before_vm_start +Discard/m);
  t.regex(stdout, /^ovirt_provider_ovn_hook +external /m);
  t.notRegex(stdout, /macspoof/);
  const all = await run('hooks', 'list', '--all');
  t.is(all.stdout.split('\n').length, 48);
  t.regex(all.stdout, /^macspoof +removed /m);
});

test('the names of each status stand in order', async t => {
  const { run } = await setUp(t);
  const { hooks } = JSON.parse((await run('hooks', 'list', '--all', '--json')).stdout);
  const keys = hooks.map(
    ({ name, status }: { name: string; status: string }) =>
      `${['current', 'external', 'removed'].indexOf(status)} ${name}`,
  );
  t.is(keys.length, 47);
  t.deepEqual(keys, keys.toSorted());
});

test('hooks show finds a hook by its name and by its package', async t => {
  const { run } = await setUp(t);
  const byName = await run('hooks', 'show', 'ethtool_options');
  t.is(byName.exitCode, 0);
  t.regex(byName.stdout, /^ethtool_options\n[\s\S]*hookfleet install ethtool_options -i INVENTORY$/);
  t.deepEqual(await run('hooks', 'show', 'vdsm-hook-ethtool-options'), byName);
});

test('hooks events lists all 58, or tells one', async t => {
  const { run } = await setUp(t);
  const all = await run('hooks', 'events');
  t.is(all.exitCode, 0);
  t.is(all.stdout.split('\n').length, 59);
  const one = await run('hooks', 'events', 'before_vm_start');
  t.is(one.exitCode, 0);
  t.regex(one.stdout, /^before_vm_start\nBefore the start of a VM\./);
});

for (const [args, command, key] of [
  [['list'], 'hooks list', 'hooks'],
  [['show', 'diskunmap'], 'hooks show', 'hook'],
  [['events'], 'hooks events', 'events'],
  [['events', 'before_vm_start'], 'hooks events', 'event'],
] as const) {
  test(`hooks ${args.join(' ')} --json prints one document`, async t => {
    const { run } = await setUp(t);
    const { stdout, stderr, exitCode } = await run('hooks', ...args, '--json');
    t.is(exitCode, 0);
    t.is(stderr, '');
    const document = JSON.parse(stdout);
    t.deepEqual(Object.keys(document), ['hookfleet', 'command', key]);
    t.is(document.command, command);
  });
}

for (const [args, told] of [
  [['show', 'diskunmpa'], /^unknown hook "diskunmpa"\n {2}Did you mean "diskunmap"\?$/],
  [['show', 'vdsm-hook-disk-unmap'], /^unknown hook .*\n {2}Did you mean "vdsm-hook-diskunmap"\?$/],
  [['show', 'zzzzzzzzzz'], /^unknown hook "zzzzzzzzzz"\n {2}hookfleet hooks list --all shows them all$/],
  [['show', '\u001b[31mx'], /^unknown hook "\\u\{1b\}\[31mx"/],
  [['show', '__proto__'], /^unknown hook "__proto__"/],
  [['show'], /missing required argument 'name'/],
  [['events', 'before_vm_strat'], /^unknown event "before_vm_strat"\n {2}Did you mean "before_vm_start"\?$/],
  [['events', 'constructor'], /^unknown event "constructor"/],
  [['lst'], /unknown command 'lst'[\s\S]*list/],
  [['list', '--al'], /unknown option '--al'[\s\S]*--all/],
  [[], /Usage: hookfleet hooks/],
] as const) {
  test(`bad input is told, exit 2, nothing on stdout: hooks ${JSON.stringify(args)}`, async t => {
    const { run } = await setUp(t);
    const { stdout, stderr, exitCode } = await run('hooks', ...args);
    t.is(exitCode, 2);
    t.is(stdout, '');
    t.regex(stderr, told);
  });
}
