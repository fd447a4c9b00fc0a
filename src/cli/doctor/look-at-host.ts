import type { Section } from '../../core/section.ts';
import { sh } from '../../core/sh.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** Programs that the scripts call, and the package that brings them on Enterprise Linux. */
const PROGRAMS = {
  base64: 'coreutils',
  flock: 'util-linux',
  mktemp: 'coreutils',
  runuser: 'util-linux',
  sha256sum: 'coreutils',
  stat: 'coreutils',
  systemctl: 'systemd',
  timeout: 'coreutils',
} as const;

/** Below this much free room a transaction of dnf is likely to fail, in KiB. */
const LEAST_ROOM = 200 * 1024;

/** Clocks that differ by more than this make logs and records hard to read, in seconds. */
const MOST_SKEW = 60;

/** Prints what {@link readHost} judges; changes nothing. */
export const HOST_LOOK = sh`for program in ${Object.keys(PROGRAMS)} rpm dnf yum engine-config curl virsh; do
  command -v "$program" >/dev/null && printf 'program\t%s\n' "$program"
done
rpm -q --qf 'package\t%{NAME}\t%{VERSION}-%{RELEASE}\n' -- vdsm libvirt-daemon ovirt-engine 2>/dev/null | grep '^package' || :
for unit in vdsmd ovirt-engine fapolicyd; do
  printf 'unit\t%s\t%s\n' "$unit" "$(systemctl show -p LoadState -p ActiveState -- "$unit" 2>/dev/null | sort | tr '\n' ' ')"
done
for folder in /usr/libexec/vdsm/hooks /etc/libvirt; do
  [ -d "$ROOT$folder" ] && printf 'folder\t%s\t%s\n' "$folder" "$(find "$ROOT$folder" -maxdepth 0 -printf '%m %U' 2>/dev/null)"
done
for folder in / /var /usr; do
  df -Pk "$ROOT$folder" 2>/dev/null | { read -r _; read -r _ _ _ free _ _ && printf 'room\t%s\t%s\n' "$folder" "$free"; }
done
command -v findmnt >/dev/null && findmnt -n -o OPTIONS -T "$ROOT"/usr/libexec 2>/dev/null | sed "s/^/mount\t/"
[ -e ./usr/sbin/imgbase ] && printf 'node\n'
printf 'clock\t%s\n' "$(date +%s)"`;

interface Seen {
  readonly programs: ReadonlySet<string>;
  readonly packages: ReadonlyMap<string, string>;
  /** `ActiveState=active LoadState=loaded `, by the unit's name. */
  readonly units: ReadonlyMap<string, string>;
  readonly folders: ReadonlyMap<string, string>;
  /** In KiB, by folder. */
  readonly room: ReadonlyMap<string, number>;
  readonly mountOptions: readonly string[];
  readonly isNode: boolean;
  /** Seconds since 1970. */
  readonly clock: number;
}

/**
 * Judges what {@link HOST_LOOK} printed.
 *
 * @param nowSeconds this machine's clock when the answer came.
 */
export function readHost({ stdout }: Section, nowSeconds: number): readonly Finding[] {
  const seen = readSeen(stdout);
  const roles = rolesOf(seen);
  return [
    ...roles.findings,
    ...missingPrograms(seen, roles.isEngine),
    ...fullDisks(seen),
    ...surroundings(seen, roles.isHypervisor),
    ...(Math.abs(seen.clock - nowSeconds) > MOST_SKEW
      ? [warning('its clock is more than a minute off this machine’s', 'Look at chronyd: chronyc tracking')]
      : []),
  ];
}

function readSeen(stdout: string): Seen {
  const lines = stdout.split('\n').map(line => line.split('\t'));
  const pairs = (tag: string) =>
    new Map(lines.flatMap(([kind, key = '', value = '']) => (kind === tag ? [[key, value] as const] : [])));
  const only = (tag: string) => lines.find(([kind]) => kind === tag)?.[1] ?? '';
  return {
    programs: new Set(pairs('program').keys()),
    packages: pairs('package'),
    units: pairs('unit'),
    folders: pairs('folder'),
    room: new Map([...pairs('room')].map(([folder, free]) => [folder, Number(free)])),
    mountOptions: only('mount').split(','),
    isNode: lines.some(([kind]) => kind === 'node'),
    clock: Number(only('clock')),
  };
}

