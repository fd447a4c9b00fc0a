import test from 'ava';
import fc from 'fast-check';
import { connectLimits, pauseAfter, retried, type Tried } from '../../src/remote/retry.ts';

const failed = (mends: boolean, spentMs = 0): Tried<string> => ({
  kind: 'failed',
  mends,
  spentMs,
  error: tries => new Error(`tried ${tries}`),
});

test('what mends itself is tried again, and the first success counts', async t => {
  let count = 0;
  const attempt = async (): Promise<Tried<string>> => {
    count += 1;
    return count < 2 ? failed(true) : { kind: 'done', value: 'in' };
  };
  t.is(await retried(attempt, { tries: 3, allMs: 45_000 }), 'in');
  t.is(count, 2);
});

test('the error says how often it was tried', async t => {
  const limits = { tries: 2, allMs: 45_000 };
  await t.throwsAsync(
    retried(async () => failed(true), limits),
    { message: 'tried 2' },
  );
  await t.throwsAsync(
    retried(async () => failed(false), limits),
    { message: 'tried 1' },
  );
});

test('no try begins after the time for all is over', async t => {
  const left: number[] = [];
  const attempt = async (leftMs: number) => {
    left.push(leftMs);
    return failed(true, 30_000);
  };
  await t.throwsAsync(retried(attempt, { tries: 9, allMs: 60_000 }), { message: 'tried 2' });
  t.is(left[0], 60_000);
  t.true((left[1] ?? 0) <= 29_500 && (left[1] ?? 0) >= 29_000, String(left[1]));
});

test('a pause between two tries ends with the signal, by its reason', async t => {
  const controller = new AbortController();
  const reason = new Error('interrupted');
  setTimeout(() => controller.abort(reason), 20);
  const all = retried(async () => failed(true), { tries: 100, allMs: 1e9 }, controller.signal);
  await t.throwsAsync(all, { is: reason });
});

test('pauses double, and no two hosts wait exactly as long', t => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (tries, jitter) => {
        const pause = pauseAfter(tries, jitter);
        return pause >= 500 * 2 ** (tries - 1) && pause <= 1000 * 2 ** (tries - 1);
      },
    ),
  );
  t.not(pauseAfter(1, 0.2), pauseAfter(1, 0.3));
});

test('by default three tries of 10 s, and 45 s for all; longer tries get the time that they need', t => {
  const host = { connectTimeoutMs: undefined };
  t.deepEqual(connectLimits({}, host), { tries: 3, greetingMs: 10_000, allMs: 45_000 });
  t.is(connectLimits({ greetingMs: 60_000 }, host).allMs, 195_000);
  t.is(connectLimits({ greetingMs: 60_000, allMs: 5000 }, host).allMs, 5000);
});

test('the time that a host has of its own is stronger than that of the run', t => {
  const limits = connectLimits({ greetingMs: 5000 }, { connectTimeoutMs: 60_000 });
  t.deepEqual(limits, { tries: 3, greetingMs: 60_000, allMs: 195_000 });
});
