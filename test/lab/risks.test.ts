import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { vdsmHookResource } from '../../src/resources/vdsm-hook/vdsm-hook.ts';
import { type Control, makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { asText, bring } from './on-host.ts';
import { buildSamples, offer } from './sample-rpm.ts';

const CONF = 'etc/vhostmd/vhostmd.conf';
const HOOK = 'usr/libexec/vdsm/hooks/before_vm_start/50_fileinject';

/** The hook requires nothing of what it needs, as a package that somebody has rebuilt may. */
const SAMPLES = [{ name: 'vdsm-hook-fileinject', file: `/${HOOK}` }, { name: 'python3-libguestfs' }];

let all = '';
let alone = '';

test.before(async () => {
  all = await buildSamples(SAMPLES);
  alone = await buildSamples(SAMPLES.slice(0, 1));
});

async function controlOf(t: ExecutionContext, hosts: readonly LabHost[]): Promise<Control> {
  const control = await makeControl({ hypervisors: hosts });
  t.teardown(() => control.remove());
  await control.write(
    'hosts.ini',
    (await readFile(join(control.folder, 'hosts.ini'), 'utf8')).replace('[engine]\n', ''),
  );
  return control;
}

const packagesOf = async (host: LabHost) => (await host.exec('rpm -qa | sort')).stdout;

async function putConf(host: LabHost, text: string): Promise<void> {
  await mkdir(join(host.root, 'etc/vhostmd'), { recursive: true });
  await writeFile(join(host.root, CONF), text);
}

const PLAYBOOK = `- hosts: hypervisors
  become: true
  max_fail_percentage: 100
  packages: [qemu-kvm]
  vdsm_hooks: [diskunmap, vhostmd]
`;

test('only the host where vhostmd.conf is no XML is refused, with nothing changed there, and with consent it gets the hook', async t => {
  const [broken, good] = await Promise.all([boot(t, { name: 'hv1' }), boot(t, { name: 'hv2' })]);
  await putConf(broken, '<vhostmd><globals></vhostmd>\n');
  await putConf(good, '<vhostmd/>\n');
  const control = await controlOf(t, [broken, good]);
  await control.write('site.yml', PLAYBOOK);
  const before = await packagesOf(broken);

  const check = await control.json('check', 'site.yml', '-i', 'hosts.ini');
  t.is(check.exitCode, 3, check.stderr);
  const [drifted] = [check.report.hosts.hv1];
  t.is(drifted?.outcome, 'drifted');
  t.true(drifted?.changes.some(({ action, id }) => action === 'install' && id === 'vhostmd'));
  t.regex(
    drifted?.notes.join('\n') ?? '',
    /no well-formed XML \(mismatched tag: line 1, column \d+\).*accept_risk/,
  );
  t.deepEqual(
    check.report.hosts.hv2?.notes.filter(note => note.includes('vhostmd')),
    [],
  );

  const apply = await control.json('apply', 'site.yml', '-i', 'hosts.ini', '--yes');
  t.is(apply.exitCode, 1, apply.stderr);
  const { outcome, changes, error } = apply.report.hosts.hv1 ?? {};
  t.deepEqual([outcome, changes, error?.kind], ['failed', [], 'dangerous']);
  t.regex(
    error?.message ?? '',
    /^\/etc\/vhostmd\/vhostmd\.conf of this host is no well-formed XML .* no VM would start/,
  );
  t.regex(error?.hint ?? '', /Put a well-formed .*accept_risk: true.*--accept-risk vhostmd/);
  t.is(await packagesOf(broken), before);
  t.is(apply.report.hosts.hv2?.outcome, 'changed');
  t.is((await good.exec('rpm -q vdsm-hook-vhostmd', { reject: false })).exitCode, 0);

  const install = ['install', 'vhostmd', '-i', 'hosts.ini', '-l', 'hv1', '--no-engine', '--yes'];
  t.is((await control.run(...install)).exitCode, 1);
  t.is(await packagesOf(broken), before);
  const accepted = await control.json(...install, '--accept-risk', 'vhostmd');
  t.is(accepted.report.hosts.hv1?.outcome, 'changed', accepted.stderr);

  const again = await control.json('check', 'site.yml', '-i', 'hosts.ini', '-l', 'hv1');
  t.deepEqual(
    again.report.hosts.hv1?.changes.filter(({ id }) => id === 'vhostmd').map(({ action }) => action),
    ['risk'],
    'without the word of consent it is drift',
  );
  await control.write('accepted.yml', PLAYBOOK.replace('vhostmd]', '{ name: vhostmd, accept_risk: true }]'));
  t.is((await control.run('apply', 'accepted.yml', '-i', 'hosts.ini', '-l', 'hv1', '--yes')).exitCode, 0);
  t.is((await control.run('check', 'accepted.yml', '-i', 'hosts.ini', '-l', 'hv1')).exitCode, 0);
});

const vhostmd = {
  name: 'vhostmd',
  package: 'vdsm-hook-vhostmd',
  state: 'present' as const,
  risk: 'no-vhostmd-conf' as const,
};

test('where the package of vhostmd brings its settings, the hook comes together with them', async t => {
  const host = await boot(t);
  const { planned, made, failed, left } = await bring(host, vdsmHookResource, [vhostmd]);
  t.is(failed, null, failed?.stderr);
  t.deepEqual(planned.blocked, []);
  t.regex(planned.notes.join(), /only together with \/etc\/vhostmd\/vhostmd\.conf/);
  t.true(asText(made).some(text => text.startsWith('install vhostmd: (none) -> vhostmd-')));
  t.deepEqual([left.changes, left.blocked, left.notes], [[], [], []]);
  // Somebody takes them away: every VM start fails from now on.
  await rm(join(host.root, CONF));
  const gone = await bring(host, vdsmHookResource, [vhostmd]);
  t.deepEqual(
    gone.planned.blocked.map(({ change, refusesHost }) => [change.action, refusesHost]),
    [['risk', undefined]],
  );
});

test('where the settings are gone, and vhostmd itself is there, or user vdsm may not read them, the hook is refused', async t => {
  const host = await boot(t);
  await host.exec('dnf -y -q install vhostmd');
  await host.exec('chmod 0600 /etc/vhostmd/vhostmd.conf');
  const unreadable = await bring(host, vdsmHookResource, [vhostmd]);
  t.regex(unreadable.planned.blocked[0]?.message ?? '', /^User vdsm cannot read .*Permission denied/);
  await rm(join(host.root, CONF));
  const gone = await bring(host, vdsmHookResource, [vhostmd]);
  t.regex(gone.planned.blocked[0]?.message ?? '', /^\/etc\/vhostmd\/vhostmd\.conf is not on this host/);
  t.true(gone.planned.blocked[0]?.refusesHost);
  t.deepEqual([unreadable.planned.changes, gone.planned.changes], [[], []]);
});

const fileinject = {
  name: 'fileinject',
  package: 'vdsm-hook-fileinject',
  state: 'present' as const,
  risk: 'no-guestfs' as const,
};

test('fileinject comes only together with python3-libguestfs, whatever its package requires', async t => {
  const host = await boot(t);
  await offer(host, alone);
  const before = await packagesOf(host);
  const { failed } = await bring(host, vdsmHookResource, [fileinject]);
  t.regex(
    failed?.message ?? '',
    /^python3-libguestfs is not on this host, and no enabled repository has it: /,
  );
  t.regex(failed?.hint ?? '', /^Install python3-libguestfs there.*accept_risk: true/);
  t.is(await packagesOf(host), before);
  await offer(host, all);
  const both = await bring(host, vdsmHookResource, [fileinject]);
  t.is(both.failed, null, both.failed?.stderr);
  t.deepEqual(
    both.made.map(({ action, id }) => `${action} ${id}`),
    ['install fileinject', 'install python3-libguestfs'],
  );
  t.regex(both.left.notes.join(), /python3 of this host cannot import guestfs, although/);
});

test('a module guestfs that came by itself is as good, and a hook whose module is gone is drift', async t => {
  const host = await boot(t);
  await offer(host, alone);
  const folder = (
    await host.exec('python3 -c \'import sysconfig; print(sysconfig.get_path("purelib"))\'')
  ).stdout.trim();
  const file = join(host.root, folder, 'guestfs.py');
  await mkdir(join(host.root, folder), { recursive: true });
  await writeFile(file, '');
  const { failed, left } = await bring(host, vdsmHookResource, [fileinject]);
  t.is(failed, null, failed?.stderr);
  t.deepEqual([left.changes, left.blocked, left.notes], [[], [], []]);
  await rm(file);
  const { planned } = await bring(host, vdsmHookResource, [fileinject]);
  t.regex(
    planned.blocked[0]?.message ?? '',
    /^python3-libguestfs is not on this host: .* no VM starts there/,
  );
});
