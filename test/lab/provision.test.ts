import { access, chmod, copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Control, makeControl } from './fleet.ts';
import type { HostOptions, LabHost } from './host.ts';
import { boot } from './in-test.ts';

const RUN = ['site.yml', '-i', 'hosts.ini'] as const;
const HOOKS = 'usr/libexec/vdsm/hooks';

async function setUp(
  t: ExecutionContext,
  playbook: string,
  options: HostOptions = {},
): Promise<{ host: LabHost; control: Control }> {
  const host = await boot(t, { name: 'kvm', ...options });
  const control = await makeControl({ hypervisors: [host] });
  t.teardown(() => control.remove());
  await control.write('site.yml', playbook);
  return { host, control };
}

/** A file of the control machine's folder, with the folders above it. */
async function file(control: Control, path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(join(control.folder, path, '..'), { recursive: true });
  await writeFile(join(control.folder, path), text);
  await chmod(join(control.folder, path), mode);
}

async function key(host: LabHost, control: Control, name: string): Promise<void> {
  await mkdir(join(control.folder, 'files'), { recursive: true });
  await copyFile(join(host.root, 'srv/signed', name), join(control.folder, 'files', name));
}

function signed(repository: string, keyFile: string): string {
  return `- hosts: hypervisors
  become: true
  repositories:
    - id: site-hooks
      baseurl: file:///srv/signed/${repository}
      gpgkey: files/${keyFile}
  vdsm_hooks: [vdsm-hook-sitelog]
`;
}

test('a hook from a repository of the playbook’s own, signed with the key beside it', async t => {
  const { host, control } = await setUp(t, signed('signed', 'good.asc'));
  await key(host, control, 'good.asc');
  const check = await control.json('check', ...RUN);
  t.is(check.exitCode, 3, check.stderr);
  t.is((await host.exec('ls /etc/yum.repos.d/')).stdout.includes('site-hooks'), false);
  const { exitCode, stdout } = await control.run('apply', ...RUN);
  t.is(exitCode, 0, stdout);
  t.regex(await readFile(join(host.root, 'etc/yum.repos.d/site-hooks.repo'), 'utf8'), /^gpgcheck ?= ?1$/m);
  t.regex((await host.exec('rpm -q vdsm-hook-sitelog')).stdout, /sitelog-1\.0/);
  await host.resetSshLog();
  const again = await control.json('apply', ...RUN);
  t.is(again.report.hosts.kvm?.outcome, 'ok');
  t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 });
});

const SIGNATURES: readonly (readonly [title: string, repository: string, key: string, told: RegExp])[] = [
  ['signed by another key', 'wrongkey', 'good.asc', /sign|key/i],
  ['not signed at all', 'unsigned', 'good.asc', /not signed/],
  ['signed by a key that has expired', 'expired', 'expired.asc', /expired/],
];

for (const [title, repository, keyFile, told] of SIGNATURES) {
  test(`a package ${title} is not installed, and the error says so`, async t => {
    const { host, control } = await setUp(t, signed(repository, keyFile));
    await key(host, control, keyFile);
    const { exitCode, report } = await control.json('apply', ...RUN);
    t.is(exitCode, 1);
    t.regex(JSON.stringify(report.hosts.kvm?.error), told);
    t.truthy(report.hosts.kvm?.error?.hint);
    t.not((await host.exec('rpm -q vdsm-hook-sitelog', { reject: false })).exitCode, 0);
  });
}

test('a repository without a key, or with a key that is none, is input error: no host is contacted', async t => {
  const { host, control } = await setUp(
    t,
    '- hosts: hypervisors\n  become: true\n  repositories:\n    - { id: site, baseurl: "file:///srv/signed/signed" }\n    - { id: other, baseurl: "file:///x", gpgkey: files/none.asc }\n',
  );
  await host.resetSshLog();
  const { exitCode, stdout, stderr } = await control.run('apply', ...RUN);
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.regex(stderr, /^site\.yml:4:\d+: .*key/m);
  t.regex(stderr, /^site\.yml:5:\d+: files\/none\.asc does not exist/m);
  t.deepEqual(await host.sshLog(), { connections: 0, execs: 0 });
});

