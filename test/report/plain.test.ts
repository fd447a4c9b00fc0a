import test from 'ava';
import type { RunEvent } from '../../src/core/event.ts';
import type { HostResult } from '../../src/core/host-result.ts';
import { makePaint } from '../../src/report/paint.ts';
import { plainView } from '../../src/report/plain.ts';
import { looksLike } from './shown.ts';
import { addressesOf, fakeClock, rollout, type Timed } from './story.ts';

const ok: HostResult = { outcome: 'ok', changes: [], error: null, notes: [], ms: 5 };
const failed: HostResult = {
  ...ok,
  outcome: 'failed',
  error: {
    kind: 'probe',
    message: 'it\u001b broke\nbadly',
    step: 's',
    command: null,
    exitCode: null,
    stderr: null,
    hint: null,
  },
};
const events: readonly RunEvent[] = [
  { type: 'run-started', command: 'check', plays: [{ name: 'hooks', hosts: ['a', 'b'] }], forks: 2 },
  { type: 'play-started', play: 0 },
  { type: 'host-phase', play: 0, host: 'a', phase: 'probing' },
  { type: 'host-finished', play: 0, host: 'a', result: ok },
  { type: 'host-phase', play: 0, host: 'b', phase: 'probing' },
  { type: 'host-finished', play: 0, host: 'b', result: failed },
  { type: 'play-finished', play: 0, stopped: null },
];

function linesOf(story: readonly Timed[], hosts: number, verbose = false): string[] {
  const lines: string[] = [];
  const clock = fakeClock();
  const view = plainView(line => lines.push(line), {
    about: { words: ['hooks.yml'], preview: false },
    aliases: addressesOf(hosts),
    paint: makePaint({}, {}),
    verbose,
    clock,
  });
  for (const { at, event } of story) {
    clock.goTo(at);
    view.report(event);
  }
  return lines;
}

const few = events.map(event => ({ at: 0, event }));

test('in a pipe there is a line a play, one for what went wrong, one for how it ended', t => {
  t.deepEqual(linesOf(few, 0), [
    'check hooks.yml: 2 hosts',
    'hooks: 2 hosts',
    '  failed b: it\\u{1b} broke',
    '  ended: 1 ok, 1 failed, 0.0 s',
  ]);
});

test('--verbose names every host, and each trouble once', t => {
  t.deepEqual(linesOf(few, 0, true), [
    'check hooks.yml: 2 hosts',
    'hooks: 2 hosts',
    '  ok a 5 ms',
    '  failed b: it\\u{1b} broke 5 ms',
    '  ended: 1 ok, 1 failed, 0.0 s',
  ]);
});

for (const hosts of [3, 120, 1000]) {
  test(`the log of a rollout over ${hosts} hosts`, t => {
    const lines = linesOf(rollout(hosts).events, hosts);
    t.true(lines.length < 80, 'a log stays readable, however many hosts there are');
    looksLike(t, `log-${hosts}`, lines.join('\n'));
  });
}

test('every host in trouble is named in the log, once', t => {
  const { events: story, result } = rollout(120);
  const log = linesOf(story, 120).join('\n');
  const bad = [...result.hosts].filter(
    ([, { outcome }]) => outcome === 'failed' || outcome === 'unreachable',
  );
  const numbers = bad.map(([name]) => /\d+/.exec(name)?.[0] ?? '').sort();
  const told = log
    .split('\n')
    .filter(line => /^ {2}(failed|unreachable) /.test(line))
    .flatMap(line => /^ {2}\w+ (.*?): /.exec(line)?.[1]?.match(/\d{3}/g) ?? [])
    .sort();
  t.deepEqual(told, numbers);
});

test('nothing is told while somebody is asked, nor once all is over', t => {
  const lines: string[] = [];
  const clock = fakeClock();
  const view = plainView(line => lines.push(line), {
    about: { words: [], preview: false },
    aliases: new Map(),
    paint: makePaint({}, {}),
    verbose: false,
    clock,
  });
  for (const event of events.slice(0, 3)) {
    view.report(event);
  }
  view.report({ type: 'question-started', play: 0 });
  const before = lines.length;
  clock.goTo(100_000);
  t.is(lines.length, before);
  view.report({ type: 'question-finished', play: 0 });
  clock.goTo(130_000);
  t.true(lines.length > before);
  const result = { command: 'check', hosts: new Map(), stopped: null, interrupted: false };
  view.report({ type: 'run-finished', result });
  const atEnd = lines.length;
  clock.goTo(1_000_000);
  t.is(lines.length, atEnd);
});
