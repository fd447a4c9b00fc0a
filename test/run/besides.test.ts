import test from 'ava';
import { HostError } from '../../src/core/failure.ts';
import type { BoundResource, ResourcePlan } from '../../src/resources/bound.ts';
import { LEFT_OUT } from '../../src/run/besides.ts';
import { run } from '../../src/run/run.ts';
import { fakeFleet, REQUEST, wordResource } from './fake-fleet.ts';

const elsewhere = { resource: 'elsewhere', id: 'x', action: 'refresh', before: 'old', after: 'new' };
const trouble = new HostError('unreachable', {
  kind: 'engine-unreachable',
  step: 'engine API',
  message: 'no',
});

/** The word, with more in its plan. */
function wordWith(more: (plan: ResourcePlan) => Partial<ResourcePlan>): BoundResource {
  return {
    ...wordResource,
    plan(reply) {
      const plan = wordResource.plan(reply);
      return { ...plan, ...more(plan) };
    },
  };
}

test('a host that is left out is skipped with the reason, never contacted, and stops nobody', async t => {
  const { ports, play, connections } = fakeFleet({ a: { state: 'bad' }, b: { state: 'bad' } });
  const leavesOut = async ({ name }: { name: string }) => (name === 'a' ? 'it is in maintenance' : null);
  const result = await run({ ...REQUEST, plays: [play({ leavesOut })] }, ports);
  t.like(result.hosts.get('a'), {
    outcome: 'skipped',
    error: { kind: LEFT_OUT, message: 'it is in maintenance' },
  });
  t.is(result.hosts.get('b')?.outcome, 'changed');
  t.is(result.stopped, null);
  t.deepEqual(connections, ['b']);
});

test('where it cannot be told whether a host is left out, it fails untouched', async t => {
  const { ports, play, connections } = fakeFleet({ a: { state: 'bad' } });
  const result = await run(
    { ...REQUEST, plays: [play({ leavesOut: () => Promise.reject(trouble) })] },
    ports,
  );
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'engine-unreachable' } });
  t.deepEqual(connections, []);
});

test('what others say of a host is in its notes, whatever becomes of it', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'good' }, b: { state: 'good', unreachable: true } });
  const remarksOn = async () => ['it reboots'];
  const result = await run({ ...REQUEST, plays: [play({ remarksOn })] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'ok', notes: ['it reboots'] });
  t.like(result.hosts.get('b'), { outcome: 'unreachable', notes: ['it reboots'] });
});

test('who is consulted may hold changes back before anything is changed', async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'bad' } });
  const held = wordWith(plan => ({
    consult: async () => ({
      ...plan,
      changes: [],
      blocked: plan.changes.map(change => ({ change, message: 'it is in use', hint: 'free it' })),
      steps: () => plan.steps([]),
    }),
  }));
  const result = await run({ ...REQUEST, plays: [play({ resourcesOf: () => [held] })] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', changes: [], error: { message: 'it is in use' } });
  t.deepEqual(execs, ['a probe']);
});

test('trouble with who is consulted fails the host before anything is changed', async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'bad' } });
  const held = wordWith(() => ({ consult: () => Promise.reject(trouble) }));
  const result = await run({ ...REQUEST, plays: [play({ resourcesOf: () => [held] })] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'engine-unreachable' } });
  t.deepEqual(execs, ['a probe']);
});

test('what differs elsewhere is drift in a check, and a change in an apply, told what was made before it', async t => {
  const made: string[][] = [];
  const settling = wordWith(() => ({
    settle: async (changes, tell) => {
      made.push(changes.map(({ action }) => action));
      tell('look elsewhere');
      return { changes: [elsewhere], notes: ['seen'], error: null };
    },
  }));
  for (const apply of [false, true]) {
    const { ports, play, events } = fakeFleet({ a: { state: 'good' }, b: { state: 'bad' } });
    const plays = [play({ resourcesOf: () => [settling] })];
    const result = await run({ ...REQUEST, forks: 1, apply, plays }, ports);
    const outcome = apply ? 'changed' : 'drifted';
    t.like(result.hosts.get('a'), { outcome, changes: [elsewhere], notes: ['seen'] });
    t.is(result.hosts.get('b')?.changes.length, 2);
    t.true(events.some(event => event.type === 'host-phase' && event.step === 'look elsewhere'));
  }
  t.deepEqual(made, [[], ['set'], [], ['set']]);
});

test('trouble elsewhere fails the host, and keeps what was made; the host itself was reached', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad' } });
  const settling = wordWith(() => ({ settle: () => Promise.reject(trouble) }));
  const result = await run({ ...REQUEST, plays: [play({ resourcesOf: () => [settling] })] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'engine-unreachable' } });
  t.is(result.hosts.get('a')?.changes.length, 1);
});

test('nothing is seen to elsewhere for a host whose change has failed', async t => {
  const { ports, play } = fakeFleet({ a: { state: 'bad', stubborn: true } });
  const settling = wordWith(() => ({ settle: async () => t.fail('not to be asked') as never }));
  const result = await run({ ...REQUEST, plays: [play({ resourcesOf: () => [settling] })] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'verify' } });
});

test("a play's own verification comes last, after what was seen to elsewhere", async t => {
  const { ports, play, execs } = fakeFleet({ a: { state: 'good' } });
  const settling = wordWith(() => ({
    settle: async () => {
      execs.push('elsewhere');
      return { changes: [], notes: [], error: null };
    },
  }));
  const verify = { command: 'true', timeoutSeconds: 5 };
  await run({ ...REQUEST, plays: [play({ resourcesOf: () => [settling], verify })] }, ports);
  t.deepEqual(execs, ['a probe', 'elsewhere', 'a sh -c true']);
});

test('an interrupt while something is seen to elsewhere cancels the host, with what was made', async t => {
  const { ports, play, abort } = fakeFleet({ a: { state: 'bad' } });
  const settling = wordWith(() => ({
    settle: async () => {
      abort.abort();
      throw abort.signal.reason;
    },
  }));
  const result = await run({ ...REQUEST, plays: [play({ resourcesOf: () => [settling] })] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'cancelled', error: { kind: 'interrupted' } });
  t.is(result.hosts.get('a')?.changes.length, 1);
});