test('a password stands in the host’s file alone, which only root may read, and nowhere else', async t => {
  const { host, control } = await setUp(
    t,
    `- hosts: hypervisors
  become: true
  repositories:
    - id: private
      baseurl: https://repo.example.org/private
      enabled: false
      gpgcheck: false
      username: ann
      password: { file: secret }
`,
  );
  await file(control, 'secret', 's3cr3t-w0rd\n', 0o600);
  const outputs = [
    await control.run('check', ...RUN, '--diff', '-v'),
    await control.run('apply', ...RUN, '--diff', '-v'),
    await control.run('apply', ...RUN, '--json'),
  ];
  t.is(outputs[1]?.exitCode, 0);
  for (const { stdout, stderr } of outputs) {
    t.false(`${stdout}${stderr}`.includes('s3cr3t-w0rd'));
  }
  t.regex(outputs[2]?.stdout ?? '', /gpgcheck is off/);
  const path = join(host.root, 'etc/yum.repos.d/private.repo');
  t.regex(await readFile(path, 'utf8'), /^password ?= ?s3cr3t-w0rd$/m);
  t.is((await stat(path)).mode & 0o7777, 0o600);
});

const OWN = `- hosts: hypervisors
  become: true
  vdsm_hooks:
    - { name: site_audit, source: hooks/site_audit }
`;

test('a site’s own scripts are placed, drift of them is found and mended, and they go when they are no longer wanted', async t => {
  const { host, control } = await setUp(t, OWN);
  await file(control, 'hooks/site_audit/before_vm_start/50_site_audit', '#!/bin/sh\nexit 0\n', 0o755);
  await file(control, 'hooks/site_audit/after_vm_destroy/50_site_audit', '#!/bin/sh\nexit 0\n', 0o755);
  t.is((await control.run('check', ...RUN)).exitCode, 3);
  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  const placed = join(host.root, HOOKS, 'before_vm_start/50_site_audit');
  t.is(await readFile(placed, 'utf8'), '#!/bin/sh\nexit 0\n');
  const { mode, uid } = await stat(placed);
  t.deepEqual([mode & 0o7777, uid], [0o755, 0]);
  t.is((await control.json('apply', ...RUN)).report.hosts.kvm?.outcome, 'ok');

  await chmod(placed, 0o644);
  await writeFile(join(host.root, HOOKS, 'after_vm_destroy/50_site_audit'), '#!/bin/sh\nexit 1\n');
  const drift = await control.json('check', ...RUN);
  t.is(drift.exitCode, 3);
  t.deepEqual(drift.report.hosts.kvm?.changes.map(({ action }) => action).sort(), ['content', 'mode']);
  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  t.is((await control.run('check', ...RUN)).exitCode, 0);

  await control.write('site.yml', OWN.replace('source:', 'state: absent, source:'));
  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  await t.throwsAsync(access(placed), { code: 'ENOENT' });
});

test('a host that leaves the play of a hook has it as drift, whatever other plays are for it', async t => {
  const { host, control } = await setUp(t, '');
  await file(control, 'hooks/a/before_vm_start/50_a', '#!/bin/sh\nexit 0\n', 0o755);
  await file(control, 'hooks/b/before_vm_start/60_b', '#!/bin/sh\nexit 0\n', 0o755);
  await control.write(
    'hosts.ini',
    `${await readFile(join(control.folder, 'hosts.ini'), 'utf8')}[far]\nelsewhere\n`,
  );
  const plays = (second: string) => `- hosts: kvm
  become: true
  unmanaged: remove
  vdsm_hooks: [{ name: a, source: hooks/a }]
- hosts: ${second}
  become: true
  vdsm_hooks: [{ name: b, source: hooks/b }]
`;
  await control.write('site.yml', plays('kvm'));
  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  t.is((await control.run('check', ...RUN)).exitCode, 0, 'each play leaves the other’s alone');
  await control.write('site.yml', plays('far'));
  const { report } = await control.json('check', ...RUN);
  t.deepEqual(
    report.hosts.kvm?.changes.map(({ action, id }) => `${action} ${id}`),
    [`remove b /${HOOKS}/before_vm_start/60_b`],
  );
  t.true((await host.exec(`ls /${HOOKS}/before_vm_start`)).stdout.includes('60_b'));
});

