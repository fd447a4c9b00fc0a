import type { Change } from '../../src/core/change.ts';
import type { RunEvent } from '../../src/core/event.ts';
import type { Failure } from '../../src/core/failure.ts';
import type { HostResult, RunResult } from '../../src/core/host-result.ts';
import type { Clock } from '../../src/report/clock.ts';

/** An event of a run, and how long after its start it comes, in milliseconds. */
export interface Timed {
  readonly at: number;
  readonly event: RunEvent;
}

/** 2026-11-20 12:00:00 UTC: the start of every story. */
export const START = Date.UTC(2026, 10, 20, 12);

/** A clock that stands still until it is told to go on. */
export function fakeClock(): Clock & { goTo(afterStart: number): void } {
  let now = START;
  const timers = new Set<{ due: number; readonly ms: number; readonly callback: () => void }>();
  return {
    now: () => now,
    every(ms, callback) {
      const timer = { due: now + ms, ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    goTo(afterStart) {
      const end = START + afterStart;
      for (;;) {
        const [next] = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (next === undefined) {
          break;
        }
        now = next.due;
        next.due += next.ms;
        next.callback();
      }
      now = end;
    },
  };
}

const CHANGES: readonly Change[] = [
  { resource: 'package', id: 'vdsm-hook-diskunmap', action: 'install', before: null, after: '4.50.6-1' },
  {
    resource: 'vdsm-hook',
    id: 'diskunmap /usr/libexec/vdsm/hooks/before_vm_start/50_diskunmap',
    action: 'mode',
    before: '0644',
    after: '0755',
  },
];

const NOTHING: Failure = {
  kind: 'probe',
  message: '',
  step: '',
  command: null,
  exitCode: null,
  stderr: null,
  hint: null,
};
const OK: HostResult = { outcome: 'ok', changes: [], error: null, notes: [], ms: 0 };

const NO_ROUTE: Failure = {
  ...NOTHING,
  kind: 'timeout',
  message: 'the host did not take a TCP connection within 10 s',
  step: 'connect',
  hint: 'check that the host is up, and that no firewall stands between',
};

const DISK_FULL: Failure = {
  ...NOTHING,
  kind: 'apply',
  message: 'The disk of the host is full',
  step: 'install vdsm-hook-diskunmap',
  command: 'dnf -y install -- vdsm-hook-diskunmap',
  exitCode: 1,
  stderr: 'Error: Transaction test error:\n  installing package needs 2MB more space on the / filesystem',
  hint: 'Free some space on the host.',
};

/** Each host has an address and a key of its own. */
function unknownKey(number: number): Failure {
  const fingerprint = `SHA256:${String(number).padStart(43, 'k')}`;
  return {
    ...NOTHING,
    kind: 'host-key-unknown',
    message: `the key of 10.0.0.${number}:22 is not in known_hosts: ssh-ed25519 ${fingerprint}`,
    step: 'connect',
    hint: `add it: ssh-keyscan 10.0.0.${number} >> ~/.ssh/known_hosts`,
  };
}

export function hostName(number: number, hosts: number): string {
  return `kvm${String(number).padStart(Math.max(2, String(hosts).length), '0')}.example.org`;
}

export function addressesOf(hosts: number): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Array.from({ length: hosts }, (_, i) => [hostName(i + 1, hosts), [`10.0.0.${i + 1}`]] as const),
  );
}

/** One host's way: when it ends, and what it was at before, both in milliseconds after it was started. */
interface Way {
  readonly steps: readonly (readonly [
    at: number,
    phase: 'connecting' | 'probing' | 'changing' | 'verifying',
    step?: string,
  ])[];
  readonly result: HostResult;
}

