import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildRpm, makeRepository } from './build-rpm.ts';
import { mountOverlay, unmountOverlay } from './overlay.ts';
import { LAB, RPMS, VDSM_VERSIONS } from './recipe.ts';
import { buildSignedRepositories } from './signing.ts';

/** Units of Debian's packages that a lab host does not need, or that would start a second sshd. */
const MASKED = [
  'ssh.service',
  'ssh.socket',
  'console-getty.service',
  'getty@.service',
  'systemd-logind.service',
  'systemd-firstboot.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dnf-makecache.timer',
  'dpkg-db-backup.timer',
  'fstrim.timer',
  'e2scrub_all.timer',
];

const USERS = `
  groupadd -g 36 kvm
  useradd -u 36 -g kvm -d /var/lib/vdsm -s /usr/sbin/nologin vdsm
  useradd -m -s /bin/sh ops
  useradd -m -s /bin/sh nosudo
  usermod -p '*' ops
  usermod -p '*' nosudo
  install -d -o vdsm -g kvm /var/lib/vdsm
  install -d -m 0755 /etc/ssh/authorized_keys /var/log/lab`;

/**
 * Makes the lab's own layers over the Debian part: `host` (settings, users, repositories), `vdsm-VERSION` (that
 * package installed), `engine` (the stand-ins of an oVirt engine).
 */
export async function buildLab(debian: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const host = join(folder, 'host');
  await layer(host, [debian], async root => {
    const units = join(root, 'etc/systemd/system');
    // In Debian's package that name is a link to ssh.service; the EL family has it as the unit itself, and so has the lab.
    await rm(join(units, 'sshd.service'), { force: true });
    await cp(join(LAB, 'base'), root, { recursive: true });
    await chmod(join(root, 'etc/sudoers.d/ops'), 0o440);
    await execa('chroot', [root, '/bin/sh', '-ec', USERS]);
    await mkdir(join(units, 'multi-user.target.wants'), { recursive: true });
    await symlink('../sshd.service', join(units, 'multi-user.target.wants/sshd.service'));
    for (const unit of MASKED) {
      await rm(join(units, unit), { force: true });
      await symlink('/dev/null', join(units, unit));
    }
    await buildRepositories(join(root, 'srv/repo'));
    await buildSignedRepositories(join(root, 'srv/signed'));
    await installRpm(root, 'lab-interpreters-1-1.noarch.rpm');
  });
  for (const version of VDSM_VERSIONS) {
    await layer(join(folder, `vdsm-${version}`), [host, debian], root =>
      installRpm(root, `vdsm-${version}-1.noarch.rpm`),
    );
  }
  await layer(join(folder, 'engine'), [host, debian], installEngine);
}

async function layer(
  target: string,
  lower: readonly string[],
  build: (root: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-lab-'));
  try {
    const { root, upper } = await mountOverlay(folder, lower, '256m');
    await build(root);
    await execa('cp', ['-a', upper, target]);
  } finally {
    await unmountOverlay(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildRepositories(folder: string): Promise<void> {
  const top = await mkdtemp(join(tmpdir(), 'hookfleet-rpms-'));
  try {
    for (const { spec, version, repository } of RPMS) {
      await buildRpm(top, spec, version, join(folder, repository));
    }
  } finally {
    await rm(top, { recursive: true, force: true });
  }
  for (const repository of new Set(RPMS.map(rpm => rpm.repository))) {
    await makeRepository(join(folder, repository));
  }
}

async function installRpm(root: string, file: string): Promise<void> {
  await execa('chroot', [root, 'rpm', '-i', `/srv/repo/lab/${file}`]);
}

async function installEngine(root: string): Promise<void> {
  await execa('chroot', [root, 'groupadd', '-r', 'ovirt']);
  for (const folder of [
    'usr/share/ovirt-engine/bin',
    'etc/ovirt-engine/engine.conf.d',
    'var/log/ovirt-engine',
  ]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await execa('install', [
    '-m',
    '0755',
    join(LAB, 'engine/engine-config'),
    join(root, 'usr/bin/engine-config'),
  ]);
  await execa('install', [
    '-m',
    '0755',
    join(LAB, 'engine/ovirt-engine'),
    join(root, 'usr/share/ovirt-engine/bin/ovirt-engine'),
  ]);
  const units = join(root, 'usr/lib/systemd/system');
  await cp(join(LAB, 'engine/ovirt-engine.service'), join(units, 'ovirt-engine.service'));
  await symlink(
    '/usr/lib/systemd/system/ovirt-engine.service',
    join(root, 'etc/systemd/system/multi-user.target.wants/ovirt-engine.service'),
  );
  const database = join(root, 'etc/ovirt-engine/engine.conf.d/10-setup-database.conf');
  await writeFile(database, 'ENGINE_DB_PASSWORD="none"\n');
  await execa('chroot', [
    root,
    'chown',
    'root:ovirt',
    '/etc/ovirt-engine/engine.conf.d/10-setup-database.conf',
  ]);
  await chmod(database, 0o640);
}
