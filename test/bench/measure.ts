import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** What one run of a program cost. */
export interface Cost {
  /** From its start to its end, in seconds. */
  readonly wall: number;
  /** User and system time of it and of all the processes that it waited for, in seconds. */
  readonly cpu: number;
  /** The largest resident set that one of these processes had, in MiB. */
  readonly rss: number;
}

export interface Program {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** bash's `time` has milliseconds, GNU time the memory. What the program writes goes to files, as to a log. */
const TIMED = `
TIMEFORMAT='%3R %3U %3S' folder=$1
shift
exec 3>"$folder/stderr"
{ time /usr/bin/time -q -f %M -o "$folder/rss" -- "$@" >"$folder/stdout" 2>&3; } 2>"$folder/times"`;

/**
 * Runs a program to its end.
 * @param folder where its output is kept while it runs.
 * @throws with the end of its output, when its exit code is not 0.
 */
export async function measure(
  { command, cwd, env }: Program,
  folder: string,
): Promise<{ readonly cost: Cost; readonly stdout: string }> {
  const { exitCode } = await execa('bash', ['-c', TIMED, 'bash', folder, ...command], {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  const [stdout, stderr, times, rss] = await Promise.all(
    ['stdout', 'stderr', 'times', 'rss'].map(name => readFile(join(folder, name), 'utf8')),
  );
  if (exitCode !== 0) {
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-40).join('\n');
    throw new Error(`${command.slice(0, 4).join(' ')} … ended with exit code ${exitCode}:\n${said}`);
  }
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = (times ?? '')
    .trim()
    .split(' ')
    .map(Number);
  return { cost: { wall, cpu: user + system, rss: Number(rss) / 1024 }, stdout: stdout ?? '' };
}

/** Each figure's own median. */
export function medians(costs: readonly Cost[]): Cost {
  const median = (pick: (cost: Cost) => number) =>
    costs.map(pick).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? Number.NaN;
  return { wall: median(one => one.wall), cpu: median(one => one.cpu), rss: median(one => one.rss) };
}
