import { access, appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeControl } from './fleet.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';

const HOOKS = 'usr/libexec/vdsm/hooks';
const DISKUNMAP = `${HOOKS}/before_vm_start/50_diskunmap`;

const PLAYBOOK = `
- hosts: hypervisors
  become: true
  vdsm_hooks: [diskunmap]
`;

/** A control machine for the hosts, with a playbook. */
async function control(
  t: ExecutionContext,
  hypervisors: readonly LabHost[],
  playbook: string,
  user?: string,
) {
  const made = await makeControl({ hypervisors }, user);
  t.teardown(() => made.remove());
  await made.write('site.yml', playbook);
  return made;
}

test('a host down, one unknown, one with a changed key, one without login, one without sudo, one with a full disk, one with a broken repository: each says so, and the others are done', async t => {
  const names = ['good', 'unknown', 'changed', 'login', 'sudo', 'full', 'repository', 'root'];
  const hosts = await Promise.all(
    names.map(name => boot(t, { name, ...(name === 'full' ? { diskSize: '3m' } : {}) })),
  );
  const host = Object.fromEntries(hosts.map(one => [one.name, one])) as Record<string, LabHost>;
  const made = await control(t, hosts, PLAYBOOK);
  const knownHosts = join(made.folder, 'home/.ssh/known_hosts');
  const lines = (await readFile(knownHosts, 'utf8')).split('\n');
  const of = (name: string) => (line: string) => line.startsWith(`${host[name]?.address} `);
  const otherKey = lines.find(of('good'))?.split(' ').slice(1).join(' ');
  await writeFile(
    knownHosts,
    [
      ...lines.filter(line => !of('unknown')(line) && !of('changed')(line)),
      `${host.changed?.address} ${otherKey}`,
      '',
    ].join('\n'),
  );
  await made.write(
    'hosts.ini',
    [
      '[hypervisors]',
      ...hosts.map(({ name, address }) => `${name} ansible_host=${address}`),
      'down ansible_host=127.0.3.250',
      'nowhere ansible_host=nowhere.invalid',
      'login ansible_user=nobody',
      'sudo ansible_user=nosudo',
      'root ansible_user=root',
      '[all:vars]',
      'ansible_user=ops',
      '',
    ].join('\n'),
  );
  await host.full?.exec('dd if=/dev/zero of=/var/tmp/filling bs=64k 2>/dev/null || true');
  await host.repository?.exec(
    'rm -rf /var/cache/dnf; sed -i "s,^baseurl=.*,baseurl=file:///srv/nowhere," /etc/yum.repos.d/*.repo',
  );

  const { report, exitCode, stderr } = await made.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1, stderr);
  const told = Object.fromEntries(
    Object.entries(report.hosts).map(([name, { outcome, error }]) => [
      name,
      `${outcome} ${error?.kind ?? ''}`.trim(),
    ]),
  );
  t.deepEqual(told, {
    good: 'changed',
    root: 'changed',
    unknown: 'unreachable host-key-unknown',
    changed: 'unreachable host-key-changed',
    down: 'unreachable refused',
    nowhere: 'unreachable name',
    login: 'unreachable authentication',
    sudo: 'failed become',
    full: 'failed apply',
    repository: 'failed apply',
  });
  const message = (name: string) => report.hosts[name]?.error?.message ?? '';
  t.regex(message('unknown'), /SHA256:[A-Za-z0-9+/]{43}/);
  t.regex(message('changed'), /SHA256:[A-Za-z0-9+/]{43}/);
  t.regex(message('full'), /disk of this host is full/);
  t.regex(message('repository'), /repository lab of this host cannot be read/);
  for (const [name, { error }] of Object.entries(report.hosts)) {
    t.true(error === null || (error.hint ?? '').length > 0, `${name} has a hint`);
  }
  await t.notThrowsAsync(access(join(host.good?.root ?? '', DISKUNMAP)));
  await t.throwsAsync(access(join(host.full?.root ?? '', DISKUNMAP)), { code: 'ENOENT' });

  const text = await made.run('check', 'site.yml', '-i', 'hosts.ini');
  t.is(text.exitCode, 1);
  t.notRegex(text.stdout + text.stderr, /\n\s+at .*\.(?:js|ts):\d+/, 'no stack trace');
  t.regex(text.stderr, /Next: hookfleet trust .*unknown/);
  t.regex(text.stderr, /Then: hookfleet check site\.yml -i hosts\.ini -l \S*unknown/);
});

