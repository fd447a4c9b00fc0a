import { spawn } from 'node:child_process';

/** What a program said that read a script. */
export interface Said {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const TIME_LIMIT_MS = 30_000;

const MOST_OUTPUT = 4 * 1024 * 1024;

/**
 * Runs a program of this machine with a script on its stdin. Its environment holds only the PATH and the home folder:
 * nothing there may have a shell run a file first (BASH_ENV).
 *
 * @returns undefined where there is no such program; a status of undefined where it ended by a signal or the time limit.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  input: Uint8Array,
): Promise<Said | undefined> {
  const { PATH, HOME } = process.env;
  return new Promise(resolve => {
    const child = spawn(program, args, {
      env: { LC_ALL: 'C', ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }) },
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    const outputs = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        outputs[stream] += outputs[stream].length < MOST_OUTPUT ? text : '';
      });
    }
    child.once('error', () => resolve(undefined));
    child.once('close', status => resolve({ status: status ?? undefined, ...outputs }));
    // A program that has seen enough closes its stdin.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
