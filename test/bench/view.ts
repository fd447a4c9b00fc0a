/**
 * What the live view costs of a run over 1,000 hosts, in CPU of the program: a check of 1,000 simulated hosts without a
 * view, and beside it the view alone, loaded and fed frame by frame with a check that takes as long. Also a rollout with
 * failures that takes five minutes. The check is the cheapest run that there is, so the share is the largest. Needs
 * `npm run build`.
 */
import { EventEmitter } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FLEET_OPTIONS, PLAYBOOK } from '../../src/demo/control.ts';
import { startFleet } from '../../src/demo/fleet.ts';
import { makePaint } from '../../src/report/paint.ts';
import { symbolsFor } from '../../src/report/symbols.ts';
import { addressesOf, fakeClock, hostName, rollout, type Timed } from '../report/story.ts';
import { type Cost, measure } from './measure.ts';

const HOSTS = 1000;
const FORKS = 50;
const BIN = fileURLToPath(new URL('../../bin/hookfleet.js', import.meta.url));
const BUILT = new URL('../../dist/report/live.js', import.meta.url).href;

const run = await checkWithoutView();
const check = await view(checkStory(run.wall * 1000));
const whole = await view(rollout(HOSTS).events);
process.stdout.write(
  `check of ${HOSTS} hosts without a view: ${run.cpu.toFixed(2)} s of CPU in ${run.wall.toFixed(0)} s\n` +
    `its view: ${check.cpu.toFixed(2)} s, ${check.writes} writes, ${check.kilobytes} kB: ${((100 * check.cpu) / run.cpu).toFixed(1)} %\n` +
    `view of a rollout of 285 s: ${whole.cpu.toFixed(2)} s, ${whole.writes} writes, ${whole.kilobytes} kB\n`,
);

async function view(events: readonly Timed[]) {
  let [writes, bytes] = [0, 0];
  const terminal = Object.assign(new EventEmitter(), {
    columns: 120,
    rows: 40,
    write(text: string) {
      writes += 1;
      bytes += Buffer.byteLength(text);
    },
  });
  const clock = fakeClock();
  const options = {
    about: { words: ['hooks.yml'], preview: false },
    aliases: addressesOf(HOSTS),
    paint: makePaint({ isTTY: true }, {}),
    symbols: symbolsFor({}),
    clock,
  };
  const before = process.cpuUsage();
  const { liveView }: typeof import('../../src/report/live.ts') = await import(BUILT);
  const live = liveView(terminal, options);
  for (const { at, event } of events) {
    clock.goTo(at);
    live.report(event);
    if (event.type === 'run-started') {
      await turn();
    }
  }
  await live.finished();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, writes, kilobytes: Math.round(bytes / 1000) };
}

/** A check in which every host takes the same time, and every other one has drifted. */
function checkStory(ms: number): Timed[] {
  const hosts = Array.from({ length: HOSTS }, (_, i) => hostName(i + 1, HOSTS));
  const each = (ms * FORKS) / HOSTS;
  const plays = [{ name: 'Hooks', hosts }];
  const ok = { changes: [], error: null, notes: [], ms: each };
  return [
    { at: 0, event: { type: 'run-started', command: 'check', plays, forks: FORKS } as const },
    { at: 0, event: { type: 'play-started', play: 0 } as const },
    ...hosts
      .flatMap((host, i): Timed[] => {
        const start = Math.floor(i / FORKS) * each + (i % FORKS) * (each / FORKS);
        const outcome = i % 2 === 0 ? 'ok' : 'drifted';
        return [
          { at: start, event: { type: 'host-phase', play: 0, host, phase: 'connecting' } },
          { at: start + each / 2, event: { type: 'host-phase', play: 0, host, phase: 'probing' } },
          { at: start + each, event: { type: 'host-finished', play: 0, host, result: { ...ok, outcome } } },
        ];
      })
      .sort((a, b) => a.at - b.at),
    { at: ms + each, event: { type: 'play-finished', play: 0, stopped: null } as const },
  ];
}

/** Every simulated host stands under many names. */
async function checkWithoutView(): Promise<Cost> {
  const { fleet, stop } = await startFleet();
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-bench-'));
  try {
    const inventory = await readFile(join(fleet.folder, 'hosts.ini'), 'utf8');
    const hosts = inventory.split('\n').filter(line => line.startsWith('hv-'));
    const copies = Array.from(
      { length: HOSTS - hosts.length },
      (_, i) => hosts[i % hosts.length]?.replace(/^\S+/, name => `${name}-copy${i}`) ?? '',
    );
    const [first = ''] = hosts;
    const many = inventory.replace(first, [first, ...copies].join('\n'));
    await writeFile(join(fleet.folder, 'many.ini'), many);
    const run = (...words: readonly string[]) =>
      measure(
        {
          command: [process.execPath, BIN, ...words],
          cwd: fleet.folder,
          env: { PATH: process.env.PATH ?? '', HOME: fleet.folder },
        },
        folder,
      );
    await run('apply', PLAYBOOK, ...FLEET_OPTIONS, '--yes');
    const options = FLEET_OPTIONS.map(word => (word === 'hosts.ini' ? 'many.ini' : word));
    return (await run('check', PLAYBOOK, ...options, '--quiet')).cost;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await stop();
  }
}
