import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { BIN } from '../lab/fleet.ts';
import { type Cost, measure, medians } from './measure.ts';
import type { Goal } from './table.ts';

/** What a check of so many hosts costs beside the bare fan-out of the same script. */
export interface ScaleRow {
  readonly hosts: number;
  readonly check: Cost;
  readonly floor: Cost;
}

export interface Scale {
  readonly rows: readonly ScaleRow[];
  /** All three reports of 1,000 hosts, in milliseconds. */
  readonly reportsMs: number;
}

const SIZES = [10, 100, 500, 1000] as const;
const FORKS = 50;

// The servers have no settings of vhostmd: the hook comes with the word that this is known.
const PLAYBOOK =
  '- hosts: hypervisors\n  vdsm_hooks: [diskunmap, extnet, qemucmdline, { name: vhostmd, accept_risk: true }]\n';

/** Goals. */
const MOST_CPU = 1.3;
const MOST_MIB = 250e6 / 1024 / 1024;
const MOST_REPORTS_MS = 2000;

/**
 * Checks unchanged fleets of embedded servers of all sizes, and fans the same script out to them with bare ssh2. The
 * rounds are interleaved; the figures are medians.
 *
 * @param say is told how it goes on.
 */
export async function measureScale(rounds: number, say: (line: string) => void): Promise<Scale> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-scale-'));
  await writeFile(join(folder, 'hooks.yml'), PLAYBOOK);
  const fleet = fork(file('scale-fleet.ts'), [folder, SIZES.join(',')], { execArgv: ['--import=tsx'] });
  try {
    const [ports] = (await once(fleet, 'message')) as [readonly number[]];
    const env = { PATH: process.env.PATH ?? '', HOME: folder, FORKS: String(FORKS) };
    const hookfleet = (...args: readonly string[]) => [
      ...[process.execPath, BIN, ...args],
      ...['hooks.yml', '-i', 'hosts.ini', '-f', String(FORKS)],
    ];
    const run = async (command: readonly string[]) => measure({ command, cwd: folder, env }, folder);
    // One disk is behind all of them.
    await run([...hookfleet('apply'), '--yes', '-l', 'hv-0001']);
    fleet.send('forget');
    await once(fleet, 'message');
    const probe = await run([...hookfleet('check'), '--print-probe']);
    await writeFile(join(folder, 'probe.sh'), `${probe.stdout}\n`);

    const costs = SIZES.map(hosts => ({ hosts, check: [] as Cost[], floor: [] as Cost[] }));
    for (let round = 1; round <= rounds; round += 1) {
      for (const { hosts, check, floor } of costs) {
        const checked = await run([...hookfleet('check'), '-l', `first${hosts}`]);
        if (!checked.stdout.includes(`${hosts} hosts: ${hosts} ok`)) {
          throw new Error(`Not all hosts are well:\n${checked.stdout.slice(-2000)}`);
        }
        const endpoints = ports.slice(0, hosts).map(port => `127.0.0.1:${port}`);
        const bare = [process.execPath, file('floor.mjs'), 'root', '.ssh/id_ed25519', 'probe.sh'];
        const fanned = await run([...bare, ...endpoints]);
        check.push(checked.cost);
        floor.push(fanned.cost);
        say(
          `round ${round}: ${hosts} hosts: check CPU ${checked.cost.cpu.toFixed(2)} s, floor ${fanned.cost.cpu.toFixed(2)} s`,
        );
      }
    }
    return {
      rows: costs.map(({ hosts, check, floor }) => ({ hosts, check: medians(check), floor: medians(floor) })),
      reportsMs: await measureReports(folder, rounds),
    };
  } finally {
    const ended = once(fleet, 'exit');
    fleet.disconnect();
    await ended;
    await rm(folder, { recursive: true });
  }
}

async function measureReports(folder: string, rounds: number): Promise<number> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { stdout } = await execa(process.execPath, [
      '--import=tsx',
      file('scale-reports.ts'),
      folder,
      '1000',
    ]);
    all.push(Number(stdout));
  }
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}

/** What the figures should come to. */
export function scaleGoals({ rows, reportsMs }: Scale): readonly Goal[] {
  const [, hundred, middle, most] = rows;
  if (hundred === undefined || middle === undefined || most === undefined) {
    return [];
  }
  const ratio = most.check.cpu / most.floor.cpu;
  const slope = (pick: (row: ScaleRow) => number, a: ScaleRow, b: ScaleRow) =>
    (pick(b) - pick(a)) / (b.hosts - a.hosts);
  const cpu = ({ check }: ScaleRow) => check.cpu * 1000;
  const [first, second] = [slope(cpu, hundred, middle), slope(cpu, middle, most)];
  return [
    {
      text: `1,000 hosts: CPU at most ${MOST_CPU} times the bare fan-out's: ${ratio.toFixed(2)}`,
      reached: ratio <= MOST_CPU,
    },
    {
      text: `CPU stays linear: a host more costs ${first.toFixed(1)} ms up to 500 hosts, ${second.toFixed(1)} ms up to 1,000`,
      reached: second <= 1.25 * first,
    },
    {
      text: `1,000 hosts in less than 250 MB: ${((most.check.rss * 1024 * 1024) / 1e6).toFixed(0)} MB`,
      reached: most.check.rss < MOST_MIB,
    },
    {
      text: `all reports of 1,000 hosts in less than 2 s: ${(reportsMs / 1000).toFixed(2)} s`,
      reached: reportsMs < MOST_REPORTS_MS,
    },
  ];
}

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
