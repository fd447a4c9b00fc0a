import test, { type ExecutionContext } from 'ava';
import { type Guard, guarded } from '../../../src/cli/engine-view/engine-guard.ts';
import type { Change } from '../../../src/core/change.ts';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { EngineApiError } from '../../../src/engine/client/engine-api-error.ts';
import type { ResourcePlan } from '../../../src/resources/bound.ts';
import type { HostWish } from '../../engine/client/stand-in/hosts.ts';
import { type JobWish, jobRoutes } from '../../engine/client/stand-in/jobs.ts';
import { PROXY_PAGE, type Route } from '../../engine/client/stand-in/route.ts';
import { startApi } from '../../engine/client/stand-in/stand-in.ts';
import { openVms } from '../../engine/client/stand-in/vms.ts';
import { openVnics } from '../../engine/client/stand-in/vnics.ts';

const change = (id: string, action: string, before: string | null, after: string | null): Change => ({
  resource: 'engine-properties',
  id,
  action,
  before,
  after,
});
const LEFTOVER = { ...change('/var/lib/x', 'remove', 'left', null), resource: 'unfinished-file' };
const RESTART = change('ovirt-engine', 'restart', 'old', 'new');
const ADD = change('UserDefinedVMProperties 4.7', 'set', 'a=^x$', 'a=^x$;b=^y$');
const REMOVE = change('UserDefinedVMProperties 4.7', 'set', 'a=^x$;old_tag=^y$', 'a=^x$');
const REMOVE_PORT = change('CustomDeviceProperties 4.7', 'set', '{type=interface;prop={port=^x$}}', '');

function planOf(...changes: readonly Change[]): ResourcePlan {
  return {
    changes,
    blocked: [],
    notes: ['before'],
    steps: (due = changes) => due.map(({ id }) => ({ title: id, changes: [] }) as never),
  };
}

const PATIENCE = { seconds: 0, everyMs: 5, signal: new AbortController().signal };
const APPLY: Guard = {
  apply: true,
  restartBusyEngine: false,
  removeUsedProperties: false,
  patience: PATIENCE,
};
const CHECK: Guard = { ...APPLY, apply: false };

const NONE: readonly Route[] = ['/templates', '/vmpools'].map(path => ({
  method: 'GET' as const,
  path: new RegExp(`^${path}$`),
  answer: () => ({ json: {} }),
}));

async function engine(t: ExecutionContext, hosts: HostWish[] = [], jobs: JobWish[] = []) {
  const { routes } = openVms({
    vms: [
      { name: 'db-1', properties: { old_tag: 'y' } },
      { name: 'db-2', properties: { old_tag: 'y' }, ownLevel: '4.6' },
      { name: 'web', properties: { a: 'x' } },
    ],
  });
  const nics = openVnics([{ name: 'audited', properties: { port: 'x' } }]);
  const clusters = [{ name: 'Default', version: '4.7' }];
  const dataCenters = [{ name: 'Default', version: '4.7' }];
  const all = [...routes, ...nics.routes, ...jobRoutes(jobs), ...NONE];
  const standIn = await startApi(t, { hosts, clusters, dataCenters, routes: all });
  const api = openEngineApi(standIn.access, { retrySeconds: 0 });
  t.teardown(() => api.close());
  return { api, ...standIn };
}

test('an idle engine and new properties: nothing speaks against the plan', async t => {
  const { api } = await engine(t, [{ name: 'kvm-1' }, { name: 'kvm-2', status: 'maintenance' }]);
  const plan = planOf(ADD, RESTART);
  t.like(await guarded(plan, api, APPLY), { changes: [ADD, RESTART], blocked: [], notes: ['before'] });
});

test('a plan that writes nothing and restarts nothing asks nobody', async t => {
  const { api, requests } = await engine(t);
  await guarded(planOf(), api, APPLY);
  await guarded(planOf(LEFTOVER), api, APPLY);
  t.is(requests.length, 0);
});

