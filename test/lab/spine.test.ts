import { access, appendFile, chmod, chown, lstat, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import { changeEngine, engineHealth, engineStarts, engineStore, loadedRows } from './engine.ts';
import { LEVELS, readCalls, readStore, SECURITY_GROUPS } from './engine-store.ts';
import { type Control, makeControl } from './fleet.ts';
import { bootHost, type LabHost } from './host.ts';

const HOOKS = 'usr/libexec/vdsm/hooks';

interface Context {
  readonly kvm: readonly LabHost[];
  readonly engine: LabHost;
  readonly control: Control;
}

const test = anyTest as TestFn<Context>;

test.before(async t => {
  const [engine, ...kvm] = await Promise.all([
    bootHost({ name: 'engine-1', kind: 'engine' }),
    ...['kvm-1', 'kvm-2', 'kvm-3', 'kvm-4'].map(name => bootHost({ name })),
  ]);
  t.context = { kvm, engine, control: await makeControl({ hypervisors: kvm, engines: [engine] }) } as Context;
  await t.context.control.write('site.yml', playbook(engine));
});

test.after.always(async t => {
  const { kvm, engine, control } = t.context;
  await Promise.all([...kvm, engine].map(host => host.stop()));
  await control.remove();
});

function playbook({ address }: LabHost): string {
  return `
- name: Hooks on every hypervisor
  hosts: hypervisors
  become: true
  packages: [vhostmd]
  vdsm_hooks: [diskunmap, extnet, vhostmd, openstacknet, vdsm-hook-suidhelper, vdsm-hook-siteaudit]
  service: { name: dbus, state: started }
- name: Custom properties
  hosts: engine
  become: true
  engine_health_url: http://${address}/ovirt-engine/services/health
  engine_properties:
    from_hooks: true
    vm: { audit_tag: '^[a-z]+$' }
    network: { site_mtu: '^[0-9]+$' }
`;
}

const PACKAGES = [
  'vdsm-hook-diskunmap',
  'vdsm-hook-extnet',
  'vdsm-hook-openstacknet',
  'vdsm-hook-siteaudit',
  'vdsm-hook-suidhelper',
  'vdsm-hook-vhostmd',
];

const EXTNET = '^[a-zA-Z0-9_ ---]+$';
const DEVICES = `{type=interface;prop={${SECURITY_GROUPS};extnet=${EXTNET}}}`;

/** Every property row of the engine as the playbook wants it. */
function wantedRows(): Record<string, string> {
  return Object.fromEntries(
    LEVELS.flatMap(level => [
      [`UserDefinedVMProperties@${level}`, 'audit_tag=^[a-z]+$;diskunmap=^(off|on)$'],
      [`CustomDeviceProperties@${level}`, DEVICES],
      [`UserDefinedNetworkCustomProperties@${level}`, 'site_mtu=^[0-9]+$'],
    ]),
  );
}

async function propertyRows(engine: LabHost): Promise<Record<string, string>> {
  return properties(await readStore(engineStore(engine)));
}

/** The properties that the running engine has read at its start. */
async function loaded(engine: LabHost): Promise<Record<string, string>> {
  return properties(await loadedRows(engine));
}

function properties(rows: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(rows).filter(([row]) => /^(UserDefined|Custom)/.test(row)));
}

async function modeAndOwner(host: LabHost, path: string): Promise<string> {
  const { mode, uid, gid } = await lstat(join(host.root, path));
  return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
}

async function rpmVerify(host: LabHost): Promise<string> {
  const { stdout } = await host.exec(['rpm', '-V', '--nomtime', ...PACKAGES], { reject: false });
  return stdout;
}