function rolesOf({ packages, units, programs, folders, isNode }: Seen) {
  const findings: Finding[] = [];
  const vdsm = packages.get('vdsm');
  const engine = packages.get('ovirt-engine');
  const isEngine = engine !== undefined || isLoaded(units, 'ovirt-engine');
  const isHypervisor = vdsm !== undefined || folders.has('/usr/libexec/vdsm/hooks');
  const isLibvirt = programs.has('virsh') || folders.has('/etc/libvirt');
  if (isHypervisor) {
    findings.push(
      ok(`a hypervisor${vdsm === undefined ? '' : ` with VDSM ${vdsm}`}${isNode ? ', oVirt Node' : ''}`),
    );
    if (!runs(units, 'vdsmd') && isLoaded(units, 'vdsmd')) {
      findings.push(warning('vdsmd does not run', 'systemctl status vdsmd'));
    }
  } else if (isLibvirt) {
    findings.push(ok('a host with libvirt, without VDSM: libvirt_hooks can be kept there'));
  }
  if (isEngine) {
    findings.push(ok(`an engine${engine === undefined ? '' : ` ${engine}`}`));
    if (!runs(units, 'ovirt-engine')) {
      findings.push(warning('ovirt-engine does not run', 'systemctl status ovirt-engine'));
    }
    if (!programs.has('engine-config')) {
      findings.push(problem('there is no engine-config on the engine', 'dnf install ovirt-engine-tools'));
    }
  }
  if (!isHypervisor && !isLibvirt && !isEngine) {
    findings.push(
      warning(
        'neither VDSM nor libvirt nor an engine is on it',
        'Is it in the right group of the inventory?',
      ),
    );
  }
  return { findings, isEngine, isHypervisor };
}

function missingPrograms({ programs }: Seen, isEngine: boolean): Finding[] {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !programs.has(program));
  return [
    ...missing.map(([program, from]) => problem(`there is no ${program}`, `dnf install ${from}`)),
    ...(programs.has('rpm') && (programs.has('dnf') || programs.has('yum'))
      ? []
      : [
          warning(
            'there is no rpm with dnf or yum: packages and repositories cannot be kept there',
            'libvirt_hooks and hooks of your own (source) can.',
          ),
        ]),
    ...(isEngine && !programs.has('curl')
      ? [problem('there is no curl to ask the engine for its health', 'dnf install curl')]
      : []),
  ];
}

function fullDisks({ room }: Seen): Finding[] {
  return [...room].flatMap(([folder, free]) =>
    free < LEAST_ROOM
      ? [warning(`less than 200 MB are free in ${folder}`, `Make room, or dnf will fail: df -h ${folder}`)]
      : [],
  );
}

function surroundings({ mountOptions, units, folders }: Seen, isHypervisor: boolean): Finding[] {
  const hooks = folders.get('/usr/libexec/vdsm/hooks');
  return [
    ...(isHypervisor && mountOptions.includes('noexec')
      ? [problem('/usr/libexec is mounted noexec: VDSM passes every hook over', 'mount -o remount,exec /usr')]
      : []),
    ...(isHypervisor && hooks === undefined
      ? [problem('there is no /usr/libexec/vdsm/hooks', 'dnf reinstall vdsm')]
      : []),
    ...(runs(units, 'fapolicyd')
      ? [
          warning(
            'fapolicyd runs: it may refuse scripts that no package has brought',
            'Pack hooks of your own as RPM, or add rules: fapolicyd-cli --file add',
          ),
        ]
      : []),
  ];
}

function isLoaded(units: Seen['units'], unit: string): boolean {
  return /\bLoadState=loaded\b/.test(units.get(unit) ?? '');
}

function runs(units: Seen['units'], unit: string): boolean {
  return /\bActiveState=active\b/.test(units.get(unit) ?? '');
}
