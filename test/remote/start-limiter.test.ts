import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { startLimiter } from '../../src/remote/start-limiter.ts';

test('no endpoint gets as many starts at once as its sshd might refuse, and each has its own count', async t => {
  const limited = startLimiter();
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const start = (endpoint: string) =>
    limited(endpoint, async () => {
      const now = (running.get(endpoint) ?? 0) + 1;
      running.set(endpoint, now);
      most.set(endpoint, Math.max(now, most.get(endpoint) ?? 0));
      await sleep(5);
      running.set(endpoint, (running.get(endpoint) ?? 0) - 1);
    });
  await Promise.all(['a', 'b'].flatMap(endpoint => Array.from({ length: 20 }, () => start(endpoint))));
  for (const count of most.values()) {
    t.true(count > 1 && count < 10, String(count));
  }
  t.is(most.size, 2);
});

test('a start that fails makes room for the next, and fails for its own caller alone', async t => {
  const limited = startLimiter();
  const ends = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) =>
      limited('a', async () => {
        if (i < 6) {
          throw new Error('no');
        }
        return i;
      }),
    ),
  );
  t.deepEqual(
    ends.map(({ status }) => status),
    ends.map((_, i) => (i < 6 ? 'rejected' : 'fulfilled')),
  );
});