/** Every 29th host is unreachable, every 13th has a full disk, every 31st a key that nobody knows; number 7 is slow. */
function wayOf(number: number): Way {
  if (number % 29 === 0) {
    return {
      steps: [[0, 'connecting']],
      result: { ...OK, outcome: 'unreachable', error: NO_ROUTE, ms: 10_000 },
    };
  }
  if (number % 31 === 0) {
    return {
      steps: [[0, 'connecting']],
      result: { ...OK, outcome: 'unreachable', error: unknownKey(number), ms: 200 },
    };
  }
  const install = number === 7 ? 95_000 : 4_000 + ((number * 7919) % 13) * 500;
  const steps: Way['steps'] = [
    [0, 'connecting'],
    [150, 'probing'],
    [500, 'changing', 'take the lock of this host'],
    [550, 'changing', 'install vdsm-hook-diskunmap'],
  ];
  if (number % 13 === 0) {
    return { steps, result: { ...OK, outcome: 'failed', error: DISK_FULL, ms: install } };
  }
  return {
    steps: [...steps, [550 + install, 'verifying']],
    result: { ...OK, outcome: 'changed', changes: CHANGES, ms: 1_000 + install },
  };
}

const PAUSE_MS = 60_000;

/**
 * A rollout over so many hosts, 50 at once: one host, a pause of a minute, a quarter of the hosts, the others; then the
 * engine, which is left out if there was trouble.
 */
export function rollout(hosts: number): { readonly events: readonly Timed[]; readonly result: RunResult } {
  const names = Array.from({ length: hosts }, (_, i) => hostName(i + 1, hosts));
  const engine = 'engine.example.org';
  const quarter = 1 + Math.ceil(hosts / 4);
  const parts = [names.slice(0, 1), names.slice(1, quarter), names.slice(quarter)].filter(
    part => part.length > 0,
  );
  const events: Timed[] = [];
  const results = new Map<string, HostResult>();
  const plays = [
    { name: 'Hooks on every hypervisor', hosts: names },
    { name: 'Custom properties', hosts: [engine] },
  ];
  let at = 0;
  const tell = (event: RunEvent, when = at) => events.push({ at: when, event });
  tell({ type: 'run-started', command: 'apply', plays, forks: 50 });
  tell({ type: 'play-started', play: 0 });
  for (const [index, part] of parts.entries()) {
    const batch = { index, count: parts.length, hosts: part };
    tell({ type: 'batch-started', play: 0, batch });
    const lanes = Array.from({ length: 50 }, () => at);
    for (const host of part) {
      const { steps, result } = wayOf(names.indexOf(host) + 1);
      const lane = lanes.indexOf(Math.min(...lanes));
      const start = lanes[lane] ?? at;
      for (const [after, phase, step] of steps) {
        const event = { type: 'host-phase', play: 0, host, phase } as const;
        tell(step === undefined ? event : { ...event, step }, start + after);
      }
      lanes[lane] = start + result.ms;
      tell({ type: 'host-finished', play: 0, host, result }, start + result.ms);
      results.set(host, result);
    }
    at = Math.max(...lanes);
    tell({ type: 'batch-finished', play: 0, batch });
    if (index === 0 && parts.length > 1) {
      tell({ type: 'pause-started', play: 0, until: START + at + PAUSE_MS });
      at += PAUSE_MS;
      tell({ type: 'pause-finished', play: 0 });
    }
  }
  const bad = [...results.values()].filter(({ outcome }) => outcome !== 'changed').length;
  const stopped =
    bad === 0
      ? null
      : `${bad} of ${hosts} hosts of "Hooks on every hypervisor" failed or were unreachable, more than max_fail_percentage: 0 allows`;
  tell({ type: 'play-finished', play: 0, stopped });
  tell({ type: 'play-started', play: 1 });
  const ended: HostResult =
    stopped === null
      ? { ...OK, outcome: 'changed', changes: [], ms: 40_000 }
      : {
          ...OK,
          outcome: 'skipped',
          error: { ...NOTHING, kind: 'stopped', message: stopped, step: 'start' },
        };
  if (stopped === null) {
    tell({ type: 'host-phase', play: 1, host: engine, phase: 'changing', step: 'restart ovirt-engine' });
    at += 40_000;
  }
  tell({ type: 'host-finished', play: 1, host: engine, result: ended });
  results.set(engine, ended);
  tell({ type: 'play-finished', play: 1, stopped });
  const result = { command: 'apply', hosts: results, stopped, interrupted: false };
  tell({ type: 'run-finished', result });
  return { events: events.toSorted((a, b) => a.at - b.at), result };
}