test('a hook that is gone upstream is installed where a repository has it; elsewhere the error says since when and what to do', async t => {
  const [with_, without, plain] = await Promise.all([
    boot(t, { name: 'with' }),
    boot(t, { name: 'without' }),
    boot(t, { name: 'plain', vdsm: 'none' }),
  ]);
  for (const host of [with_, plain]) {
    await host.exec('sed -i s/^enabled=0/enabled=1/ /etc/yum.repos.d/*.repo');
  }
  const made = await control(
    t,
    [with_, without, plain],
    '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [macspoof]\n',
  );
  const { report, exitCode } = await made.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  t.is(report.hosts.with?.outcome, 'changed');
  t.deepEqual(report.hosts.with?.notes, []);
  t.is(report.hosts.without?.outcome, 'failed');
  t.regex(report.hosts.without?.error?.message ?? '', /vdsm-hook-macspoof .*gone from VDSM since 4\.40\.1/);
  t.regex(report.hosts.without?.error?.hint ?? '', /vNIC profile/);
  t.is(report.hosts.plain?.outcome, 'changed');
  t.regex(report.hosts.plain?.notes.join() ?? '', /VDSM is not installed/);
});

test('hooks that are broken as shipped are told by name: a missing interpreter, a CR; and a noexec mount', async t => {
  const [broken, mounted] = await Promise.all([boot(t, { name: 'broken' }), boot(t, { name: 'mounted' })]);
  const made = await control(
    t,
    [broken, mounted],
    `- hosts: broken
  become: true
  vdsm_hooks: [vdsm-hook-brokeninterp, vdsm-hook-crlf, diskunmap]
- hosts: mounted
  become: true
  vdsm_hooks: [diskunmap]
`,
  );
  await mounted.exec(
    'dnf -y -q install vdsm-hook-diskunmap && mount --bind /usr/libexec/vdsm /usr/libexec/vdsm && mount -o remount,bind,noexec /usr/libexec/vdsm',
  );
  const { report, exitCode } = await made.json('apply', 'site.yml', '-i', 'hosts.ini', '-l', 'broken');
  t.is(exitCode, 1);
  t.like(report.hosts.broken, { outcome: 'failed', error: { kind: 'verify' } });
  t.regex(report.hosts.broken?.error?.message ?? '', /interpreter \/usr\/bin\/python2 is not on this host/);
  t.regex(report.hosts.broken?.error?.message ?? '', /ends in CR LF/);
  await t.notThrowsAsync(access(join(broken.root, DISKUNMAP)), 'what is not broken is there');
  const check = await made.json('check', 'site.yml', '-i', 'hosts.ini', '-l', 'mounted');
  t.is(check.exitCode, 3);
  t.deepEqual(
    check.report.hosts.mounted?.changes.map(({ action }) => action),
    ['noexec'],
  );
  t.regex(check.report.hosts.mounted?.notes.join() ?? '', /\/usr\/libexec\/vdsm, which is mounted noexec/);
});

