/**
 * `npm run test:lab [-- AVA_ARGUMENTS]`: the tests that need real hosts. They need root on a Debian-like system with a
 * few programs; where that is missing it says so, loudly, and ends well - unless HOOKFLEET_LAB=require, as in CI.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { LAB } from './recipe.ts';

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
};

const missing = whatIsMissing();
if (missing.length === 0) {
  const ava = join(LAB, '../../node_modules/ava/entrypoints/cli.mjs');
  const { exitCode } = await execa(
    process.execPath,
    [ava, '--config', 'ava.lab.config.js', ...process.argv.slice(2)],
    { cwd: join(LAB, '../..'), stdio: 'inherit', reject: false },
  );
  process.exitCode = exitCode ?? 1;
} else {
  const required = process.env.HOOKFLEET_LAB === 'require';
  process.stderr.write(notice(missing, required));
  process.exitCode = required ? 1 : 0;
}

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

function notice(missing: readonly string[], required: boolean): string {
  const bar = '*'.repeat(100);
  return [
    '',
    bar,
    `THE TESTS ON REAL HOSTS ${required ? 'CANNOT RUN' : 'ARE LEFT OUT'}: test/lab`,
    '',
    'Nothing was tested of: ssh with a real sshd, dnf, rpm and systemd on a host, an engine that restarts.',
    'Missing here:',
    ...missing.map(line => `  - ${line}`),
    ...(required ? ['HOOKFLEET_LAB=require says that they must run, so this is a failure.'] : []),
    bar,
    '',
    '',
  ].join('\n');
}
