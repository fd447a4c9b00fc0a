import { createInterface } from 'node:readline/promises';

/** Asks on stderr and waits for a line on stdin; only `y` or `yes` is a yes. An interrupt is a no. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const answer = await Promise.race([
      reader.question(`${question} [y/N] `, { signal }),
      new Promise<string>(resolve => reader.once('close', () => resolve(''))),
    ]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) {
      return false;
    }
    throw error;
  } finally {
    reader.close();
  }
}
