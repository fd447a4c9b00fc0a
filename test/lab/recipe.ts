import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds the lab: its specs, units, stand-ins and settings of the hosts. */
export const LAB = fileURLToPath(new URL('.', import.meta.url));

/** What goes into every host from Debian; `systemd` and below make it boot, the rest is what hookfleet meets. */
export const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'sudo',
  'procps',
  'curl',
  'rpm',
  'dnf',
  'tcsh',
  'fish',
];

export const SUITE = 'bookworm';

/** The versions of VDSM that the lab's repository offers; a host may have one from the start. */
export const VDSM_VERSIONS = ['4.50.5', '4.50.6'] as const;

export type VdsmVersion = (typeof VDSM_VERSIONS)[number];

/** One rpm of the lab: the spec's name and, where the spec leaves it open, the version to build. */
export interface Rpm {
  readonly spec: string;
  readonly version: string;
  readonly repository: 'lab' | 'site';
}

/** Every rpm that the hosts' repositories offer. */
export const RPMS: readonly Rpm[] = [
  ...['lab-interpreters', 'qemu-kvm', 'vhostmd'].map(spec => lab(spec, '1')),
  ...['vdsm', 'vdsm-hook-diskunmap', 'vdsm-hook-localdisk'].flatMap(spec =>
    VDSM_VERSIONS.map(version => lab(spec, version)),
  ),
  ...['extnet', 'vhostmd', 'checkips', 'openstacknet', 'qemucmdline'].map(hook =>
    lab(`vdsm-hook-${hook}`, '4.50.5'),
  ),
  ...['siteaudit', 'suidhelper', 'brokeninterp', 'crlf'].map(hook => lab(`vdsm-hook-${hook}`, '1.0')),
  { spec: 'vdsm-hook-macspoof', version: '4.30.46', repository: 'site' },
];

function lab(spec: string, version: string): Rpm {
  return { spec, version, repository: 'lab' };
}

/** Names the Debian part of a host by what it is made from. */
export function debianHash(): string {
  return digest([SUITE, ...PACKAGES, readFileSync(join(LAB, 'build-debian.ts'), 'utf8')]);
}

/** Names the lab's own part of a host by what it is made from, the Debian part included. */
export function labHash(): string {
  const files = ['recipe.ts', 'build-lab.ts', 'build-rpm.ts', 'signing.ts', 'base', 'rpms', 'engine'].flatMap(
    name => filesUnder(join(LAB, name)),
  );
  return digest([
    debianHash(),
    ...files.flatMap(file => [
      relative(LAB, file),
      String(statSync(file).mode & 0o777),
      readFileSync(file, 'latin1'),
    ]),
  ]);
}

function filesUnder(path: string): string[] {
  return statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap(name => filesUnder(join(path, name)))
    : [path];
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
