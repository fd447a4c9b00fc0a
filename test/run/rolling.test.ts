import test from 'ava';
import type { RunEvent } from '../../src/core/event.ts';
import type { RunResult } from '../../src/core/host-result.ts';
import { type FirstBatch, run } from '../../src/run/run.ts';
import { type FakeHost, fakeFleet, host, REQUEST } from './fake-fleet.ts';

const bad = (more: Partial<FakeHost> = {}): FakeHost => ({ state: 'bad', ...more });

const outcomes = (result: RunResult) => [...result.hosts].map(([name, one]) => `${name} ${one.outcome}`);

/** What happened, without times: `batch 1/3: a`, `a done`, `pause`, … */
function story(events: readonly RunEvent[]): string[] {
  return events.flatMap(event => {
    switch (event.type) {
      case 'batch-started':
        return `batch ${event.batch.index + 1}/${event.batch.count}: ${event.batch.hosts.join()}`;
      case 'batch-finished':
        return `end of batch ${event.batch.index + 1}`;
      case 'host-finished':
        return `${event.host} ${event.result.outcome}`;
      case 'pause-started':
      case 'pause-finished':
      case 'question-started':
      case 'question-finished':
        return event.type;
      default:
        return [];
    }
  });
}

test('a batch begins once every host of the one before is verified', async t => {
  const { ports, play, events } = fakeFleet({ a: bad(), b: bad(), c: { state: 'good' }, d: bad() });
  const result = await run(
    { ...REQUEST, forks: 1, plays: [play({ serial: [{ hosts: 1 }, { hosts: 2 }] })] },
    ports,
  );
  t.deepEqual(story(events), [
    'batch 1/3: a',
    'a changed',
    'end of batch 1',
    'batch 2/3: b,c',
    'b changed',
    'c ok',
    'end of batch 2',
    'batch 3/3: d',
    'd changed',
    'end of batch 3',
  ]);
  t.is(result.stopped, null);
});

test('a play without serial is one batch', async t => {
  const { ports, play, events } = fakeFleet({ a: bad(), b: bad() });
  await run({ ...REQUEST, plays: [play()] }, ports);
  t.deepEqual(story(events).slice(0, 1), ['batch 1/1: a,b']);
});

test('a bad canary stops the play: the others are skipped with the reason, and never contacted', async t => {
  const { ports, play, connections, events } = fakeFleet({
    a: bad({ stubborn: true }),
    b: bad(),
    c: bad(),
    e: bad(),
  });
  const hosts = ['a', 'b', 'c'].map(host);
  const plays = [play({ hosts, serial: [{ hosts: 1 }, { percent: 100 }] }), play({ hosts: [host('e')] })];
  const result = await run({ ...REQUEST, plays }, ports);
  t.deepEqual(outcomes(result), ['a failed', 'b skipped', 'c skipped', 'e skipped']);
  t.regex(result.stopped ?? '', /^1 of 1 host of batch 1 of 2 of "words" failed or was unreachable \(a\)/);
  t.is(result.hosts.get('c')?.error?.message, result.stopped ?? '');
  t.deepEqual(connections, ['a']);
  t.deepEqual(story(events).slice(0, 3), ['batch 1/2: a', 'a failed', 'end of batch 1']);
  t.false(story(events).some(line => line.startsWith('batch 2')));
});

test('all hosts of a batch are tried, also after one went wrong', async t => {
  const { ports, play } = fakeFleet({ a: bad({ unreachable: true }), b: bad(), c: bad() });
  const result = await run({ ...REQUEST, forks: 1, plays: [play({ serial: [{ hosts: 2 }] })] }, ports);
  t.deepEqual(outcomes(result), ['a unreachable', 'b changed', 'c skipped']);
});

test('an unreachable host of the last batch stops the plays that follow, in the last play nothing', async t => {
  const { ports, play } = fakeFleet({ a: bad(), b: bad({ unreachable: true }), e: bad() });
  const hooks = play({ hosts: [host('a'), host('b')], serial: [{ hosts: 1 }] });
  const stopped = await run({ ...REQUEST, plays: [hooks, play({ hosts: [host('e')] })] }, ports);
  t.deepEqual(outcomes(stopped), ['a changed', 'b unreachable', 'e skipped']);
  const last = await run({ ...REQUEST, plays: [hooks] }, ports);
  t.is(last.stopped, null);
});

