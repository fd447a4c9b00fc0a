import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './target.ts';

/** How long and how often it is tried to reach a host. */
export interface ConnectLimits {
  /** How often at most. */
  readonly tries: number;
  /** How long one try may take until the host has sent its banner. */
  readonly greetingMs: number;
  /** How long all tries of a host may take together, the pauses between them and the login included. */
  readonly allMs: number;
}

/**
 * The limits for one target: its own time until it greets is stronger than the run's. Without a limit for all tries it
 * is 45 s, or as much more as the tries may take.
 */
export function connectLimits(
  limits: Partial<ConnectLimits>,
  { connectTimeoutMs }: Pick<Target, 'connectTimeoutMs'>,
): ConnectLimits {
  const { tries = 3 } = limits;
  const greetingMs = connectTimeoutMs ?? limits.greetingMs ?? 10_000;
  return { tries, greetingMs, allMs: limits.allMs ?? Math.max(45_000, tries * greetingMs + 15_000) };
}

/** How one try ended. */
export type Tried<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'failed';
      /** The trouble may be gone at the next try. */
      readonly mends: boolean;
      /** How much of the time for all tries is gone. */
      readonly spentMs: number;
      readonly error: (tries: number) => Error;
    };

/**
 * Tries until it works, until it fails in a way that does not mend itself, until the tries or the time have run out.
 * Between two tries is a pause that doubles, with jitter: many hosts that fail at once do not come back at once.
 *
 * @param attempt gets how many milliseconds are left for all tries; it must end by then. Waiting for a turn does not count.
 * @throws the error of the last try; the signal's reason, once it is aborted.
 */
export async function retried<T>(
  attempt: (leftMs: number) => Promise<Tried<T>>,
  { tries, allMs }: Pick<ConnectLimits, 'tries' | 'allMs'>,
  signal?: AbortSignal,
): Promise<T> {
  let leftMs = allMs;
  for (let number = 1; ; number += 1) {
    const tried = await attempt(leftMs);
    if (tried.kind === 'done') {
      return tried.value;
    }
    signal?.throwIfAborted();
    const pauseMs = pauseAfter(number, Math.random());
    leftMs -= tried.spentMs + pauseMs;
    if (!tried.mends || number >= tries || leftMs <= 0) {
      throw tried.error(number);
    }
    await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => {
      signal?.throwIfAborted();
    });
  }
}

/** After the first try 0.5 to 1 s, after the second 1 to 2 s, and so on. `jitter` is from 0 to 1. */
export function pauseAfter(tries: number, jitter: number): number {
  return 500 * 2 ** (tries - 1) * (1 + jitter);
}