test('a version that no enabled repository has any more is not reinstalled, and nothing is touched', async t => {
  const host = await boot(t, { name: 'kvm' });
  const made = await control(t, [host], PLAYBOOK);
  t.is((await made.run('apply', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
  await appendFile(join(host.root, DISKUNMAP), '# changed\n');
  // Another repository than the one it came from is all that is left.
  await host.exec(
    `chmod 600 /${DISKUNMAP}; sed -i "s/^enabled=1/enabled=x/; s/^enabled=0/enabled=1/; s/^enabled=x/enabled=0/" /etc/yum.repos.d/*.repo`,
  );
  const before = await host.exec(`stat -c "%a %u %Y %Z" /${DISKUNMAP}; sha256sum /${DISKUNMAP}`);
  const { report, exitCode } = await made.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  t.regex(
    report.hosts.kvm?.error?.message ?? '',
    /No enabled repository of this host has vdsm-hook-diskunmap-4\.50\.\d-1\.noarch any more/,
  );
  t.regex(report.hosts.kvm?.error?.hint ?? '', /dnf --showduplicates list vdsm-hook-diskunmap/);
  t.deepEqual(await host.exec(`stat -c "%a %u %Y %Z" /${DISKUNMAP}; sha256sum /${DISKUNMAP}`), before);
});

test('a folder with files in it, in a hook’s place, is not emptied: a person must look', async t => {
  const host = await boot(t, { name: 'kvm' });
  const made = await control(t, [host], PLAYBOOK);
  t.is((await made.run('apply', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
  await host.exec(`rm /${DISKUNMAP}; mkdir /${DISKUNMAP}; echo precious > /${DISKUNMAP}/notes`);
  const { report, exitCode } = await made.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  t.regex(report.hosts.kvm?.error?.message ?? '', /A folder with files in it stands where/);
  t.is(await readFile(join(host.root, DISKUNMAP, 'notes'), 'utf8'), 'precious\n');
});

test('state: absent takes hooks and packages away again, and a second run finds nothing to do', async t => {
  const host = await boot(t, { name: 'kvm' });
  const made = await control(t, [host], PLAYBOOK);
  t.is((await made.run('apply', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
  await made.write(
    'absent.yml',
    '- hosts: hypervisors\n  become: true\n  packages: [{ name: qemu-kvm, state: absent }]\n  vdsm_hooks: [{ name: diskunmap, state: absent }]\n',
  );
  const { report } = await made.json('apply', 'absent.yml', '-i', 'hosts.ini');
  t.is(report.hosts.kvm?.outcome, 'changed');
  await t.throwsAsync(access(join(host.root, DISKUNMAP)), { code: 'ENOENT' });
  t.is((await made.json('apply', 'absent.yml', '-i', 'hosts.ini')).report.hosts.kvm?.outcome, 'ok');
});

test('a login user who is not root and does not become root is told what to write', async t => {
  const host = await boot(t, { name: 'kvm' });
  const made = await control(t, [host], '- hosts: hypervisors\n  vdsm_hooks: [diskunmap]\n');
  const { report, exitCode } = await made.json('check', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  t.regex(report.hosts.kvm?.error?.hint ?? '', /become: true/);
  t.is((await made.run('check', 'site.yml', '-i', 'hosts.ini', '--become')).exitCode, 3);
});

test('services are started, stopped, enabled and disabled', async t => {
  const host = await boot(t, { name: 'kvm' });
  await writeFile(
    join(host.root, 'etc/systemd/system/site.service'),
    '[Service]\nExecStart=sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
  );
  await host.exec('systemctl daemon-reload');
  const made = await control(
    t,
    [host],
    '- hosts: kvm\n  become: true\n  service: { name: site, state: started, enabled: true }\n',
  );
  await made.write(
    'off.yml',
    '- hosts: kvm\n  become: true\n  service: { name: site, state: stopped, enabled: no }\n',
  );
  t.is((await made.run('check', 'site.yml', '-i', 'hosts.ini')).exitCode, 3);
  t.is((await made.json('apply', 'site.yml', '-i', 'hosts.ini')).report.hosts.kvm?.outcome, 'changed');
  t.is((await host.exec('systemctl is-active site; systemctl is-enabled site')).stdout, 'active\nenabled\n');
  t.is((await made.run('check', 'site.yml', '-i', 'hosts.ini')).exitCode, 0);
  t.is((await made.json('apply', 'off.yml', '-i', 'hosts.ini')).report.hosts.kvm?.outcome, 'changed');
  t.is(
    (await host.exec('systemctl is-active site || true; systemctl is-enabled site || true')).stdout,
    'inactive\ndisabled\n',
  );
  await made.write('none.yml', '- hosts: kvm\n  become: true\n  service: { name: nosuch, state: started }\n');
  const { report } = await made.json('apply', 'none.yml', '-i', 'hosts.ini');
  t.regex(report.hosts.kvm?.error?.message ?? '', /There is no unit nosuch/);
});
