import test, { type ExecutionContext } from 'ava';
import type { HostResult } from '../../src/core/host-result.ts';
import { type HostKind, hostName, kindOf, NUMBER_OF_HOSTS } from '../remote/no-leaks-hosts.ts';
import { type LargeRun, MOST_MEMORY, startLargeFleet } from '../remote/no-leaks-run.ts';

// Not on real hosts, but beside the tests that are: it keeps a machine busy for a minute.

/** The dead ones take 16 s at most, the frozen ones 12 s, and all of them are worked on at the same time. */
const MOST_SECONDS = 120;

const LOST = 'connection-lost, Keepalive timeout';

const CHECKED: Readonly<Record<HostKind, string>> = {
  healthy: 'drifted',
  refusing: 'unreachable: refused',
  silent: 'unreachable: timeout, did not greet',
  dropping: 'unreachable: timeout, did not take a TCP connection',
  'frozen-after-login': `unreachable: ${LOST}`,
  'frozen-at-command': `unreachable: ${LOST}`,
  'frozen-in-reply': `failed: ${LOST}`,
  'frozen-in-change': 'drifted',
};

const APPLIED = { ...CHECKED, healthy: 'changed', 'frozen-in-change': `failed: ${LOST}, Lost during apply` };

test('500 hosts, 20 of them dead and 20 frozen: each in its outcome, in bounded time, and nothing is left open', async t => {
  const fleet = await startLargeFleet();
  t.teardown(() => fleet.stop());

  const checked = await fleet.run('check');
  assertOutcomes(t, checked, CHECKED);
  assertNothingLeft(t, checked);

  const applied = await fleet.run('apply');
  assertOutcomes(t, applied, APPLIED);
  assertNothingLeft(t, applied);
});

function assertOutcomes(t: ExecutionContext, run: LargeRun, expected: Readonly<Record<HostKind, string>>) {
  const names = Array.from({ length: NUMBER_OF_HOSTS }, (_, index) => hostName(index));
  t.deepEqual(Object.keys(run.document.hosts).sort(), names);
  const wrong = names.flatMap((name, index) => {
    const [result, end] = [run.document.hosts[name], expected[kindOf(index)]];
    return result && isSo(result, end) ? [] : [{ name, end, result }];
  });
  t.deepEqual(wrong, []);
  t.is(run.exitCode, 1);
}

/** `outcome: kind, words of the message …` */
function isSo({ outcome, error }: HostResult, end: string): boolean {
  const [expectedOutcome, ...words] = end.split(/: |, /);
  return (
    outcome === expectedOutcome &&
    (error === null
      ? words.length === 0
      : words.every(word => `${error.kind} ${error.message}`.includes(word)))
  );
}

function assertNothingLeft(t: ExecutionContext, { document, stderr, seconds, held }: LargeRun) {
  t.log(`${document.command}: ${seconds.toFixed(1)} s, ${(held.peakBytes / 1e6).toFixed(0)} MB at most`);
  t.is(stderr, '', 'no warning of Node, no rejection');
  t.true(held.emptied, 'it ended by itself');
  t.deepEqual(held.openAtEnd, held.openAtStart);
  t.true(held.peakBytes < MOST_MEMORY, `${held.peakBytes} bytes`);
  t.true(seconds < MOST_SECONDS, `${seconds} s`);
}
