import test from 'ava';
import type { Host } from '../../src/core/host.ts';
import { run } from '../../src/run/run.ts';
import { fakeFleet, host } from './fake-fleet.ts';

const request = {
  command: 'apply',
  apply: true,
  forks: 10,
  holder: 'ann@admin',
  runId: 'r1',
  lockWaitSeconds: 60,
};

test('an unchanged host costs one connection and one exec, also in apply', async t => {
  const { ports, play, connections, execs } = fakeFleet({ a: { state: 'good' }, b: { state: 'good' } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.deepEqual(
    [...result.hosts.values()].map(({ outcome }) => outcome),
    ['ok', 'ok'],
  );
  t.deepEqual(connections, ['a', 'b']);
  t.deepEqual(execs, ['a probe', 'b probe']);
});

test('a changed host is probed, changed, and probed again', async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'bad' } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'changed', error: null });
  t.is(result.hosts.get('a')?.changes.length, 1);
  t.deepEqual(execs, ['a probe', 'a apply', 'a probe']);
});

test('check changes nothing and reports the drift', async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'bad' }, b: { state: 'x', blocked: true } });
  const result = await run({ ...request, command: 'check', apply: false, forks: 1, plays: [play()] }, ports);
  t.is(result.hosts.get('a')?.outcome, 'drifted');
  t.like(result.hosts.get('b'), { outcome: 'drifted', notes: ['it is blocked. unblock it'] });
  t.deepEqual(execs, ['a probe', 'b probe']);
});

test('a change that does not take fails the verification', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad', stubborn: true } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'verify', step: 'verify' } });
  t.is(result.hosts.get('a')?.changes.length, 1);
});

test('what no change can mend fails without one being tried', async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'x', blocked: true } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), {
    outcome: 'failed',
    error: { kind: 'verify', message: 'it is blocked', hint: 'unblock it' },
  });
  t.deepEqual(execs, ['a probe']);
});

test('where it would be dangerous to go on, nothing is changed, whatever else is due', async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'dangerous' }, b: { state: 'bad' } });
  const check = await run({ ...request, command: 'check', apply: false, forks: 1, plays: [play()] }, ports);
  t.like(check.hosts.get('a'), { outcome: 'drifted', notes: ['it is dangerous. accept it'] });
  t.is(check.hosts.get('a')?.changes.length, 2);
  const result = await run({ ...request, forks: 1, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), {
    outcome: 'failed',
    changes: [],
    error: {
      kind: 'dangerous',
      step: 'probe',
      message: 'it is dangerous. So this play changes nothing there',
      hint: 'accept it',
    },
  });
  t.deepEqual(
    execs.filter(exec => exec.startsWith('a')),
    ['a probe', 'a probe'],
  );
});

test('what is left alone on purpose is drift in check, and a note in apply that no outcome suffers from', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'good', extra: true }, b: { state: 'bad', extra: true } });
  const check = await run({ ...request, command: 'check', apply: false, forks: 5, plays: [play()] }, ports);
  t.like(check.hosts.get('a'), { outcome: 'drifted' });
  t.deepEqual(
    check.hosts.get('a')?.changes.map(({ action }) => action),
    ['unmanaged'],
  );
  const applied = await run({ ...request, plays: [play()] }, ports);
  t.like(applied.hosts.get('a'), { outcome: 'ok', changes: [], error: null });
  t.like(applied.hosts.get('b'), { outcome: 'changed', error: null });
  t.regex(applied.hosts.get('b')?.notes.join() ?? '', /word extra should not be there, and is left alone/);
});

test('without root’s rights nothing is told of a host, and the error says what to write', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad', notRoot: true } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', changes: [], error: { kind: 'become' } });
  t.regex(result.hosts.get('a')?.error?.hint ?? '', /become: true/);
});

