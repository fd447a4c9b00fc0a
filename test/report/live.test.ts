import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import type { RunEvent } from '../../src/core/event.ts';
import { liveView } from '../../src/report/live.ts';
import { makePaint } from '../../src/report/paint.ts';
import { symbolsFor } from '../../src/report/symbols.ts';
import { screenOf } from '../picture/terminal.ts';
import { addressesOf, fakeClock, rollout, START } from './story.ts';

/** A terminal that keeps what was written to it. */
class Screen extends EventEmitter {
  written = '';
  columns: number;
  rows: number;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    this.written += text;
  }

  lines(): string[] {
    const rows = screenOf(this.written.replaceAll('\n', '\r\n'), this.columns || 80);
    return rows.map(row =>
      row
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    );
  }
}

function open(hosts: number, screen = new Screen(80, 24)) {
  const clock = fakeClock();
  const view = liveView(screen, {
    about: { words: ['hooks.yml'], preview: false },
    aliases: addressesOf(hosts),
    paint: makePaint({ isTTY: true }, {}),
    symbols: symbolsFor({}),
    clock,
  });
  const { events } = rollout(hosts);
  let next = 0;
  return {
    screen,
    view,
    clock,
    /** Tells what happens until then; listr2 takes a turn of the event loop for each of its steps. */
    async until(seconds: number) {
      for (; (events[next]?.at ?? Number.POSITIVE_INFINITY) <= seconds * 1000; next += 1) {
        const { at, event } = events[next] as (typeof events)[number];
        clock.goTo(at);
        view.report(event);
        await turn();
      }
      clock.goTo(Math.max(clock.now() - START, seconds * 1000));
      await turn();
    },
  };
}

test('the frame is drawn anew in its place; what was there before stays', async t => {
  const { screen, view, until } = open(120);
  screen.write('$ hookfleet apply hooks.yml\n');
  await until(3);
  t.deepEqual(screen.lines().slice(0, 3), [
    '$ hookfleet apply hooks.yml',
    'apply hooks.yml: 121 hosts, at most 50 at once',
    '⠋ Hooks on every hypervisor  0/120  3 s',
  ]);
  await until(110);
  t.is(screen.lines().filter(line => line.includes('Hooks on every hypervisor')).length, 1);
  t.true(screen.lines().some(line => line.includes('still running: kvm007.example.org')));
  await until(1000);
  await view.finished();
  t.deepEqual(screen.lines(), [
    '$ hookfleet apply hooks.yml',
    'apply hooks.yml: 121 hosts, at most 50 at once',
    '✖ Hooks on every hypervisor  120/120  7 unreachable, 9 failed, 3 min 01 s',
    '- Custom properties              1/1  1 skipped',
    '',
    '',
  ]);
});

test('the cursor is hidden while it draws, and shown when it ends; nothing is drawn after that', async t => {
  const { screen, view, clock, until } = open(3);
  await until(3);
  t.true(screen.written.lastIndexOf('\u001b[?25l') > screen.written.lastIndexOf('\u001b[?25h'));
  await until(1000);
  await view.finished();
  t.true(screen.written.endsWith('\u001b[?25h'));
  t.is(screen.listenerCount('resize'), 0);
  const { length } = screen.written;
  clock.goTo(2_000_000);
  t.is(screen.written.length, length);
});

test('signals are left to whoever listens for them', async t => {
  const listeners = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map(signal => process.listenerCount(signal));
  const before = listeners();
  const { view, until } = open(3);
  await until(3);
  t.deepEqual(listeners(), before);
  await until(1000);
  await view.finished();
});

test('what is said meanwhile stands above the frame, for good', async t => {
  const { screen, view, until } = open(3);
  await until(3);
  view.say('Interrupted: no further host is started.');
  const lines = screen.lines();
  t.is(lines[1], 'Interrupted: no further host is started.');
  t.regex(lines[2] ?? '', /Hooks on every hypervisor/);
  await until(1000);
  await view.finished();
  t.is(screen.lines()[1], 'Interrupted: no further host is started.');
});

test.serial('after Ctrl-Z and fg the frame stands below what the shell has written', async t => {
  const { screen, view, until } = open(3);
  await until(3);
  screen.write('[1]+  Stopped\n$ fg\n');
  process.emit('SIGCONT');
  await until(4);
  const lines = screen.lines();
  const shell = lines.indexOf('$ fg');
  t.true(shell > 1);
  t.regex(lines[shell + 1] ?? '', /Hooks on every hypervisor/);
  t.is(screen.lines().filter(line => line.includes('Hooks on every hypervisor')).length, 2);
  await until(1000);
  await view.finished();
  t.is(process.listenerCount('SIGCONT'), 0);
});

test('while somebody is asked, nothing is drawn and the cursor is shown', async t => {
  const { screen, view, clock, until } = open(3);
  await until(10);
  const asked: RunEvent = { type: 'question-started', play: 0 };
  view.report(asked);
  t.deepEqual(screen.lines(), ['apply hooks.yml: 4 hosts', '']);
  t.true(screen.written.endsWith('\u001b[?25h'));
  const { length } = screen.written;
  clock.goTo(15_000);
  screen.emit('resize');
  t.is(screen.written.length, length);
  screen.write('Go on? [y/N] y\n');
  view.report({ type: 'question-finished', play: 0 });
  await until(16);
  t.is(screen.lines()[1], 'Go on? [y/N] y');
  t.regex(screen.lines()[2] ?? '', /Hooks on every hypervisor/);
  await until(1000);
  await view.finished();
});

test('a terminal that says it has 0 columns is taken for one of 80', async t => {
  const { screen, view, until } = open(120, new Screen(0, 0));
  await until(110);
  const { rows, widest } = extent(screen.lines());
  t.true(widest > 60 && widest < 80, String(widest));
  t.true(rows < 24);
  await until(1000);
  await view.finished();
});

test('a terminal that was made smaller gets frames that fit', async t => {
  const { screen, view, until } = open(120);
  await until(110);
  [screen.columns, screen.rows] = [40, 6];
  screen.written = '';
  screen.emit('resize');
  const { rows, widest } = extent(screen.lines().filter(line => line !== ''));
  t.true(widest < 40, String(widest));
  t.true(rows < 6);
  await until(1000);
  await view.finished();
});

test('a run is watched closely for a minute, then once a second', async t => {
  const { screen, view, until } = open(120);
  let frames = 0;
  screen.write = () => {
    frames += 1;
  };
  await until(20);
  frames = 0;
  await until(30);
  t.is(frames, 50);
  await until(100);
  frames = 0;
  await until(110);
  t.is(frames, 10);
  await until(1000);
  await view.finished();
});

test('lines that have not changed are not sent again', async t => {
  const { screen, view, until } = open(120);
  await until(110);
  screen.written = '';
  await until(112);
  t.true(screen.written.length > 0);
  t.true(screen.written.length / 2 < 400, `${screen.written.length / 2} bytes a second`);
  await until(1000);
  await view.finished();
});

function extent(lines: readonly string[]): { rows: number; widest: number } {
  return {
    rows: lines.length,
    widest: Math.max(...lines.map(line => stripVTControlCharacters(line).length)),
  };
}