test('behind an event folder that is a link nothing is removed and nothing is placed', async t => {
  const { host, control } = await setUp(t, OWN.replace('become: true', 'become: true\n  unmanaged: remove'));
  await file(control, 'hooks/site_audit/after_vm_pause/50_site_audit', '#!/bin/sh\nexit 0\n', 0o755);
  const link = (event: string) =>
    host.exec(
      `mkdir -p /opt/other/${event} && printf '#!/bin/sh\\n' >/opt/other/${event}/precious && chmod 755 /opt/other/${event}/precious && rm -rf /${HOOKS}/${event} && ln -s /opt/other/${event} /${HOOKS}/${event}`,
    );
  await link('after_vm_pause');
  const placing = await control.json('apply', ...RUN);
  t.is(placing.exitCode, 1);
  t.regex(
    placing.report.hosts.kvm?.error?.message ?? '',
    /after_vm_pause is a link, so nothing behind it is touched$/,
  );
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  unmanaged: remove\n  vdsm_hooks: []\n',
  );
  const removing = await control.json('apply', ...RUN);
  t.is(removing.exitCode, 1);
  t.regex(
    removing.report.hosts.kvm?.error?.message ?? '',
    /after_vm_pause is a link, so nothing behind it is touched$/,
  );
  t.is((await host.exec('ls /opt/other/after_vm_pause')).stdout, 'precious\n');
});

test('a script that would break every VM start is told with its line before anything is copied', async t => {
  const { host, control } = await setUp(t, OWN);
  await file(control, 'hooks/site_audit/before_vm_start/50_site_audit', '#!/bin/sh\r\nexit 0\r\n', 0o755);
  await file(control, 'hooks/site_audit/before_vm_strat/50_x', '#!/bin/sh\n', 0o755);
  await host.resetSshLog();
  const { exitCode, stderr } = await control.run('apply', ...RUN);
  t.is(exitCode, 2);
  t.regex(stderr, /50_site_audit:1:?.*CR/);
  t.regex(stderr, /before_vm_strat[\s\S]*before_vm_start/);
  t.deepEqual(await host.sshLog(), { connections: 0, execs: 0 });
});

test('what should not be there is drift: left alone and listed by apply, removed with unmanaged: remove', async t => {
  const { host, control } = await setUp(
    t,
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n',
  );
  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  const left = join(host.root, HOOKS, 'before_vm_start/50_diskunmap.rpmsave');
  await writeFile(left, '#!/bin/sh\n');
  await chmod(left, 0o755);
  const check = await control.json('check', ...RUN);
  t.is(check.exitCode, 3);
  t.deepEqual(
    check.report.hosts.kvm?.changes.map(({ action }) => action),
    ['unmanaged'],
  );
  const apply = await control.run('apply', ...RUN);
  t.is(apply.exitCode, 0);
  t.regex(apply.stdout, /50_diskunmap\.rpmsave should not be there/);
  t.regex(apply.stdout, /unmanaged: remove/);
  await t.notThrowsAsync(access(left));

  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  unmanaged: remove\n  vdsm_hooks: [diskunmap]\n',
  );
  t.is((await control.run('apply', ...RUN, '-l', 'kvm')).exitCode, 0);
  await t.notThrowsAsync(access(left), '--limit removes nothing');
  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  await t.throwsAsync(access(left), { code: 'ENOENT' });
  t.is((await control.run('check', ...RUN)).exitCode, 0);
});

test('an rpm file beside the playbook is pushed over the same connection, its signature checked like any other', async t => {
  const { host, control } = await setUp(
    t,
    `- hosts: hypervisors
  become: true
  repositories:
    - { id: site-hooks, baseurl: "file:///srv/signed/signed", gpgkey: files/good.asc, enabled: false }
  vdsm_hooks:
    - { name: sitelog, rpm: files/sitelog.rpm }
`,
  );
  await key(host, control, 'good.asc');
  const rpm = (await host.exec('ls /srv/signed/signed/*sitelog*.rpm')).stdout.trim();
  await copyFile(join(host.root, rpm), join(control.folder, 'files/sitelog.rpm'));
  const { exitCode, stdout } = await control.run('apply', ...RUN);
  t.is(exitCode, 0, stdout);
  t.regex((await host.exec('rpm -q vdsm-hook-sitelog')).stdout, /sitelog-1\.0/);
  t.is((await control.json('apply', ...RUN)).report.hosts.kvm?.outcome, 'ok');
  t.is((await host.exec('ls -A /run /tmp /var/tmp | grep -c hookfleet-rpm || true')).stdout.trim(), '0');
});

