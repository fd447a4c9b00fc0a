/** `npm run test:lab [-- AVA_ARGUMENTS]`: the tests that need real hosts: root on a Debian-like system with a few programs. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runSuite } from '../run-suite.ts';

/** The programs, and the Debian packages that have them. */
const PROGRAMS = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  rpmbuild: 'rpm',
  rpmsign: 'rpm',
  createrepo_c: 'createrepo-c',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  perl: 'perl-base',
  flock: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  gpg: 'gnupg',
  promtool: 'prometheus',
  zsh: 'zsh',
};

await runSuite({
  config: 'ava.lab.config.js',
  folder: 'test/lab',
  name: 'THE TESTS ON REAL HOSTS',
  untested: 'ssh with a real sshd, dnf, rpm and systemd on a host, an engine that restarts',
  missing: whatIsMissing(),
});

function whatIsMissing(): string[] {
  const packages = Object.entries(PROGRAMS)
    .filter(([program]) => !isInPath(program))
    .map(([, name]) => name);
  return [
    ...(process.getuid?.() === 0 ? [] : ['root: the hosts are mounts and containers']),
    ...(existsSync('/etc/debian_version')
      ? []
      : ['Debian or a derivative: the hosts are made from its packages']),
    ...(packages.length === 0 ? [] : [`programs: apt-get install ${[...new Set(packages)].join(' ')}`]),
  ];
}

function isInPath(program: string): boolean {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
