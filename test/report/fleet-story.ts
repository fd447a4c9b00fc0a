import type { Change, Subject } from '../../src/core/change.ts';
import type { Failure } from '../../src/core/failure.ts';
import type { HostResult, RunResult } from '../../src/core/host-result.ts';
import { type FleetData, fleetData } from '../../src/report/fleet-data.ts';
import type { FleetEngine } from '../../src/report/fleet-engines.ts';
import { diffRuns } from '../../src/report/runs/runs-diff.ts';
import { START } from './story.ts';

/** What hosts and people call things in a story; a test may have them call it something evil. */
export interface Wording {
  host(number: number, hosts: number): string;
  /** Any text that comes from a host, a playbook or an inventory. */
  text(plain: string): string;
}

export const PLAIN: Wording = {
  host: (number, hosts) => `kvm-${String(number).padStart(String(hosts).length, '0')}.example.org`,
  text: plain => plain,
};

const HOOKS = ['diskunmap', 'qemucmdline', 'macspoof', 'extnet', 'nestedvt', 'site_audit'];
const subjectsOf = ({ text }: Wording): readonly Subject[] => [
  ...HOOKS.map(id => ({ resource: 'vdsm-hook', id })),
  { resource: 'vdsm-hook', id: '' },
  { resource: 'package', id: 'python3-dbus' },
  { resource: 'service', id: 'vdsmd' },
  { resource: 'repository', id: text('site-hooks') },
];

const HOOK_FOLDER = '/usr/libexec/vdsm/hooks/before_vm_start';

const NO_FAILURE = { command: null, exitCode: null, stderr: null, hint: null };
const NO_ROUTE: Failure = {
  ...NO_FAILURE,
  kind: 'timeout',
  step: 'connect',
  message: 'The host did not take a TCP connection within 10 s',
  hint: 'Check that the host is up, and that no firewall stands between.',
};
const DISK_FULL: Failure = {
  kind: 'probe',
  step: 'probe',
  message: 'The database of rpm cannot be read',
  command: 'rpm -q vdsm-hook-diskunmap',
  exitCode: 1,
  stderr: 'error: rpmdb: BDB0113 Thread/process failed\nerror: cannot open Packages index',
  hint: 'Run `rpm --rebuilddb` on the host.',
};

/** A check of so many hypervisors and their engine, some of which have drifted, failed or gone, and the run before. */
export function fleetStory(
  hosts: number,
  wording: Wording = PLAIN,
): FleetData & { readonly result: RunResult } {
  const names = Array.from({ length: hosts }, (_, i) => wording.host(i + 1, hosts));
  const engine = wording.text('engine-01.example.org');
  const subjects = subjectsOf(wording);
  const later = new Map([...names.map((name, i) => [name, hostResult(i + 1, wording)] as const)]);
  later.set(engine, engineResult(wording));
  const earlier = new Map(names.slice(1).map((name, i) => [name, earlierResult(i + 2, wording)] as const));
  const result = { command: 'check', hosts: later, stopped: null, interrupted: false };
  const before = { command: 'check', hosts: earlier, stopped: null, interrupted: false };
  const data = fleetData(result, {
    about: {
      hookfleet: '0.1.0',
      command: 'check',
      words: [wording.text('site.yml')],
      playbook: wording.text('/srv/hookfleet/site.yml'),
      by: wording.text('ann@admin-01'),
      startedAt: START,
      endedAt: START + 41_300,
      exitCode: 1,
    },
    subjects: new Map([
      ...names.map(name => [name, subjects] as const),
      [engine, [{ resource: 'engine-properties', id: '' }]] as const,
    ]),
    groups: new Map<string, readonly string[]>([
      ...names.map(
        (name, i) => [name, ['all', wording.text('hypervisors'), wording.text(`rack-${i % 4}`)]] as const,
      ),
      [engine, ['all', wording.text('engine')]] as const,
    ]),
    engines: [fleetEngine(engine, wording)],
    since: { startedAt: START - 24 * 3_600_000, diff: diffRuns(before, result) },
  });
  return { ...data, result };
}

