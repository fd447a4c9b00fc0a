import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import type { DnfOptions } from '../../src/resources/package/dnf-shell.ts';
import { packageResource } from '../../src/resources/package/package.ts';
import type { HostOptions, LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { type Brought, bring } from './on-host.ts';
import { SAMPLES } from './package-samples.ts';
import { buildSamples, offer } from './sample-rpm.ts';

let samples = '';

test.before(async () => {
  samples = await buildSamples(SAMPLES);
});

async function hostWithSamples(t: ExecutionContext, options: HostOptions = {}): Promise<LabHost> {
  const host = await boot(t, options);
  await offer(host, samples);
  return host;
}

const install = (host: LabHost, name: string, dnf: DnfOptions = {}): Promise<Brought> =>
  bring(host, packageResource, [{ name, state: 'present', dnf }]);

/** The trouble, its message and its hint must be the ones; and nothing may have been changed. */
async function isTold(
  t: ExecutionContext,
  host: LabHost,
  brought: Promise<Brought>,
  trouble: string,
  message: string | RegExp,
): Promise<void> {
  const before = await host.exec('rpm -qa | sort');
  const { failed, made } = await brought;
  t.is(failed?.trouble, trouble, `${failed?.stdout}\n${failed?.stderr}`);
  if (typeof message === 'string') {
    t.is(failed?.message, message);
  } else {
    t.regex(failed?.message ?? '', message);
  }
  t.true((failed?.hint ?? '').length > 0);
  t.deepEqual(made, []);
  t.deepEqual(await host.exec('rpm -qa | sort'), before);
}

test('a package that there is not, and one that is switched off', async t => {
  const host = await hostWithSamples(t);
  await isTold(
    t,
    host,
    install(host, 'nosuch'),
    'no-package',
    'No enabled repository of this host has nosuch',
  );
  await isTold(t, host, install(host, 'vdsm-hook-macspoof'), 'no-package', /vdsm-hook-macspoof/);
  await isTold(
    t,
    host,
    install(host, 'vdsm-hook-macspoof', { enablerepo: ['sight'] }),
    'unknown-repository',
    'This host has no repository sight',
  );
  t.is((await install(host, 'vdsm-hook-macspoof', { enablerepo: ['site'] })).failed, null);
});

test('an excluded package, in dnf.conf and in the repository, and one that versionlock holds', async t => {
  const host = await hostWithSamples(t);
  const conf = join(host.root, 'etc/dnf/dnf.conf');
  await writeFile(conf, '[main]\ngpgcheck=1\nexclude=ranged\n');
  await isTold(t, host, install(host, 'ranged'), 'excluded', 'ranged is excluded on this host');
  await writeFile(conf, '[main]\ngpgcheck=1\n');
  await offer(host, samples, 'extra', ['excludepkgs=ranged']);
  await isTold(t, host, install(host, 'ranged'), 'excluded', 'ranged is excluded on this host');
  // The plugin excludes by the same means; it is not on the lab's hosts.
  await host.exec('mkdir -p /etc/dnf/plugins; echo "ranged-0:1.0-1.*" >/etc/dnf/plugins/versionlock.list');
  await isTold(t, host, install(host, 'ranged'), 'versionlock', /ranged is excluded .* by versionlock/);
  await isTold(t, host, install(host, 'nosuch'), 'no-package', /nosuch/);
});

test('a dependency that is excluded, and one that nobody has', async t => {
  const host = await hostWithSamples(t);
  await offer(host, samples, 'extra', ['excludepkgs=helper']);
  await isTold(
    t,
    host,
    install(host, 'needs-helper-2'),
    'dependency',
    'needs-helper-2-1-1.noarch needs helper >= 2, which cannot come in on this host',
  );
  await isTold(
    t,
    host,
    install(host, 'needs-nothing-there'),
    'no-provider',
    'needs-nothing-there-1-1.noarch needs zork >= 2, which no enabled repository of this host has',
  );
});

test('what includepkgs leaves out, on a plain host and on oVirt Node', async t => {
  const host = await hostWithSamples(t);
  await offer(host, samples, 'extra', ['includepkgs=helper vdsm-hook-fcoe']);
  await isTold(
    t,
    host,
    install(host, 'ranged'),
    'includepkgs',
    'ranged is left out by `includepkgs` in /etc/yum.repos.d/extra.repo',
  );
  t.is((await install(host, 'helper')).failed, null);
  await host.exec('echo VARIANT_ID=\\"ovirt-node\\" >>/etc/os-release');
  await isTold(
    t,
    host,
    install(host, 'ranged'),
    'node-includepkgs',
    /is an oVirt Node: .* do not let ranged through/,
  );
});

test('a package that a module stream hides', async t => {
  const host = await hostWithSamples(t);
  const modules = join(host.root, 'srv/repo/extra/modules.yaml');
  await writeFile(modules, MODULE);
  await host.exec('rm -rf /var/cache/dnf');
  await execa('modifyrepo_c', ['--mdtype=modules', modules, join(host.root, 'srv/repo/extra/repodata')]);
  await isTold(
    t,
    host,
    install(host, 'ranged'),
    'module',
    'ranged is hidden by a module stream of this host',
  );
  await offer(host, samples, 'extra', ['module_hotfixes=1']);
  t.is((await install(host, 'ranged')).failed, null);
});

test('a repository that cannot be reached, and what goes round it', async t => {
  const host = await hostWithSamples(t);
  const gone = (line: string) =>
    writeFile(
      join(host.root, 'etc/yum.repos.d/gone.repo'),
      `[gone]\nname=gone\nbaseurl=http://127.0.0.1:9/\nenabled=1\ngpgcheck=0\n${line}\n`,
    );
  await gone('');
  await isTold(
    t,
    host,
    install(host, 'ranged'),
    'no-metadata',
    'The repository gone of this host cannot be read',
  );
  t.is((await install(host, 'ranged', { disablerepo: ['gone'] })).failed, null);
  await gone('skip_if_unavailable=1');
  await isTold(t, host, install(host, 'nosuch'), 'no-metadata', /repository gone/);
});

test('a host without an enabled repository', async t => {
  const host = await boot(t);
  await host.exec('sed -i s/^enabled=1/enabled=0/ /etc/yum.repos.d/*.repo');
  await isTold(t, host, install(host, 'ranged'), 'no-repositories', /No repository of this host is enabled/);
});

test('signatures: none, a key that is not there, another key than the repository’s, a damaged file', async t => {
  const host = await boot(t);
  const signed = (folder: string, key?: string) =>
    writeFile(
      join(host.root, 'etc/yum.repos.d/signed.repo'),
      `[signed]\nname=signed\nbaseurl=file:///srv/signed/${folder}\nenabled=1\ngpgcheck=1\npassword=hunter2\n${key ? `gpgkey=file:///srv/signed/${key}.asc\n` : ''}`,
    );
  const hook = 'vdsm-hook-sitelog';
  await signed('signed');
  const none = await install(host, hook);
  t.is(none.failed?.trouble, 'key-missing');
  t.is(none.failed?.message, 'The key that signed the package is not on this host');
  t.notRegex(`${none.failed?.stdout} ${none.failed?.stderr}`, /hunter2/);
  const plain = await host.exec(`dnf -y install ${hook}`, { reject: false });
  t.regex(`${plain.stdout} ${plain.stderr}`, /hunter2/, 'plain dnf tells the password: the test has teeth');
  await host.exec('rpm --import /srv/signed/wrong.asc');
  await isTold(
    t,
    host,
    install(host, hook),
    'key-missing',
    /The key that signed vdsm-hook-.* is not on this host/,
  );
  await host.exec('rpm --import /srv/signed/good.asc');
  await signed('unsigned');
  await isTold(
    t,
    host,
    install(host, hook),
    'unsigned',
    /^vdsm-hook-sitelog-1\.0-1\.noarch\.rpm is not signed/,
  );
  await host.exec('rpm -e $(rpm -q gpg-pubkey); rpm --import /srv/signed/good.asc');
  await signed('wrongkey', 'good');
  await isTold(t, host, install(host, hook), 'key-wrong', 'The package is not signed with the key of signed');
  await signed('signed', 'good');
  await host.exec('cp -r /srv/signed/signed /srv/signed/damaged; rm -rf /var/cache/dnf');
  await host.exec(
    'cd /srv/signed/damaged; f=$(ls *.rpm); size=$(stat -c %s "$f"); printf X | dd of="$f" bs=1 seek=$((size - 9)) conv=notrunc 2>/dev/null',
  );
  await signed('damaged', 'good');
  await isTold(t, host, install(host, hook), 'damaged', /^vdsm-hook-sitelog-1\.0-1\.noarch is damaged/);
  await signed('signed', 'good');
  t.is((await install(host, hook)).failed, null);
});

test('dnf’s lock is waited for, and its holder named where that is in vain', async t => {
  const host = await hostWithSamples(t);
  t.is((await install(host, 'helper')).failed, null);
  for (const lock of ['/var/cache/dnf/metadata_lock.pid', '/var/lib/dnf/rpmdb_lock.pid']) {
    const hold = (seconds: number) => host.exec(`sleep ${seconds} >/dev/null 2>&1 & printf %s $! >${lock}`);
    await hold(600);
    await isTold(
      t,
      host,
      install(host, 'ranged', { lockWaitSeconds: 3 }),
      'busy',
      /^dnf or rpm of this host is busy: process \d+ \(sleep 600\) holds its lock$/,
    );
    await host.exec(`kill $(cat ${lock})`);
    await hold(4);
    const { failed, made } = await install(host, lock.includes('rpmdb') ? 'ranged' : 'epochal');
    t.is(failed, null, failed?.stderr);
    t.is(made.length, 1);
  }
});

test('rpm’s own lock too, whoever holds it', async t => {
  const host = await hostWithSamples(t);
  const hold = (seconds: number) =>
    host.exec([
      'sh',
      '-c',
      `python3 -c 'import fcntl, time; f = open("/var/lib/rpm/.rpm.lock", "w"); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); time.sleep(${seconds})' >/run/held 2>&1 & while [ ! -s /run/held ]; do sleep 0.1; done; rm /run/held`,
    ]);
  await hold(20);
  await isTold(
    t,
    host,
    install(host, 'ranged', { lockWaitSeconds: 1 }),
    'busy',
    /busy: process \d+ \(python3 -c import fcntl.*\) holds its lock$/,
  );
  const { failed } = await install(host, 'ranged');
  t.is(failed, null, failed?.stderr);
});

test('a full disk is told as such', async t => {
  const host = await hostWithSamples(t, { diskSize: '24m' });
  t.is((await install(host, 'helper')).failed, null);
  await host.exec('dd if=/dev/zero of=/var/filling bs=64k 2>/dev/null || true');
  await isTold(t, host, install(host, 'ranged'), 'disk-full', 'The disk of this host is full');
});

test('a file that another package has', async t => {
  const host = await hostWithSamples(t);
  t.is((await install(host, 'helper')).failed, null);
  await isTold(
    t,
    host,
    install(host, 'same-file'),
    'file-conflict',
    '/opt/helper belongs to helper-2-1.noarch already; nothing was touched',
  );
});

test('yum as a name does as well; a host without either says so', async t => {
  const host = await hostWithSamples(t);
  await host.exec('mv /usr/bin/dnf /usr/bin/yum');
  t.is((await install(host, 'ranged')).failed, null);
  await host.exec('rm /usr/bin/yum');
  await isTold(t, host, install(host, 'helper'), 'no-package-manager', 'Neither dnf nor yum is on this host');
});

const MODULE = `---
document: modulemd
version: 2
data:
  name: range
  stream: "1"
  version: 1
  context: aaaaaaaa
  arch: noarch
  summary: Hides ranged
  description: Hides ranged
  license: { module: [none] }
  artifacts:
    rpms:
${['0:1.0-1', '0:1.1-1', '0:1.1-2', '0:2.0~rc1-1', '0:2.0-1', '0:2.0^git1-1', '0:2.10-1'].map(evr => `      - ranged-${evr}.noarch\n`).join('')}...
`;