test('jobs and hosts being installed hold everything back in an apply, and are listed', async t => {
  const hosts = [
    { name: 'kvm-1', status: 'installing' },
    { name: 'kvm-2', status: 'reboot' },
    { name: 'kvm-3', status: 'non_responsive' },
  ];
  const jobs = [{ description: 'Migrating VM db-1' }, { description: 'Old one', status: 'finished' }];
  const { api } = await engine(t, hosts, jobs);
  const held = await guarded(planOf(LEFTOVER, ADD, RESTART), api, APPLY);
  t.deepEqual(held.changes, [LEFTOVER]);
  t.deepEqual(
    held.steps().map(({ title }) => title),
    [LEFTOVER.id],
  );
  t.deepEqual(
    held.blocked.map(({ change }) => change),
    [ADD, RESTART],
  );
  t.is(
    held.blocked[0]?.message,
    'The engine is at work, and a restart would cut that off: host kvm-1 is in the state installing, host kvm-2 is in the state reboot, job "Migrating VM db-1"',
  );
  t.regex(held.blocked[0]?.hint ?? '', /--restart-busy-engine/);

  const told = await guarded(planOf(ADD, RESTART), api, CHECK);
  t.like(told, { changes: [ADD, RESTART], blocked: [] });
  t.regex(told.notes.join(), /kvm-1.*kvm-2.*Migrating VM db-1.*would not begin now/);

  const forced = await guarded(planOf(ADD, RESTART), api, { ...APPLY, restartBusyEngine: true });
  t.like(forced, { changes: [ADD, RESTART], blocked: [] });
  t.regex(forced.notes.join(), /Migrating VM db-1.*--restart-busy-engine/);
});

test('a job that ends within moments holds nothing back', async t => {
  const jobs: JobWish[] = [{ description: 'Refreshing Host kvm-1 Capabilities' }];
  const { api } = await engine(t, [], jobs);
  setTimeout(() => jobs.pop(), 100);
  const guard = { ...APPLY, patience: { ...PATIENCE, seconds: 60 } };
  t.like(await guarded(planOf(ADD, RESTART), api, guard), { changes: [ADD, RESTART], blocked: [] });
});

test('a definition that is still used is not removed, and nothing else is written either', async t => {
  const { api } = await engine(t);
  for (const guard of [APPLY, CHECK]) {
    const held = await guarded(planOf(REMOVE, REMOVE_PORT, RESTART), api, guard);
    t.deepEqual(held.changes, []);
    t.is(held.blocked.length, 3);
    t.is(
      held.blocked[0]?.message,
      'Properties that are to go are still used: old_tag at 4.7 by VM db-1; port at 4.7 by vNIC profile audited',
    );
    t.regex(held.blocked[0]?.hint ?? '', /--remove-used-properties/);
  }
  const forced = await guarded(planOf(REMOVE, RESTART), api, { ...APPLY, removeUsedProperties: true });
  t.like(forced, { changes: [REMOVE, RESTART], blocked: [] });
  t.regex(forced.notes.join(), /old_tag at 4\.7 by VM db-1\. They go all the same/);
});

test('many users are counted after the first twenty', async t => {
  const vms = Array.from({ length: 23 }, (_, i) => ({
    name: `vm-${String(i).padStart(2, '0')}`,
    properties: { old_tag: 'y' },
  }));
  const { access } = await startApi(t, { routes: [...openVms({ vms }).routes, ...NONE] });
  const api = openEngineApi(access);
  t.teardown(() => api.close());
  const held = await guarded(planOf(REMOVE), api, APPLY);
  t.regex(held.blocked[0]?.message ?? '', /VM vm-19 and 3 more$/);
});

test('an engine that cannot be asked: an apply ends there, a check tells it', async t => {
  const { api, planned } = await engine(t);
  const broken = { status: 500, json: { reason: 'Operation Failed', detail: '[boom]' } };
  planned.push({ path: /api\/jobs/, times: 2, reply: broken });
  await t.throwsAsync(guarded(planOf(ADD, RESTART), api, APPLY), { instanceOf: EngineApiError });
  const told = await guarded(planOf(ADD, RESTART), api, CHECK);
  t.is(told.changes.length, 2);
  t.regex(told.notes.join(), /could not be asked.*boom/);
});

test('an engine that is down behind its web server is at no work', async t => {
  const { api, planned } = await engine(t);
  planned.push({ path: /./, times: 99, reply: PROXY_PAGE });
  t.like(await guarded(planOf(ADD, RESTART), api, APPLY), { changes: [ADD, RESTART], blocked: [] });
});