test.serial(
  'apply from nothing: packages, placement, permissions, properties, one restart, healthy',
  async t => {
    const { kvm, engine, control } = t.context;
    const { report, exitCode, stderr } = await control.json('apply', 'site.yml', '-i', 'hosts.ini');
    t.is(exitCode, 0, stderr);
    t.deepEqual(report.totals, {
      ok: 0,
      changed: 5,
      drifted: 0,
      skipped: 0,
      cancelled: 0,
      unreachable: 0,
      failed: 0,
    });
    for (const host of kvm) {
      const { stdout } = await host.exec('rpm -qa "vdsm-hook-*" --qf "%{NAME}\\n" | sort');
      t.deepEqual(stdout.trim().split('\n'), PACKAGES);
      t.is(await rpmVerify(host), '');
      t.is(await modeAndOwner(host, `${HOOKS}/before_vm_start/50_diskunmap`), '755 0:0');
      t.is(await modeAndOwner(host, 'etc/sudoers.d/50_vdsm_hook_vhostmd'), '440 0:0');
      t.is(await modeAndOwner(host, 'usr/libexec/vdsm/suidhelper'), '4750 0:36');
      t.true((await lstat(join(host.root, HOOKS, 'before_vm_dehibernate/50_vhostmd'))).isSymbolicLink());
    }
    t.deepEqual(await propertyRows(engine), wantedRows());
    t.deepEqual(await loaded(engine), wantedRows(), 'the running engine has read them');
    t.is(await engineStarts(engine), 2, 'the first start, and one restart');
    t.regex(await engineHealth(engine), /^200 DB Up!/);
    await t.throwsAsync(access(join(engine.root, 'var/lib/hookfleet/restart-due')), { code: 'ENOENT' });
    const rows = report.hosts['engine-1']?.changes.map(({ action, id }) => `${action} ${id}`) ?? [];
    t.is(rows.length, 3 * LEVELS.length + 1);
    t.is(rows.at(-1), 'restart ovirt-engine');
  },
);

test.serial('apply again: nothing changes, no restart, one connection and one exec a host', async t => {
  const { kvm, engine, control } = t.context;
  const hosts = [...kvm, engine];
  await Promise.all(hosts.map(host => host.resetSshLog()));
  const callsBefore = (await readCalls(engineStore(engine))).length;
  const { report, exitCode } = await control.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 0);
  t.is(report.totals.ok, 5);
  t.deepEqual(
    Object.values(report.hosts).flatMap(host => host.changes),
    [],
  );
  for (const host of hosts) {
    t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 }, host.name);
  }
  t.is(await engineStarts(engine), 2);
  const calls = (await readCalls(engineStore(engine))).slice(callsBefore);
  t.is(calls.length, 3, 'one engine-config call a key');
});

