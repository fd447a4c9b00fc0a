import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';

// What a terminal holds already is there at once.
const TYPED_AHEAD_MS = 50;

/**
 * Asks on stderr and waits for a line on stdin; only `y` or `yes` is a yes. An interrupt is a no. What was typed before the
 * question is no answer to it.
 */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  await dropTypedAhead();
  if (process.stdin.readableEnded) {
    return false;
  }
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

async function dropTypedAhead(): Promise<void> {
  const drop = () => {};
  process.stdin.on('data', drop);
  await sleep(TYPED_AHEAD_MS);
  process.stdin.off('data', drop);
  process.stdin.pause();
}
