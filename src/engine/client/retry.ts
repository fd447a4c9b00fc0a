import { setTimeout as sleep } from 'node:timers/promises';
import { EngineApiError } from './engine-api-error.ts';
import type { Ask } from './exchange.ts';

/** The first pause, in milliseconds; each one is twice as long as that before it, up to the longest. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

/**
 * Asks again while the answer says that it only comes too early, and until the time is up; the last answer counts.
 *
 * @param seconds how long in all; 0 for never again.
 */
export async function patiently<T>(
  ask: () => Promise<T>,
  method: Ask['method'],
  seconds: number,
  signal?: AbortSignal | undefined,
): Promise<T> {
  const until = performance.now() + seconds * 1000;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await ask();
    } catch (error) {
      const left = until - performance.now();
      if (!isTooEarly(error, method) || left <= 0) {
        throw error;
      }
      await sleep(Math.min(pause, left), undefined, signal === undefined ? {} : { signal }).catch(() => {});
      signal?.throwIfAborted();
    }
  }
}

/**
 * Whether it is worth it, and safe. A locked object has refused what was asked, so that anything may be sent again. Where
 * nobody can tell whether it was taken, it is sent again only if twice is the same as once.
 */
function isTooEarly(error: unknown, method: Ask['method']): boolean {
  return (
    error instanceof EngineApiError &&
    error.passing &&
    (method !== 'POST' || error.failure.kind === 'engine-fault')
  );
}