test.serial(
  'drift of every kind on several hosts: check finds exactly that, and changes nothing',
  async t => {
    const { kvm, engine, control } = t.context;
    const [first, second, third, fourth] = kvm.map(host => host.root) as [string, string, string, string];
    // One package with a file missing, a wrong mode and a wrong owner at once.
    await rm(join(first, HOOKS, 'after_vm_destroy/50_vhostmd'));
    await chmod(join(first, HOOKS, 'before_vm_start/50_vhostmd'), 0o644);
    await chown(join(first, 'etc/sudoers.d/50_vdsm_hook_vhostmd'), 36, 36);
    // Type, link target, content.
    await rm(join(second, HOOKS, 'before_vm_start/50_diskunmap'));
    await mkdir(join(second, HOOKS, 'before_vm_start/50_diskunmap'));
    await rm(join(second, HOOKS, 'before_vm_migrate_destination/50_vhostmd'));
    await symlink('/dev/null', join(second, HOOKS, 'before_vm_migrate_destination/50_vhostmd'));
    await appendFile(join(second, HOOKS, 'before_device_create/50_extnet'), '# changed\n');
    // A file replaced by a link to something else: nothing may be done through it.
    await rm(join(third, HOOKS, 'before_nic_hotplug/50_extnet'));
    await symlink('/etc/shadow', join(third, HOOKS, 'before_nic_hotplug/50_extnet'));
    // Set-id bits lost, and a package gone.
    await chmod(join(third, 'usr/libexec/vdsm/suidhelper'), 0o750);
    await kvm[2]?.exec(['rpm', '-e', 'vdsm-hook-openstacknet']);
    // An edited configuration file is a note; a wrong owner with set-id bits mends both.
    await appendFile(join(fourth, 'etc/vdsm/siteaudit.conf'), 'edited = true\n');
    await chown(join(fourth, 'usr/libexec/vdsm/suidhelper'), 36, 36);
    await chmod(join(fourth, 'usr/libexec/vdsm/suidhelper'), 0o4750);
    // On the engine: one property another value, one gone, one foreign that must live on.
    await engineConfig(engine, 'UserDefinedVMProperties=foreign=^x{1,3}$;diskunmap=^other$', '4.7');
    await engineConfig(
      engine,
      `CustomDeviceProperties={type=disk;prop={mine=^1$}};{type=interface;prop={${SECURITY_GROUPS}}}`,
      '4.8',
    );
    await engine.exec('systemctl restart ovirt-engine');
    await healthy(engine);
    const before = await Promise.all(kvm.map(rpmVerify));
    const startsBefore = await engineStarts(engine);

    const { report, exitCode } = await control.json('check', 'site.yml', '-i', 'hosts.ini');
    t.is(exitCode, 3);
    t.is(report.totals.drifted, 5);
    const found = Object.fromEntries(
      Object.entries(report.hosts).map(([name, host]) => [
        name,
        host.changes.map(({ action, id }) => `${action} ${id}`).sort(),
      ]),
    );
    t.deepEqual(found, {
      'kvm-1': [
        'mode vhostmd /usr/libexec/vdsm/hooks/before_vm_start/50_vhostmd',
        'owner vhostmd /etc/sudoers.d/50_vdsm_hook_vhostmd',
        'reinstall vhostmd /usr/libexec/vdsm/hooks/after_vm_destroy/50_vhostmd',
      ],
      'kvm-2': [
        'reinstall diskunmap /usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap',
        'reinstall extnet /usr/libexec/vdsm/hooks/before_device_create/50_extnet',
        'reinstall vhostmd /usr/libexec/vdsm/hooks/before_vm_migrate_destination/50_vhostmd',
      ],
      'kvm-3': [
        'install openstacknet',
        'mode vdsm-hook-suidhelper /usr/libexec/vdsm/suidhelper',
        'reinstall extnet /usr/libexec/vdsm/hooks/before_nic_hotplug/50_extnet',
      ],
      'kvm-4': ['owner vdsm-hook-suidhelper /usr/libexec/vdsm/suidhelper'],
      'engine-1': [
        'restart ovirt-engine',
        'set CustomDeviceProperties 4.8',
        'set UserDefinedVMProperties 4.7',
      ],
    });
    t.regex(
      report.hosts['kvm-4']?.notes.join() ?? '',
      /siteaudit\.conf of vdsm-hook-siteaudit is a configuration file and was edited/,
    );
    t.deepEqual(await Promise.all(kvm.map(rpmVerify)), before, 'a check changes nothing on any host');
    t.is(await engineStarts(engine), startsBefore);
  },
);

test.serial('apply mends exactly that, and a check finds nothing more', async t => {
  const { kvm, engine, control } = t.context;
  const shadow = await modeAndOwner(kvm[2] as LabHost, 'etc/shadow');
  const startsBefore = await engineStarts(engine);
  const { report, exitCode, stderr } = await control.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 0, stderr);
  t.is(report.totals.changed, 5);
  for (const host of kvm) {
    t.regex(
      await rpmVerify(host),
      host.name === 'kvm-4' ? /^S\.5\S+ +c \/etc\/vdsm\/siteaudit\.conf\n?$/ : /^$/,
      host.name,
    );
  }
  t.is(await modeAndOwner(kvm[2] as LabHost, 'etc/shadow'), shadow, 'nothing was done through the link');
  t.deepEqual(await propertyRows(engine), {
    ...wantedRows(),
    'UserDefinedVMProperties@4.7': 'foreign=^x{1,3}$;diskunmap=^(off|on)$;audit_tag=^[a-z]+$',
    'CustomDeviceProperties@4.8': `{type=disk;prop={mine=^1$}};${DEVICES}`,
  });
  t.is(await engineStarts(engine), startsBefore + 1);
  const check = await control.json('check', 'site.yml', '-i', 'hosts.ini');
  t.is(check.exitCode, 0);
  t.is(check.report.totals.ok, 5);
});

