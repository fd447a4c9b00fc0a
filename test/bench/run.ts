/**
 * `npm run bench [-- --hosts 50] [--rounds 5] [--only TEXT] [--skip-missing] [--scale] [--write]`: what a check of an
 * unchanged fleet costs, side by side with other ways to do the same; then what it costs from 10 to 1,000 hosts, with
 * `--scale` that alone. Needs what the lab's tests need, and the programs that are
 * compared. The rounds are interleaved, so that whatever else the machine does meets all sides.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BIN } from '../lab/fleet.ts';
import { type BenchFleet, startFleet } from './fleet.ts';
import { type InventoryCost, MOST_LIMIT_MS, MOST_LOAD_MS, measureInventory } from './inventory.ts';
import { type Latency, MOST_ROUND_TRIPS, measureLatency } from './latency.ts';
import { type Cost, measure, medians } from './measure.ts';
import { aptLine, isInstalled } from './programs.ts';
import { measureMemory, memoryGoals } from './rss.ts';
import { measureScale, scaleGoals } from './scale.ts';
import { makeSides, type Side } from './sides.ts';
import {
  type Goal,
  goalsTable,
  latencyTable,
  memoryTable,
  putBetweenMarkers,
  type Row,
  scaleTable,
  sidesTable,
  startsTable,
} from './table.ts';

const PAGE = new URL('../../docs/performance.md', import.meta.url);

const { values: options } = parseArgs({
  options: {
    hosts: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    scale: { type: 'boolean', default: false },
    'skip-missing': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const missing = aptLine();
if (missing !== undefined && !options['skip-missing']) {
  say(`Programs are missing: ${missing}`);
  say('With --skip-missing the benchmark runs without them.');
  process.exitCode = 1;
} else {
  if (missing !== undefined) {
    say(`Left out, because programs are missing: ${missing}`);
  }
  try {
    const rounds = wholeNumber(options.rounds);
    if (!options.scale) {
      await bench(wholeNumber(options.hosts), rounds);
    }
    await benchScale(rounds);
  } catch (error) {
    say(`The benchmark failed: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new Error(`Not a whole number of at least 1: ${text}`);
  }
  return number;
}

async function bench(count: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-bench-'));
  say(`Starting ${count} hosts and installing the hooks …`);
  const fleet = await startFleet(count);
  try {
    const sides = (await makeSides(fleet)).filter(
      ({ name, needs }) =>
        (needs === undefined || isInstalled(needs)) &&
        (options.only === undefined || name.includes(options.only)),
    );
    const rows = await measureAll([...sides, ...starts(fleet.control.folder)], rounds, folder);
    const latencies = await latenciesOf(fleet, rounds);
    say('Measuring memory over 500 hosts …');
    const memory = await measureMemory();
    say('Loading a large inventory …');
    const inventory = await measureInventory(folder, rounds);
    const of = (name: string) => rows.find(row => row.name.startsWith(name))?.cost;
    const check = of('hookfleet check');
    const sideRows = rows.slice(0, sides.length);
    const text = [
      `${count} hosts, medians of ${rounds} interleaved rounds, ${new Date().toISOString().slice(0, 10)}; ${machine()}`,
      ...(check ? [sidesTable(sideRows, check, count)] : []),
      startsTable(rows.slice(sides.length)),
      latencyTable(latencies),
      memoryTable(memory),
      goalsTable([
        ...goals(of),
        ...latencyGoals(latencies),
        ...memoryGoals(memory),
        ...inventoryGoals(inventory),
      ]),
    ].join('\n\n');
    process.stdout.write(`${text}\n`);
    if (options.write) {
      await writeFile(PAGE, putBetweenMarkers(await readFile(PAGE, 'utf8'), text));
    }
  } finally {
    await Promise.all([fleet.stop(), rm(folder, { recursive: true })]);
  }
}

async function benchScale(rounds: number): Promise<void> {
  say('Checking fleets of 10 to 1,000 embedded servers …');
  const scale = await measureScale(rounds, say);
  const text = [
    `Medians of ${rounds} interleaved rounds, ${new Date().toISOString().slice(0, 10)}; ${machine()}`,
    scaleTable(scale.rows),
    goalsTable(scaleGoals(scale)),
  ].join('\n\n');
  process.stdout.write(`${text}\n`);
  if (options.write) {
    await writeFile(PAGE, putBetweenMarkers(await readFile(PAGE, 'utf8'), text, 'scale'));
  }
}

/** A side that fails ends the whole benchmark. */
async function measureAll(sides: readonly Side[], rounds: number, folder: string): Promise<readonly Row[]> {
  const costs = new Map<string, Cost[]>(sides.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of sides) {
      const program = await side.start();
      try {
        const { cost, stdout } = await measure(program, folder);
        if (!side.accepts(stdout)) {
          throw new Error(`${side.name} does not say that all is well:\n${stdout.slice(-4000)}`);
        }
        costs.get(side.name)?.push(cost);
        say(`round ${round}: ${side.name}: ${cost.wall.toFixed(2)} s, CPU ${cost.cpu.toFixed(2)} s`);
      } finally {
        await program.cleanUp?.();
      }
    }
  }
  return sides.map(({ name }) => ({ name, cost: medians(costs.get(name) ?? []) }));
}

