import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many milliseconds, less than 24 days; the signal ends it at once. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}
