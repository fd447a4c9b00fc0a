import test from 'ava';
import { stragglers, timeLeft } from '../../src/report/estimate.ts';
import { follow, newProgress, type Progress } from '../../src/report/progress.ts';

/** A play over so many hosts, of which some are done, after 20 seconds each, and some in flight since `busyMs`. */
function play(hosts: number, done: number, busyMs: readonly number[], forks: number): Progress {
  const progress = newProgress(new Map());
  const names = Array.from({ length: hosts }, (_, i) => `h${i}`);
  const result = { outcome: 'ok', changes: [], error: null, notes: [], ms: 20_000 } as const;
  follow(progress, { type: 'run-started', command: 'apply', plays: [{ name: 'p', hosts: names }], forks }, 0);
  follow(progress, { type: 'play-started', play: 0 }, 0);
  for (const host of names.slice(0, done)) {
    follow(progress, { type: 'host-phase', play: 0, host, phase: 'probing' }, 0);
    follow(progress, { type: 'host-finished', play: 0, host, result }, 20_000);
  }
  for (const [i, ms] of busyMs.entries()) {
    const host = names[done + i] ?? '';
    follow(progress, { type: 'host-phase', play: 0, host, phase: 'probing' }, 100_000 - ms);
  }
  return progress;
}

const cases: readonly (readonly [
  title: string,
  hosts: number,
  done: number,
  busy: readonly number[],
  forks: number,
  left: number | null,
])[] = [
  ['nobody is done yet', 100, 0, [5_000], 10, null],
  ['ten lanes, ninety to go', 100, 10, [], 10, 180_000],
  ['what is in flight counts by what it has still to do', 20, 10, Array(10).fill(15_000), 10, 5_000],
  ['one in flight that was just started', 11, 10, [0], 10, 20_000],
  ['one host that waits takes as long as one host', 11, 10, [], 10, 20_000],
  ['next to nothing left', 11, 10, [19_000], 10, null],
  ['a host that takes longer than the mean', 11, 10, [90_000], 10, null],
];

for (const [title, hosts, done, busy, forks, left] of cases) {
  test(`time left: ${title}`, t => {
    const progress = play(hosts, done, busy, forks);
    const [first] = progress.plays;
    t.is(first ? timeLeft(progress, first, 100_000) : undefined, left);
  });
}

test('a pause between two batches counts, and a play that has ended has no time left', t => {
  const progress = play(100, 10, [], 10);
  const [first] = progress.plays;
  follow(progress, { type: 'pause-started', play: 0, until: 160_000 }, 100_000);
  t.is(first && timeLeft(progress, first, 100_000), 240_000);
  follow(progress, { type: 'pause-finished', play: 0 }, 100_000);
  follow(progress, { type: 'play-finished', play: 0, stopped: null }, 100_000);
  t.is(first && timeLeft(progress, first, 100_000), null);
});

test('hosts left out do not count as quick ones', t => {
  const progress = play(100, 10, [], 10);
  const result = { outcome: 'skipped', changes: [], error: null, notes: [], ms: 0 } as const;
  follow(progress, { type: 'host-finished', play: 0, host: 'h99', result }, 20_000);
  const [first] = progress.plays;
  t.is(first && timeLeft(progress, first, 100_000), 178_000);
});

test('hosts that are at the same step for long stand together, the longest first', t => {
  const busy = (host: string, step: string, stepSince: number) => ({
    host,
    step,
    stepSince,
    phase: 'changing' as const,
    startedAt: 0,
  });
  const found = stragglers(
    [busy('a', 'one', 50), busy('b', 'two', 10), busy('c', 'one', 20), busy('d', 'two', 95)],
    100,
    40,
  );
  t.deepEqual(found, [
    { step: 'two', hosts: ['b'], ms: 90 },
    { step: 'one', hosts: ['a', 'c'], ms: 80 },
  ]);
});

test('a step goes on while the phase tells the same, and begins anew with another', t => {
  const progress = newProgress(new Map());
  const plays = [{ name: 'p', hosts: ['a'] }];
  follow(progress, { type: 'run-started', command: 'apply', plays, forks: 1 }, 0);
  const phase = (step: string, now: number) =>
    follow(progress, { type: 'host-phase', play: 0, host: 'a', phase: 'changing', step }, now);
  phase('one', 10);
  phase('one', 20);
  t.like(progress.busy.get('a'), { startedAt: 10, stepSince: 10 });
  phase('two', 30);
  t.like(progress.busy.get('a'), { startedAt: 10, stepSince: 30, step: 'two' });
});