/** Programs that contact nobody. */
function starts(cwd: string): readonly Side[] {
  const start = (name: string, args: readonly string[], expected: RegExp): Side => ({
    name,
    start: async () => ({
      command: [process.execPath, ...args],
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: cwd },
    }),
    accepts: stdout => expected.test(stdout),
  });
  return [
    start('node, an empty program', ['-e', '0'], /^$/),
    start('hookfleet --version', [BIN, '--version'], /^\d/),
    start('hookfleet check --help', [BIN, 'check', '--help'], /--limit/),
    start(
      'hookfleet check --print-probe',
      [BIN, 'check', 'hooks.yml', '-i', 'hosts.ini', '--print-probe'],
      / end$/m,
    ),
  ];
}

/** On one host that is at rest again. */
async function latenciesOf({ hosts, control }: BenchFleet, rounds: number): Promise<readonly Latency[]> {
  const [host] = hosts;
  say('Measuring round trips over a slow link …');
  const probe = await control.run('check', 'hooks.yml', '-i', 'hosts.ini', '--print-probe');
  return host ? measureLatency(host, probe.stdout, Math.max(rounds, 5)) : [];
}

function latencyGoals([inCommand]: readonly Latency[]): readonly Goal[] {
  return inCommand
    ? [
        {
          text: `at most ${MOST_ROUND_TRIPS} round trips from the connect event to the result: ${inCommand.result.toFixed(1)}`,
          reached: inCommand.result <= MOST_ROUND_TRIPS,
        },
      ]
    : [];
}

function inventoryGoals({ hosts, loadMs, limitMs }: InventoryCost): readonly Goal[] {
  return [
    {
      text: `an inventory of ${hosts} hosts is loaded in at most ${MOST_LOAD_MS} ms: ${loadMs.toFixed(0)} ms`,
      reached: loadMs <= MOST_LOAD_MS,
    },
    {
      text: `a limit pattern over them takes at most ${MOST_LIMIT_MS} ms: ${limitMs.toFixed(0)} ms`,
      reached: limitMs <= MOST_LIMIT_MS,
    },
  ];
}

function goals(of: (name: string) => Cost | undefined): readonly Goal[] {
  const [check, floor, playbook] = [of('hookfleet check'), of('floor'), of('ansible-playbook')];
  const version = of('hookfleet --version');
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  return [
    ...(check && floor
      ? [
          {
            text: `wall time at most 1.4 times the floor's: ${ratio(check.wall, floor.wall)}`,
            reached: check.wall <= 1.4 * floor.wall,
          },
          {
            text: `CPU at most 1.5 times the floor's plus 0.25 s (${(1.5 * floor.cpu + 0.25).toFixed(2)} s): ${check.cpu.toFixed(2)} s`,
            reached: check.cpu <= 1.5 * floor.cpu + 0.25,
          },
        ]
      : []),
    ...(check && playbook
      ? [
          {
            text: `wall time at most a fifteenth of ansible-playbook's: 1/${(playbook.wall / check.wall).toFixed(1)}`,
            reached: check.wall <= playbook.wall / 15,
          },
        ]
      : []),
    ...(version
      ? [
          {
            text: `hookfleet --version under 120 ms: ${(1000 * version.wall).toFixed(0)} ms`,
            reached: version.wall < 0.12,
          },
        ]
      : []),
  ];
}

function machine(): string {
  const [cpu] = cpus();
  return `Node ${process.versions.node}, Linux ${release()}, ${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}; hosts and clients share the machine.`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