test('a failed step names step, command, exit code and stderr, and is explained where its kind is known', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad', stepExit: 5 }, b: { state: 'bad', stepExit: 28 } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.deepEqual(result.hosts.get('a')?.error, {
    kind: 'apply',
    message: 'Could not set the word',
    step: 'set the word',
    command: 'apply',
    exitCode: 5,
    stderr: 'it broke',
    hint: null,
  });
  t.like(result.hosts.get('b')?.error, { message: 'the disk is full', hint: 'free some' });
  t.deepEqual(result.hosts.get('a')?.changes, []);
});

test('a connection lost in the change is never success, and what was made before it is in the result', async t => {
  const { ports, play } = fakeFleet({
    a: { state: 'bad', lost: 'before' },
    b: { state: 'bad', lost: 'after' },
  });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'connection-lost' } });
  t.is(result.hosts.get('a')?.changes.length, 0);
  t.like(result.hosts.get('b'), { outcome: 'failed', error: { kind: 'connection-lost' } });
  t.is(result.hosts.get('b')?.changes.length, 1);
});

test('what the host tells of a change stands in the result in place of what was planned', async t => {
  const { ports, play } = fakeFleet({
    a: { state: 'bad', tells: ['better', 'and more'] },
    b: { state: 'bad', tells: [] },
  });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.deepEqual(
    result.hosts.get('a')?.changes.map(({ after }) => after),
    ['better', 'and more'],
  );
  t.like(result.hosts.get('b'), { outcome: 'ok', changes: [] }, 'nothing was to be done after all');
});

test('a host that another one is changing is left alone, and the other is named', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad', locked: true } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), {
    outcome: 'failed',
    changes: [],
    error: { step: 'take the lock of this host' },
  });
  t.regex(result.hosts.get('a')?.error?.message ?? '', /holder, since since/);
});

test('a plan that another one has made stale is not carried out: the host is probed again', async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'bad', changedBy: 'ben@other' } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'ok', changes: [], error: null });
  t.deepEqual(execs, ['a probe', 'a apply', 'a probe']);
});

test('one bad host does not keep the others of its play, but the next play is skipped, with the numbers', async t => {
  const { ports, play, connections } = fakeFleet({
    a: { state: 'bad' },
    b: { state: 'bad', unreachable: true },
  });
  const plays = [play({ name: 'hooks' }), play({ name: 'engine', hosts: [host('e')] })];
  const result = await run({ ...request, plays }, ports);
  t.is(result.hosts.get('a')?.outcome, 'changed');
  t.is(result.hosts.get('b')?.outcome, 'unreachable');
  t.is(result.hosts.get('e')?.outcome, 'skipped');
  t.regex(result.hosts.get('e')?.error?.message ?? '', /1 of 2 hosts of "hooks".*max_fail_percentage: 0/);
  t.is(result.stopped, result.hosts.get('e')?.error?.message ?? null);
  t.deepEqual(connections, ['a', 'b']);
});

test('within its budget a play stops nothing, but a bad host is not started again', async t => {
  const { ports, play, connections } = fakeFleet({
    a: { state: 'good' },
    b: { state: 'good', unreachable: true },
  });
  const plays = [play({ budget: { maxFailPercentage: 50, maxFailed: null } }), play()];
  const result = await run({ ...request, plays }, ports);
  t.is(result.stopped, null);
  t.deepEqual(
    [...result.hosts].map(([name, { outcome }]) => `${name} ${outcome}`),
    ['a ok', 'b unreachable'],
  );
  t.deepEqual(connections, ['a', 'b']);
});

test('a check sees every host, whatever failed in an earlier play', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'good', unreachable: true } });
  const plays = [play(), play({ hosts: [host('e')] })];
  const result = await run({ ...request, command: 'check', apply: false, forks: 5, plays }, ports);
  t.is(result.hosts.get('e')?.outcome, 'ok');
  t.is(result.stopped, null);
});

