import { setTimeout as sleep } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';

/**
 * How many connections to one sshd may be before their login at a time. By default sshd refuses some of those that come
 * while 10 are there already (sshd_config(5): MaxStartups 10:30:100), and others connect to it too.
 */
const AT_ONCE = 6;

/** sshd hears of its own child's success a moment later than the client does. */
const SETTLE_MS = 100;

/** Starts a connection when there is room for one more at its endpoint; gives what the start gives. */
export type StartLimiter = <T>(endpoint: string, start: () => Promise<T>) => Promise<T>;

/** Makes a limiter that counts for each endpoint by itself. */
export function startLimiter(): StartLimiter {
  const endpoints = new Map<string, LimitFunction>();
  return (endpoint, start) => {
    const limit = endpoints.get(endpoint) ?? pLimit(AT_ONCE);
    endpoints.set(endpoint, limit);
    return new Promise((resolve, reject) => {
      void limit(async () => {
        await start().then(resolve, reject);
        await sleep(SETTLE_MS);
      });
    });
  };
}