test('the engine is changed exactly once, after all batches', async t => {
  const fleet = { a: bad(), b: bad(), c: bad(), e: bad() };
  const { ports, play, execs } = fakeFleet(fleet);
  const plays = [
    play({ hosts: ['a', 'b', 'c'].map(host), serial: [{ hosts: 1 }] }),
    play({ hosts: [host('e')], serial: [{ hosts: 1 }] }),
  ];
  const result = await run({ ...REQUEST, plays }, ports);
  t.is(result.hosts.size, 4);
  t.deepEqual(
    execs.filter(exec => exec.endsWith(' apply')),
    ['a apply', 'b apply', 'c apply', 'e apply'],
  );
});

test('a check sees all hosts at once: it neither waits nor asks, and nothing stops it', async t => {
  const { ports, play, events } = fakeFleet({ a: bad({ unreachable: true }), b: bad() });
  const result = await run(
    {
      ...REQUEST,
      apply: false,
      plays: [play({ serial: [{ hosts: 1 }], pauseMs: 60_000, confirm: true, verify: VERIFY })],
    },
    { ...ports, confirm: async () => t.fail() as never },
  );
  t.deepEqual(outcomes(result), ['a unreachable', 'b drifted']);
  t.deepEqual(story(events).slice(0, 1), ['batch 1/1: a,b']);
});

const VERIFY = { command: "it's well", timeoutSeconds: 5 };

test('the play’s own verification runs on every host, changed or not, and its text is quoted', async t => {
  const { ports, play, execs } = fakeFleet({ a: bad(), b: { state: 'good' } });
  const result = await run({ ...REQUEST, plays: [play({ verify: VERIFY })] }, ports);
  t.deepEqual(outcomes(result), ['a changed', 'b ok']);
  t.deepEqual(execs.filter(exec => exec.includes('sh -c')).sort(), [
    "a sh -c 'it'\\''s well'",
    "b sh -c 'it'\\''s well'",
  ]);
});

test('a verification that does not hold fails the host, with its words, keeps its changes, and stops the play', async t => {
  const { ports, play } = fakeFleet({ a: bad({ verifyExit: 3 }), b: bad() });
  const result = await run({ ...REQUEST, plays: [play({ verify: VERIFY, serial: [{ hosts: 1 }] })] }, ports);
  t.deepEqual(outcomes(result), ['a failed', 'b skipped']);
  t.like(result.hosts.get('a')?.error, {
    kind: 'verify',
    step: 'verify',
    command: "it's well",
    exitCode: 3,
    stderr: 'it broke',
  });
  t.is(result.hosts.get('a')?.changes.length, 1);
});

test('a connection lost in the verification fails the host at that step, with its changes', async t => {
  const { ports, play } = fakeFleet({ a: bad({ lostInVerify: true }) });
  const result = await run({ ...REQUEST, plays: [play({ verify: VERIFY })] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'connection-lost', step: 'verify' } });
  t.is(result.hosts.get('a')?.changes.length, 1);
});

test('a host that could not be changed is not asked how it is', async t => {
  const { ports, play, execs } = fakeFleet({ a: bad({ stubborn: true }) });
  await run({ ...REQUEST, plays: [play({ verify: VERIFY })] }, ports);
  t.false(execs.some(exec => exec.includes('sh -c')));
});

test('it pauses between batches, and not after the last', async t => {
  const { ports, play, events } = fakeFleet({ a: bad(), b: bad() });
  const startedAt = performance.now();
  await run({ ...REQUEST, plays: [play({ serial: [{ hosts: 1 }], pauseMs: 50 })] }, ports);
  t.true(performance.now() - startedAt >= 49);
  t.deepEqual(
    story(events).filter(line => line.startsWith('pause')),
    ['pause-started', 'pause-finished'],
  );
  t.is(story(events).at(-1), 'end of batch 2');
});

test('after a batch in which nothing was to be done there is no pause', async t => {
  const { ports, play, events } = fakeFleet({ a: { state: 'good' }, b: { state: 'good' } });
  await run({ ...REQUEST, plays: [play({ serial: [{ hosts: 1 }], pauseMs: 60_000 })] }, ports);
  t.false(story(events).includes('pause-started'));
});

test('an interrupt ends a pause at once: the hosts that follow are cancelled', async t => {
  const { ports, play, stop } = fakeFleet({ a: bad(), b: bad() });
  const report = (event: RunEvent) => {
    if (event.type === 'pause-started') {
      setTimeout(() => stop.abort(), 20);
    }
  };
  const plays = [play({ serial: [{ hosts: 1 }], pauseMs: 3_600_000 })];
  const result = await run({ ...REQUEST, plays }, { ...ports, report });
  t.deepEqual(outcomes(result), ['a changed', 'b cancelled']);
  t.true(result.interrupted);
});