test.serial(
  'killed after the first property was set: the next apply sets the rest and restarts exactly once',
  async t => {
    const { engine, control } = t.context;
    for (const level of LEVELS) {
      await engineConfig(engine, 'UserDefinedVMProperties=foreign=^x$', level);
    }
    await engine.exec('systemctl restart ovirt-engine');
    await healthy(engine);
    const startsBefore = await engineStarts(engine);
    await changeEngine(engine, { delayMs: 10, afterWriteMs: 500 });
    const killed = control.start('apply', 'site.yml', '-i', 'hosts.ini');
    await until(async () =>
      Object.values(await propertyRows(engine)).some(value => value.startsWith('foreign=^x$;audit_tag')),
    );
    killed.kill('SIGKILL');
    await killed;
    // The host finishes the step that it is in, and no more: nobody listens to it any longer.
    await sleep(2500);
    await changeEngine(engine, { delayMs: 10 });
    t.is(await engineStarts(engine), startsBefore, 'killed before the restart');
    const halfway = Object.values(await propertyRows(engine)).filter(value =>
      value.startsWith('foreign=^x$;audit_tag'),
    );
    t.true(
      halfway.length >= 1 && halfway.length < LEVELS.length,
      `${halfway.length} of ${LEVELS.length} were set`,
    );

    const check = await control.json('check', 'site.yml', '-i', 'hosts.ini');
    t.is(check.exitCode, 3);
    t.true(check.report.hosts['engine-1']?.changes.some(({ action }) => action === 'restart'));
    t.is(await engineStarts(engine), startsBefore);

    const { exitCode, stderr } = await control.run('apply', 'site.yml', '-i', 'hosts.ini');
    t.is(exitCode, 0, stderr);
    t.is(await engineStarts(engine), startsBefore + 1, 'exactly one restart');
    t.deepEqual(await loaded(engine), await propertyRows(engine));
    const rows = await propertyRows(engine);
    for (const level of LEVELS) {
      t.is(rows[`UserDefinedVMProperties@${level}`], 'foreign=^x$;audit_tag=^[a-z]+$;diskunmap=^(off|on)$');
    }
    const again = await control.run('apply', 'site.yml', '-i', 'hosts.ini');
    t.is(again.exitCode, 0);
    t.is(await engineStarts(engine), startsBefore + 1);
  },
);

test.serial(
  'killed between the last property and the restart: the next apply restarts, though nothing is left to set',
  async t => {
    const { engine, control } = t.context;
    await engineConfig(engine, 'UserDefinedVMProperties=foreign=^x$', '4.8');
    await engine.exec('systemctl restart ovirt-engine');
    await healthy(engine);
    const startsBefore = await engineStarts(engine);
    await changeEngine(engine, { delayMs: 10, afterWriteMs: 1500 });
    const killed = control.start('apply', 'site.yml', '-i', 'hosts.ini');
    await until(
      async () => (await propertyRows(engine))['UserDefinedVMProperties@4.8']?.includes('audit_tag') ?? false,
    );
    killed.kill('SIGKILL');
    await killed;
    await sleep(3000);
    await changeEngine(engine, { delayMs: 10 });
    t.is(await engineStarts(engine), startsBefore);
    const { report, exitCode } = await control.json('apply', 'site.yml', '-i', 'hosts.ini');
    t.is(exitCode, 0);
    t.deepEqual(
      report.hosts['engine-1']?.changes.map(({ action }) => action),
      // The lock that was left goes too.
      ['remove', 'restart'],
    );
    t.is(await engineStarts(engine), startsBefore + 1);
  },
);

async function engineConfig(engine: LabHost, setting: string, level: string): Promise<void> {
  await engine.exec(['env', 'LC_ALL=C.UTF-8', 'engine-config', '-s', setting, `--cver=${level}`]);
}

async function healthy(engine: LabHost): Promise<void> {
  await until(async () => (await engineHealth(engine)).startsWith('200 '));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error('Waited for a minute in vain');
    }
    await sleep(20);
  }
}
