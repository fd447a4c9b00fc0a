import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { printable } from '../../core/printable.ts';
import { Interrupted } from './interrupted.ts';

/** Whether there is somebody who can be asked for a secret: questions go to stderr, answers come from a terminal. */
export function canAskSecret(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks for a secret on the terminal and shows nothing of what is typed. Not for use where {@link canAskSecret} says no.
 *
 * @returns the line as it was typed, empty where only Enter was.
 * @throws {Interrupted} on Ctrl-C and on Ctrl-D.
 */
export async function askSecret(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  // Only now: before, the terminal would show what a quick answer types.
  process.stderr.write(printable(question));
  try {
    return await new Promise((resolve, reject) => {
      reader.once('line', resolve);
      reader.once('SIGINT', () => reject(new Interrupted()));
      reader.once('close', () => reject(new Interrupted()));
    });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
