import { chmod, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
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

test('hooks events lists all 58 and what libvirt calls, or tells one', async t => {
  const { run } = await setUp(t);
  const all = await run('hooks', 'events');
  t.is(all.exitCode, 0);
  const [vdsm = '', libvirt = ''] = all.stdout.split('\n\n');
  t.is(vdsm.split('\n').length, 59);
  t.is(libvirt.split('\n').length, 40);
  const one = await run('hooks', 'events', 'before_vm_start');
  t.is(one.exitCode, 0);
  t.regex(one.stdout, /^before_vm_start\nBefore the start of a VM\./);
});

for (const [args, command, key] of [
  [['list'], 'hooks list', 'hooks'],
  [['show', 'diskunmap'], 'hooks show', 'hook'],
  [['events'], 'hooks events', 'events,drivers'],
  [['events', 'before_vm_start'], 'hooks events', 'event'],
  [['events', '--driver'], 'hooks events', 'drivers'],
  [['events', 'qemu'], 'hooks events', 'driver'],
  [['events', '--driver', 'qemu'], 'hooks events', 'driver'],
  [['events', 'qemu/prepare'], 'hooks events', 'operation'],
  [['events', 'prepare', '--driver', 'qemu'], 'hooks events', 'operation'],
  [['events', 'restore'], 'hooks events', 'operation'],
  [['events', 'migrate'], 'hooks events', 'operations'],
] as const) {
  test(`hooks ${args.join(' ')} --json prints one document`, async t => {
    const { run } = await setUp(t);
    const { stdout, stderr, exitCode } = await run('hooks', ...args, '--json');
    t.is(exitCode, 0);
    t.is(stderr, '');
    const document = JSON.parse(stdout);
    t.deepEqual(Object.keys(document), ['hookfleet', 'command', ...key.split(',')]);
    t.is(document.command, command);
  });
}

for (const [args, told] of [
  [['show', 'diskunmpa'], /^unknown hook "diskunmpa"\n {2}Did you mean "diskunmap"\?$/],
  [['show', 'vdsm-hook-disk-unmap'], /^unknown hook .*\n {2}Did you mean "vdsm-hook-diskunmap"\?$/],
  [['show', 'zzzzzzzzzz'], /^unknown hook "zzzzzzzzzz"\n {2}hookfleet hooks list --all shows them all$/],
  [['show', '\u001b[31mx'], /^unknown hook "\\u\{1b\}\[31mx"/],
  [['show', '__proto__'], /^unknown hook "__proto__"/],
  [['show'], /missing required argument 'hook'/],
  [['events', 'before_vm_strat'], /^unknown event "before_vm_strat"\n {2}Did you mean "before_vm_start"\?$/],
  [['events', 'constructor'], /^unknown event "constructor"/],
  [['events', 'qemu/prepar'], /^unknown event "qemu\/prepar"\n {2}Did you mean "qemu\/prepare"\?$/],
  [['events', 'updated', '--driver', 'qemu'], /^unknown event "qemu\/updated"/],
  [['events', '--driver', 'qem'], /^unknown driver of libvirt "qem"\n {2}Did you mean "qemu"\?$/],
  [['list', '--event', 'before_vm_strat'], /^unknown event .*\n {2}Did you mean "before_vm_start"\?$/],
  [['list', '--property', 'diskunmpa'], /^unknown property .*\n {2}Did you mean "diskunmap"\?$/],
  [
    ['list', '--available-for', '5.0'],
    /^--available-for 5\.0: no version .*\n {2}It knows oVirt 3\.0 to 4\.5/,
  ],
  [['list', '--catalog', 'nowhere'], /^nowhere: the catalogue cannot be read: there is no such folder/],
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

for (const [args, names] of [
  [['--event', 'after_disk_prepare'], ['localdisk']],
  [['--dangerous'], ['allocate_net', 'fileinject', 'vhostmd']],
  [
    ['--dangerous', '--event', 'before_vm_start'],
    ['fileinject', 'vhostmd'],
  ],
  [
    ['--removed', '--event', 'before_nic_hotplug', '--available-for', '4.3'],
    ['macspoof', 'noipspoof'],
  ],
  [['--property', 'sap_agent'], ['vhostmd']],
  [['--property', 'macspoof', '--available-for', '4.4'], []],
  [['--removed', '--property', 'diskunmap'], []],
] as const) {
  test(`filters leave the hooks that pass all of them: ${args.join(' ')}`, async t => {
    const { run } = await setUp(t);
    const { stdout, exitCode } = await run('hooks', 'list', ...args, '--json');
    t.is(exitCode, 0);
    t.deepEqual(
      JSON.parse(stdout).hooks.map(({ name }: { name: string }) => name),
      [...names],
    );
  });
}

test('where no hook passes, a line for people says so, and stdout is empty', async t => {
  const { run } = await setUp(t);
  const ran = await run('hooks', 'list', '--property', 'macspoof', '--available-for', '4.4');
  t.deepEqual(ran, { stdout: '', stderr: 'No hook of the catalogue is like that.', exitCode: 0 });
  const { stdout, stderr } = await run('hooks', 'list', '--property', 'macspoof');
  t.is(stdout, '');
  t.is(stderr, 'No hook of today is like that; of those that VDSM no longer has: macspoof (--all).');
});

test('a site’s own hooks are listed, shown and found at their events: from ./catalog, --catalog, or the settings', async t => {
  const { run, write, folder } = await setUp(t);
  await mkdir(join(folder, 'catalog'));
  await write(
    'catalog/own.yml',
    '- { name: mine, package: site-mine, summary: Does it., files: [before_vm_pause/50_mine], dangerous: Stops all. }\n',
  );
  t.regex((await run('hooks', 'list')).stdout, /^mine +site ! +before_vm_pause +Does it$/m);
  const page = (await run('hooks', 'show', 'site-mine')).stdout;
  t.regex(page, /^Status +site: of your own catalogue$/m);
  t.regex(page, /Stops all\.\n {2}It is refused unless the risk is accepted/);
  t.regex((await run('hooks', 'events', 'before_vm_pause')).stdout, /\n {2}mine$/);
  t.is((await run('hooks', 'show', 'mine', '--catalog', 'none')).exitCode, 2);
  await rename(join(folder, 'catalog'), join(folder, 'ours'));
  t.is((await run('hooks', 'show', 'mine')).exitCode, 2);
  t.is((await run('hooks', 'show', 'mine', '--catalog', 'ours')).exitCode, 0);
  await write('hookfleet.cfg', '[defaults]\ncatalog = ours\n');
  t.is((await run('hooks', 'show', 'mine')).exitCode, 0);
  const refused = await run('install', 'mine', '-i', 'hosts.ini', '--no-engine');
  t.is(refused.exitCode, 2);
  t.regex(refused.stderr, /^mine: Stops all\.\n {2}.*--accept-risk mine/);
  const { stdout } = await run(
    'install',
    'mine',
    '-i',
    'hosts.ini',
    '--no-engine',
    '--accept-risk',
    'mine',
    '--print-playbook',
  );
  t.regex(stdout, /- name: "mine"\n {6}accept_risk: true/);
});

test('a ./catalog that anybody could have put there is passed over', async t => {
  const { run, write, folder } = await setUp(t);
  await mkdir(join(folder, 'catalog'));
  await write('catalog/own.yml', 'no catalogue\n');
  t.is((await run('hooks', 'list')).exitCode, 2);
  await chmod(folder, 0o777);
  t.is((await run('hooks', 'list')).exitCode, 0);
  await chmod(folder, 0o755);
  await chmod(join(folder, 'catalog'), 0o777);
  t.is((await run('hooks', 'list')).exitCode, 0);
});