test('a host of several plays keeps its connection, its changes in order and its worst outcome', async t => {
  const { ports, play, connections, open } = fakeFleet({ a: { state: 'bad' } });
  const result = await run({ ...request, plays: [play(), play()] }, ports);
  t.is(result.hosts.get('a')?.outcome, 'changed');
  t.deepEqual(connections, ['a']);
  t.is(open.size, 0, 'every session is closed at the end');
});

test('after an interrupt no further host is started, and those in flight finish', async t => {
  const { ports, play, stop, connections } = fakeFleet({ a: { state: 'bad' }, b: { state: 'bad' } });
  const connect = ports.connect;
  const interrupting = {
    ...ports,
    connect: async (one: Host, signal: AbortSignal) => {
      stop.abort();
      return connect(one, signal);
    },
  };
  const result = await run({ ...request, forks: 1, plays: [play()] }, interrupting);
  t.true(result.interrupted);
  t.deepEqual(
    [...result.hosts].map(([name, { outcome }]) => `${name} ${outcome}`),
    ['a changed', 'b cancelled'],
  );
  t.deepEqual(connections, ['a']);
});

test('a connection closed by a second interrupt: cancelled, with what was changed before it', async t => {
  const { ports, play, stop, abort } = fakeFleet({ a: { state: 'bad', lost: 'after' } });
  const aborting = {
    ...ports,
    async connect(one: Host, signal: AbortSignal) {
      const session = await ports.connect(one, signal);
      return {
        ...session,
        async run(...args: Parameters<typeof session.run>) {
          try {
            return await session.run(...args);
          } catch {
            stop.abort();
            abort.abort();
            throw new DOMException('closed', 'AbortError');
          }
        },
      };
    },
  };
  const result = await run({ ...request, plays: [play()] }, aborting);
  t.like(result.hosts.get('a'), { outcome: 'cancelled', error: { kind: 'interrupted' } });
  t.is(result.hosts.get('a')?.changes.length, 1);
});

test('a host that others change again and again is given up, and the other is named', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad', alwaysStale: true } });
  const result = await run({ ...request, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', changes: [], error: { kind: 'busy' } });
  t.regex(result.hosts.get('a')?.error?.message ?? '', /again and again: holder/);
});

test('no more hosts than forks are worked on at once', async t => {
  const fleet = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`h${i}`, { state: 'good' }]));
  const { ports, play } = fakeFleet(fleet);
  let now = 0;
  let most = 0;
  const counting = {
    ...ports,
    async connect(one: Host, signal: AbortSignal) {
      now += 1;
      most = Math.max(most, now);
      await new Promise(resolve => setTimeout(resolve, 2));
      const session = await ports.connect(one, signal);
      return {
        ...session,
        close: () => {
          now -= 1;
        },
      };
    },
  };
  await run({ ...request, forks: 3, plays: [play()] }, counting);
  t.is(most, 3);
  t.is(now, 0);
});

test('an error of hookfleet itself is one host’s failure, not the end of the run', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'good' }, b: { state: 'good' } });
  const broken = {
    ...ports,
    connect: async (one: Host, signal: AbortSignal) => {
      if (one.name === 'a') {
        throw new TypeError('undefined is not a function');
      }
      return ports.connect(one, signal);
    },
  };
  const result = await run({ ...request, plays: [play()] }, broken);
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'internal' } });
  t.is(result.hosts.get('b')?.outcome, 'ok');
});

test('every host is told as finished once a play, and the run at its end', async t => {
  const { ports, play, events } = fakeFleet({ a: { state: 'bad' }, b: { state: 'good', unreachable: true } });
  await run({ ...request, plays: [play()] }, ports);
  t.deepEqual(events.flatMap(event => (event.type === 'host-finished' ? [event.host] : [])).sort(), [
    'a',
    'b',
  ]);
  t.is(events[0]?.type, 'run-started');
  t.is(events.at(-1)?.type, 'run-finished');
});