test('after the first batch somebody is asked, once, with what happened; then the rest follows', async t => {
  const { ports, play, events } = fakeFleet({ a: bad(), b: bad(), c: bad() });
  const asked: FirstBatch[] = [];
  const confirm = async (ended: FirstBatch) => {
    asked.push(ended);
    return true;
  };
  const plays = [play({ serial: [{ hosts: 1 }], confirm: true, pauseMs: 1 })];
  const result = await run({ ...REQUEST, plays }, { ...ports, confirm });
  t.deepEqual(outcomes(result), ['a changed', 'b changed', 'c changed']);
  t.is(asked.length, 1);
  t.like(asked[0], { play: 'words', hosts: 3 });
  t.deepEqual(story(events).slice(2, 7), [
    'end of batch 1',
    'pause-started',
    'pause-finished',
    'question-started',
    'question-finished',
  ]);
});

test('the answer no stops the run: the others are skipped', async t => {
  const { ports, play, connections } = fakeFleet({ a: bad(), b: bad() });
  const plays = [play({ serial: [{ hosts: 1 }], confirm: true })];
  const result = await run({ ...REQUEST, plays }, { ...ports, confirm: async () => false });
  t.deepEqual(outcomes(result), ['a changed', 'b skipped']);
  t.is(result.stopped, 'The answer after the first batch of "words" was no');
  t.deepEqual(connections, ['a']);
});

test('an interrupt at the question cancels the others, and is no answer', async t => {
  const { ports, play, stop } = fakeFleet({ a: bad(), b: bad() });
  const confirm = async () => {
    stop.abort();
    return false;
  };
  const plays = [play({ serial: [{ hosts: 1 }], confirm: true })];
  const result = await run({ ...REQUEST, plays }, { ...ports, confirm });
  t.deepEqual(outcomes(result), ['a changed', 'b cancelled']);
  t.is(result.stopped, null);
});

test('nobody is asked about a bad canary: it has stopped the run already', async t => {
  const { ports, play } = fakeFleet({ a: bad({ stubborn: true }), b: bad() });
  const plays = [play({ serial: [{ hosts: 1 }], confirm: true, pauseMs: 60_000 })];
  const result = await run({ ...REQUEST, plays }, { ...ports, confirm: async () => t.fail() as never });
  t.deepEqual(outcomes(result), ['a failed', 'b skipped']);
});

test('where nobody can be asked it goes on', async t => {
  const { ports, play } = fakeFleet({ a: bad(), b: bad() });
  const result = await run({ ...REQUEST, plays: [play({ serial: [{ hosts: 1 }], confirm: true })] }, ports);
  t.deepEqual(outcomes(result), ['a changed', 'b changed']);
});

test('where a question itself fails, the run ends: connections are closed, and its end is told', async t => {
  const { ports, play, events, stopped } = fakeFleet({ a: bad(), b: bad() });
  const plays = [play({ serial: [{ hosts: 1 }], confirm: true }), play()];
  const confirm = () => Promise.reject(new TypeError('no terminal'));
  await t.throwsAsync(run({ ...REQUEST, plays }, { ...ports, confirm }), { message: 'no terminal' });
  t.is(events.at(-1)?.type, 'run-finished');
  t.deepEqual(stopped, [], 'nothing is in flight between two batches');
});

test('what cannot be said of one host is that host’s failure alone', async t => {
  const { ports, play } = fakeFleet({ a: bad(), b: bad() });
  const resources = play().resourcesOf(host('b'));
  const resourcesOf = ({ name }: { readonly name: string }) => {
    if (name === 'a') {
      throw new TypeError('no resources');
    }
    return resources;
  };
  const result = await run({ ...REQUEST, plays: [play({ resourcesOf })] }, ports);
  t.deepEqual(outcomes(result), ['a failed', 'b changed']);
  t.is(result.hosts.get('a')?.error?.kind, 'internal');
});

test('hosts of several plays and batches stay one entry each', async t => {
  const { ports, play } = fakeFleet({ a: bad(), b: bad(), c: { state: 'good' } });
  const plays = [play({ serial: [{ hosts: 1 }] }), play({ serial: [{ hosts: 2 }] })];
  const result = await run({ ...REQUEST, plays }, ports);
  t.deepEqual(outcomes(result), ['a changed', 'b changed', 'c ok']);
});