function hostResult(number: number, wording: Wording): HostResult {
  const facts = factsOf(number, wording);
  const worded = (failure: Failure): Failure => ({
    ...failure,
    message: wording.text(failure.message),
    stderr: failure.stderr === null ? null : wording.text(failure.stderr),
    hint: failure.hint === null ? null : wording.text(failure.hint),
  });
  const well: HostResult = { outcome: 'ok', changes: [], error: null, notes: [], facts, ms: 900 + number };
  if (number % 61 === 3) {
    const { facts: _, ...unseen } = well;
    return { ...unseen, outcome: 'unreachable', error: worded(NO_ROUTE), ms: 10_000 };
  }
  if (number % 97 === 11) {
    return { ...well, outcome: 'failed', error: worded(DISK_FULL) };
  }
  const changes = changesOf(number, wording);
  return changes.length === 0 ? well : { ...well, outcome: 'drifted', changes };
}

function changesOf(number: number, wording: Wording): Change[] {
  const own = `${HOOK_FOLDER}/60_site_audit`;
  return [
    ...(number % 9 === 2
      ? [change('vdsm-hook', `diskunmap ${HOOK_FOLDER}/50_diskunmap`, 'mode', '0644', '0755')]
      : []),
    ...(number % 14 === 5 ? [change('vdsm-hook', 'nestedvt', 'install', null, '4.50.6-1.el9')] : []),
    ...(number % 25 === 7
      ? [
          change('vdsm-hook', `site_audit ${own}`, 'content', 'content 9f31ab02', 'content 1c2d3e4f'),
          change('vdsm-hook', `${own}.bak`, 'unmanaged', 'executable that looks like a backup copy', null),
        ]
      : []),
    ...(number % 40 === 9 ? [change('service', 'vdsmd', 'enable', 'disabled', 'enabled')] : []),
  ].map(one => ({ ...one, before: one.before === null ? null : wording.text(one.before) }));
}

function change(
  resource: string,
  id: string,
  action: string,
  before: string | null,
  after: string | null,
): Change {
  return { resource, id, action, before, after };
}

function factsOf(number: number, wording: Wording): Readonly<Record<string, string>> {
  return {
    os: number % 20 === 0 ? 'Rocky Linux 9.4' : 'Rocky Linux 9.6',
    vdsm: wording.text(number % 7 === 0 ? '4.50.5.1-1.el9' : '4.50.6-1.el9'),
    'libvirt-daemon': number % 20 === 0 ? '10.0.0-7.el9' : '10.10.0-15.el9',
    'qemu-kvm': '17:9.1.0-29.el9',
  };
}

/** The day before, some had the version before, and some the same drift. */
function earlierResult(number: number, wording: Wording): HostResult {
  const now = hostResult(number, wording);
  if (number % 9 === 2 && now.outcome === 'drifted') {
    return { ...now, outcome: 'ok', changes: [] };
  }
  return now.facts === undefined || number % 50 !== 6
    ? now
    : { ...now, facts: { ...now.facts, vdsm: wording.text('4.50.4-1.el9') } };
}

const WANTED = 'sap_agent=^(true|false)$;qemu_cmdline=^.*$';

function engineResult(wording: Wording): HostResult {
  return {
    outcome: 'drifted',
    changes: [
      change(
        'engine-properties',
        'UserDefinedVMProperties 4.7',
        'set',
        wording.text('qemu_cmdline=^.*$'),
        WANTED,
      ),
      change('engine-properties', 'ovirt-engine', 'restart', 'running since before the change', 'restarted'),
    ],
    error: null,
    notes: [wording.text('sap_agent is predefined by the engine at 4.8, and left to it')],
    facts: { os: 'Rocky Linux 9.6', 'ovirt-engine': '4.5.6-1.el9' },
    ms: 4_100,
  };
}

function fleetEngine(host: string, wording: Wording): FleetEngine {
  const regex = wording.text('^(true|false)$');
  return {
    host,
    levels: ['4.6', '4.7', '4.8'],
    properties: [
      {
        name: 'qemu_cmdline',
        where: 'vm',
        hooks: ['qemucmdline'],
        cells: ['4.6', '4.7', '4.8'].map(() => ({ state: 'ok', found: '^.*$', other: '^.*$' })),
      },
      {
        name: wording.text('sap_agent'),
        where: 'vm',
        hooks: [],
        cells: [
          { state: 'ok', found: regex, other: regex },
          { state: 'missing', found: null, other: regex },
          { state: 'none', found: null, other: null },
        ],
      },
      {
        name: 'mtu',
        where: 'device interface',
        hooks: [],
        cells: [
          { state: 'differs', found: '^[0-9]*$', other: '^[0-9]+$' },
          { state: 'ok', found: '^[0-9]+$', other: '^[0-9]+$' },
          { state: 'extra', found: '^.*$', other: null },
        ],
      },
    ],
    unreadable: [],
  };
}