test('versions: the best of a range, never another package with it, a downgrade only if it is allowed', async t => {
  const { host, control } = await setUp(
    t,
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [{ name: diskunmap, version: "<4.50.6" }]\n',
  );
  t.is((await control.run('apply', ...RUN)).exitCode, 0);
  t.regex((await host.exec('rpm -q vdsm-hook-diskunmap')).stdout, /4\.50\.5/);
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [{ name: diskunmap, version: ">=4.50.6" }]\n',
  );
  const up = await control.json('apply', ...RUN);
  t.deepEqual(
    up.report.hosts.kvm?.changes.map(({ action }) => action),
    ['upgrade'],
  );
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [{ name: diskunmap, version: 4.50.5 }]\n',
  );
  const refused = await control.json('apply', ...RUN);
  t.is(refused.exitCode, 1);
  t.regex(refused.report.hosts.kvm?.error?.hint ?? '', /allow_downgrade: true/);
  await control.write(
    'site.yml',
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [{ name: diskunmap, version: 4.50.5, allow_downgrade: true }]\n',
  );
  const down = await control.json('apply', ...RUN);
  t.is(down.exitCode, 0, down.stderr);
  t.deepEqual(
    down.report.hosts.kvm?.changes.map(({ action }) => action),
    ['downgrade'],
  );
  t.regex(
    (await host.exec('rpm -q vdsm vdsm-hook-diskunmap')).stdout,
    /vdsm-4\.50\.6-1.*\n.*diskunmap-4\.50\.5/,
  );
});

test('the hook that wants the very version of VDSM never moves VDSM: the fitting one is taken', async t => {
  const { host, control } = await setUp(
    t,
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [localdisk]\n',
    { vdsm: '4.50.5' },
  );
  const { exitCode, stdout } = await control.run('apply', ...RUN);
  t.is(exitCode, 0, stdout);
  t.regex(
    (await host.exec('rpm -q vdsm vdsm-hook-localdisk')).stdout,
    /vdsm-4\.50\.5-1.*\n.*localdisk-4\.50\.5/,
  );
});

test('install: the whole story of a hook in one line, which removes nothing', async t => {
  const [host, engine] = await Promise.all([
    boot(t, { name: 'kvm' }),
    boot(t, { name: 'manager', kind: 'engine' }),
  ]);
  const control = await makeControl({ hypervisors: [host], engines: [engine] });
  t.teardown(() => control.remove());
  const stray = join(host.root, HOOKS, 'before_vm_start/99_stray');
  await mkdir(join(stray, '..'), { recursive: true });
  await writeFile(stray, '#!/bin/sh\n');
  await chmod(stray, 0o755);
  // The engine of the lab answers on its own address, which "localhost" of the default URL is not.
  const printed = await control.run('install', 'diskunmap', '-i', 'hosts.ini', '--print-playbook');
  t.is(printed.exitCode, 0);
  await control.write(
    'made.yml',
    printed.stdout.replace(
      '  engine_properties:',
      `  engine_health_url: http://${engine.address}/ovirt-engine/services/health\n  engine_properties:`,
    ),
  );
  t.is((await control.run('apply', 'made.yml', '-i', 'hosts.ini')).exitCode, 0);
  const { report, exitCode } = await control.json('install', 'diskunmap', '-i', 'hosts.ini');
  t.is(exitCode, 0);
  t.is(report.command, 'install');
  t.deepEqual(report.totals, {
    ok: 2,
    changed: 0,
    drifted: 0,
    skipped: 0,
    cancelled: 0,
    unreachable: 0,
    failed: 0,
  });
  await t.notThrowsAsync(access(stray));
});

test('two operators at once never mix on one host: both end well, and the host is changed once', async t => {
  const { control, host } = await setUp(
    t,
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap, extnet, qemucmdline]\n',
  );
  const [one, two] = await Promise.all([control.json('apply', ...RUN), control.json('apply', ...RUN)]);
  t.is(one?.exitCode, 0, one?.stderr);
  t.is(two?.exitCode, 0, two?.stderr);
  const outcomes = [one, two].map(ran => ran?.report.hosts.kvm?.outcome).sort();
  t.deepEqual(outcomes, ['changed', 'ok']);
  t.regex((await host.exec('rpm -q vdsm-hook-diskunmap')).stdout, /diskunmap/);
});
