import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import type { Failure } from '../../src/core/failure.ts';
import { type FrameLook, frame, lastFrame } from '../../src/report/frame.ts';
import { widthOf } from '../../src/report/line.ts';
import { makePaint } from '../../src/report/paint.ts';
import { follow, newProgress, type Progress } from '../../src/report/progress.ts';
import { symbolsFor } from '../../src/report/symbols.ts';
import { looksLike } from './shown.ts';
import { addressesOf, rollout, START, type Timed } from './story.ts';

const plain = makePaint({}, {});
const colour = makePaint({ isTTY: true }, {});
const symbols = symbolsFor({});

/** The moments of a rollout of 120 hosts that are worth a look, in seconds. */
const MOMENTS: readonly (readonly [title: string, seconds: number])[] = [
  ['the canary', 3],
  ['the pause after it', 14],
  ['a batch', 74],
  ['a host that takes long', 110],
  ['the last batch', 170],
];

function look(columns: number, rows = 24): FrameLook {
  return { columns, rows, paint: plain, symbols };
}

function at(events: readonly Timed[], seconds: number, hosts: number): Progress {
  const progress = newProgress(addressesOf(hosts));
  for (const { at: when, event } of events.filter(timed => timed.at <= seconds * 1000)) {
    follow(progress, event, START + when);
  }
  return progress;
}

for (const columns of [40, 80, 200]) {
  test(`what one sees of a rollout over 120 hosts on ${columns} columns`, t => {
    const { events } = rollout(120);
    const shown = MOMENTS.map(([title, seconds]) => {
      const lines = frame(at(events, seconds, 120), START + seconds * 1000, look(columns));
      return [`--- ${title}, after ${seconds} s`, ...lines].join('\n');
    });
    const end = lastFrame(at(events, 1000, 120), START + 1_000_000, look(columns));
    looksLike(t, `live-${columns}`, [...shown, '--- the end', ...end].join('\n'));
  });
}

test('what one sees of a rollout over 1,000 hosts, and over 3', t => {
  const moments = [
    [1000, 200],
    [3, 90],
  ] as const;
  const shown = moments.map(([hosts, seconds]) => {
    const progress = at(rollout(hosts).events, seconds, hosts);
    return [`--- ${hosts} hosts`, ...frame(progress, START + seconds * 1000, look(100))].join('\n');
  });
  looksLike(t, 'live-sizes', shown.join('\n'));
});

test('a terminal of few lines still shows the play that runs, who is slow, and that there is trouble', t => {
  const progress = at(rollout(120).events, 110, 120);
  const lines = frame(progress, START + 110_000, look(80, 5));
  t.is(lines.length, 4);
  t.regex(lines.join('\n'), /Hooks on every hypervisor[\s\S]*still running: kvm007[\s\S]*and 2 more causes/);
});

test('no frame is wider than the terminal, nor has it more lines, colours or not', t => {
  const stories = [3, 120].map(hosts => ({ hosts, events: rollout(hosts).events }));
  const story = fc.constantFrom(...stories);
  const size = { columns: fc.integer({ min: 1, max: 220 }), rows: fc.integer({ min: 1, max: 40 }) };
  fc.assert(
    fc.property(story, fc.record(size), fc.nat(300), ({ hosts, events }, { columns, rows }, seconds) => {
      const progress = at(events, seconds, hosts);
      for (const draw of [frame, lastFrame]) {
        const lines = draw(progress, START + seconds * 1000, { columns, rows, paint: colour, symbols });
        const texts = lines.map(stripVTControlCharacters);
        t.true(lines.length <= Math.max(draw === frame ? 1 : 2, rows - 1), `${lines.length} of ${rows}`);
        t.deepEqual(
          texts.filter(text => widthOf(text) > Math.max(1, columns - 1)),
          [],
        );
        const bare = draw(progress, START + seconds * 1000, { columns, rows, paint: plain, symbols });
        t.deepEqual(texts, bare);
      }
    }),
    { numRuns: 300 },
  );
});

test('names of plays, hosts and steps cannot drive the terminal', t => {
  const bad = 'x\u001b[2J\u0007\r\u202e';
  const progress = newProgress(new Map());
  const error: Failure = {
    kind: 'probe',
    message: bad,
    step: bad,
    command: null,
    exitCode: null,
    stderr: null,
    hint: null,
  };
  const result = { outcome: 'failed', changes: [], error, notes: [], ms: 1 } as const;
  follow(
    progress,
    { type: 'run-started', command: 'apply', plays: [{ name: bad, hosts: [bad, `${bad}2`] }], forks: 1 },
    START,
  );
  follow(progress, { type: 'play-started', play: 0 }, START);
  follow(progress, { type: 'host-finished', play: 0, host: bad, result }, START);
  follow(progress, { type: 'host-phase', play: 0, host: `${bad}2`, phase: 'changing', step: bad }, START);
  const text = frame(progress, START + 60_000, look(200)).join('\n');
  t.true(text.includes('still running'), text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  t.notRegex(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('more plays than lines: the one that runs is there', t => {
  const plays = Array.from({ length: 40 }, (_, i) => ({ name: `play ${i}.`, hosts: ['a'] }));
  const progress = newProgress(new Map());
  follow(progress, { type: 'run-started', command: 'check', plays, forks: 1 }, START);
  for (const play of [0, 17, 39]) {
    follow(progress, { type: 'play-started', play }, START);
    t.regex(frame(progress, START, look(80, 10)).join('\n'), new RegExp(`play ${play}\\.`));
  }
});
