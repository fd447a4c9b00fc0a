import { join } from 'node:path';
import { execa } from 'execa';
import { BIN, type Control } from './fleet.ts';

export interface Seen {
  /** Everything that was on the screen. */
  readonly screen: string;
  readonly exitCode: number | undefined;
}

/**
 * Runs the program on a terminal of its own, and types the next answer whenever it has asked: what is on the screen then
 * ends with `[y/N] `.
 *
 * @param answers what is typed, or what is done first and then typed.
 */
export async function onTerminal(
  { folder }: Control,
  args: readonly string[],
  ...answers: readonly (string | (() => Promise<string>))[]
): Promise<Seen> {
  const command = [process.execPath, BIN, ...args].map(word => `'${word}'`).join(' ');
  const running = execa('script', ['-qefc', command, '/dev/null'], {
    cwd: folder,
    env: { HOME: join(folder, 'home'), SSH_AUTH_SOCK: undefined, TERM: 'xterm', CI: undefined },
    reject: false,
    timeout: 120_000,
  });
  let screen = '';
  let asked = 0;
  running.stdout?.on('data', async chunk => {
    screen += chunk;
    const answer = answers[asked];
    if (answer !== undefined && screen.endsWith('[y/N] ')) {
      asked += 1;
      running.stdin?.write(typeof answer === 'string' ? answer : await answer());
    }
  });
  const { exitCode } = await running;
  return { screen, exitCode };
}
