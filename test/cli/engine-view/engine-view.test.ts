import test, { type ExecutionContext } from 'ava';
import { type View, type ViewedPlay, viewedPlays } from '../../../src/cli/engine-view/engine-view.ts';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import type { BoundResource } from '../../../src/resources/bound.ts';
import { run } from '../../../src/run/run.ts';
import { startApi } from '../../engine/client/stand-in/stand-in.ts';
import { fakeFleet, REQUEST, wordResource } from '../../run/fake-fleet.ts';

const place = { file: 'site.yml' };
const VIEW: View = {
  api: undefined,
  engineHost: undefined,
  apply: true,
  restartBusyEngine: false,
  removeUsedProperties: false,
  patience: { seconds: 1, everyMs: 5, signal: new AbortController().signal },
  verbose: false,
};

async function apiOf(t: ExecutionContext, states: Record<string, string>) {
  const hosts = Object.entries(states).map(([name, status]) => ({ name, address: name, status }));
  const standIn = await startApi(t, { hosts });
  const api = openEngineApi(standIn.access, { retrySeconds: 0 });
  t.teardown(() => api.close());
  return { api, ...standIn };
}

test('the states of all hosts of a play are asked for with one question, and told where a host is not up', async t => {
  const { api, requests } = await apiOf(t, { a: 'up', b: 'installing', c: 'reboot' });
  const { ports, play } = fakeFleet({
    a: { state: 'good' },
    b: { state: 'good' },
    c: { state: 'good' },
    engine: { state: 'good' },
  });
  const plays = viewedPlays([play()], { ...VIEW, api });
  const { hosts } = await run({ ...REQUEST, plays }, ports);
  t.deepEqual(
    [...hosts.values()].map(({ notes }) => notes),
    [
      [],
      ['The engine has this host in the state installing'],
      ['The engine has this host in the state reboot'],
      [],
    ],
  );
  t.is(requests.filter(({ path }) => path.startsWith('/ovirt-engine/api/hosts')).length, 1);
});

test('the states that a play skips are heeded in that play alone', async t => {
  const { api } = await apiOf(t, { a: 'up', b: 'maintenance' });
  const { ports, play, connections } = fakeFleet({ a: { state: 'bad' }, b: { state: 'bad' } });
  const skipping: ViewedPlay = { ...play(), skipStates: { states: ['maintenance'], place } };
  const plays = viewedPlays([skipping], { ...VIEW, api });
  const { hosts, stopped } = await run({ ...REQUEST, plays }, ports);
  t.is(hosts.get('a')?.outcome, 'changed');
  t.is(hosts.get('b')?.outcome, 'skipped');
  t.is(stopped, null);
  t.deepEqual(connections, ['a']);
  const again = await run({ ...REQUEST, plays: viewedPlays([play()], { ...VIEW, api }) }, ports);
  t.is(again.hosts.get('b')?.outcome, 'changed');
});

/** An engine whose properties were changed, as far as the run can tell. */
const engineWord: BoundResource = {
  ...wordResource,
  kind: 'engine-properties',
  plan(reply) {
    const plan = wordResource.plan(reply);
    const restart = { resource: 'engine-properties', id: 'ovirt-engine', action: 'restart' };
    const changes = plan.changes.map(change => ({ ...change, ...restart }));
    const engine = { UserDefinedVMProperties: { '4.7': 'a=^x$' } };
    return { ...plan, changes, engine, steps: () => plan.steps(changes) };
  },
};

test('another engine than that of the API is not judged by it', async t => {
  const { api, requests } = await apiOf(t, {});
  const { ports, play } = fakeFleet({ other: { state: 'good' } });
  const plays = viewedPlays([play({ resourcesOf: () => [engineWord] })], {
    ...VIEW,
    api,
    engineHost: 'engine-01',
  });
  t.is((await run({ ...REQUEST, plays }, ports)).hosts.get('other')?.outcome, 'ok');
  t.deepEqual(
    requests.filter(({ path }) => /options|jobs/.test(path)),
    [],
  );
});

test('without access nothing is added, and with -v it is told what nobody has looked at', async t => {
  const notesWith = async (verbose: boolean) => {
    const { ports, play } = fakeFleet({ engine: { state: 'bad' } });
    const plays = viewedPlays([play({ resourcesOf: () => [engineWord] })], {
      ...VIEW,
      apply: false,
      verbose,
    });
    const { hosts } = await run({ ...REQUEST, apply: false, plays }, ports);
    return hosts.get('engine')?.notes.length;
  };
  t.is(await notesWith(false), 0);
  t.is(await notesWith(true), 1);
});
