import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { JsonReport } from '../../src/report/json.ts';

/** The fleet of no-leaks-fleet.ts, running. */
export interface LargeFleet {
  /** Runs `hookfleet COMMAND hooks.yml --json` on it with short time limits, as a process of its own, to its end. */
  run(command: 'apply' | 'check', ...args: readonly string[]): Promise<LargeRun>;
  stop(): Promise<void>;
}

export interface LargeRun {
  readonly document: JsonReport;
  readonly stderr: string;
  readonly exitCode: number | undefined;
  readonly seconds: number;
  readonly held: Held;
}

/** What a process held, by no-leaks-watch.mjs. */
export interface Held {
  /** There was nothing more to wait for; else it was made to end. */
  readonly emptied: boolean;
  /** The most memory at a time (resident set), in bytes. */
  readonly peakBytes: number;
  /** What its descriptors were when it began, sorted. */
  readonly openAtStart: readonly string[];
  readonly openAtEnd: readonly string[];
}

/** How much memory a run over the whole fleet may hold at a time (resident set), in bytes. */
export const MOST_MEMORY = 200_000_000;

const LIMITS = ['--timeout', '8', '--connect-tries', '2', '--connect-limit', '16', '--keepalive', '3'];

const PLAYBOOK = '- hosts: hypervisors\n  vdsm_hooks: [diskunmap, qemucmdline]\n';

export async function startLargeFleet(): Promise<LargeFleet> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-fleet-'));
  await writeFile(join(folder, 'hooks.yml'), PLAYBOOK);
  const fleet = fork(file('no-leaks-fleet.ts'), [folder], { execArgv: ['--import=tsx'] });
  await once(fleet, 'message');
  return {
    run: (command, ...args) =>
      run(folder, [command, 'hooks.yml', '-i', 'hosts.ini', '--json', ...LIMITS, ...args]),
    async stop() {
      const ended = once(fleet, 'exit');
      fleet.disconnect();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** Far beyond all time limits of the run. */
const NEVER_ENDS_MS = 180_000;

async function run(folder: string, args: readonly string[]): Promise<LargeRun> {
  const heldFile = join(folder, 'held.json');
  const { stdout, stderr, exitCode, durationMs } = await execa(
    process.execPath,
    [file('../../bin/hookfleet.js'), ...args],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        NO_LEAKS_HELD: heldFile,
        NODE_OPTIONS: `--trace-warnings --unhandled-rejections=strict --import=${file('no-leaks-watch.mjs')}`,
      },
      extendEnv: false,
      stdin: 'ignore',
      timeout: NEVER_ENDS_MS,
      killSignal: 'SIGKILL',
      reject: false,
    },
  );
  if (stdout === '') {
    throw new Error(`hookfleet ${args[0]} ended with exit code ${exitCode}:\n${stderr}`);
  }
  const held: Held = JSON.parse(await readFile(heldFile, 'utf8'));
  return { document: JSON.parse(stdout), stderr, exitCode, seconds: durationMs / 1000, held };
}

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
