import test, { type ExecutionContext } from 'ava';
import { HostError } from '../../../src/core/failure.ts';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { shutDown, startUp } from '../../../src/engine/client/vm-cycle.ts';
import { getNextRun, getVm, listVms, putVmProperties } from '../../../src/engine/client/vms.ts';
import { PROXY_PAGE, type Reply } from './stand-in/route.ts';
import { startApi } from './stand-in/stand-in.ts';
import type { VmWish } from './stand-in/vm-answers.ts';
import { openVms } from './stand-in/vms.ts';

async function openWith(t: ExecutionContext, wish: Omit<VmWish, 'name'> = {}, retrySeconds = 30) {
  const machines = openVms({ vms: [{ name: 'web-1', ...wish }], stepMs: 100 });
  const standIn = await startApi(t, { routes: machines.routes });
  const api = openEngineApi(standIn.access, { retrySeconds });
  t.teardown(() => api.close());
  const vm = machines.vm('web-1');
  return { api, vm, look: () => machines.vm('web-1'), standIn };
}

test('a VM is read with all that a command needs of it', async t => {
  const { api, vm } = await openWith(t, {
    ownLevel: '4.6',
    origin: 'managed_hosted_engine',
    deleteProtected: true,
    properties: { audit_tag: 'web' },
  });
  const { cluster, ...rest } = await getVm(api, vm.id);
  t.truthy(cluster);
  t.deepEqual(rest, {
    id: vm.id,
    name: 'web-1',
    status: 'up',
    ownLevel: '4.6',
    origin: 'managed_hosted_engine',
    deleteProtected: true,
    stateless: false,
    pooled: false,
    runOnce: false,
    nextRun: false,
    properties: [{ name: 'audit_tag', value: 'web' }],
  });
  t.deepEqual(
    (await listVms(api, 'name="web-1"')).map(({ name }) => name),
    ['web-1'],
  );
});

test('a running VM gets its list for the next run, and what waited there already is not lost', async t => {
  const { api, vm } = await openWith(t, { properties: { site_cost: '7' } });
  vm.nextRun = { properties: { site_cost: '8' }, memory: 2048 };
  await putVmProperties(api, { id: vm.id, status: 'up' }, [{ name: 'audit_tag', value: 'web' }]);
  t.deepEqual(vm.nextRun, { properties: { audit_tag: 'web' }, memory: 2048 });
  t.deepEqual((await getVm(api, vm.id)).properties, [{ name: 'site_cost', value: '7' }]);
  t.deepEqual((await getNextRun(api, vm.id)).properties, [{ name: 'audit_tag', value: 'web' }]);
});

test('a VM that is down has its list at once', async t => {
  const { api, vm } = await openWith(t, { status: 'down' });
  await putVmProperties(api, { id: vm.id, status: 'down' }, [{ name: 'a', value: '1' }]);
  t.deepEqual(vm.running.properties, { a: '1' });
  t.is(vm.nextRun, undefined);
});

test('a guest goes down and comes up, each in its own time, and every status is told', async t => {
  const { api, vm, look } = await openWith(t);
  const said: string[] = [];
  const options = { timeoutSeconds: 60, say: (what: string) => said.push(what) };
  t.is((await shutDown(api, vm.id, options)).status, 'down');
  await startUp(api, vm.id, options);
  t.is(look().status, 'up');
  const always = ['shutting down', 'down', 'starting', 'up'];
  t.deepEqual(
    said.filter(what => always.includes(what)),
    always,
  );
});

test('a guest that ignores the shutdown is not powered off', async t => {
  const { api, vm, look, standIn } = await openWith(t, { conduct: 'ignores shutdown' });
  const error = await t.throwsAsync(shutDown(api, vm.id, { timeoutSeconds: 3 }), { instanceOf: HostError });
  t.is(error.failure.kind, 'vm-still-up');
  t.regex(error.failure.hint ?? '', /was not powered off\. Shut it down from within the guest/);
  t.is(look().status, 'up');
  t.false(standIn.requests.some(({ path }) => path.endsWith('/stop')));
});

for (const [conduct, message] of [
  ['falls down again', /was started and is down again/],
  ['never gets up', /was started and is powering_up, not up, after 3 seconds/],
] as const) {
  test(`a VM that ${conduct} is a failure that names the hooks`, async t => {
    const { api, vm } = await openWith(t, { status: 'down', conduct });
    const error = await t.throwsAsync(startUp(api, vm.id, { timeoutSeconds: 3 }), { instanceOf: HostError });
    t.is(error.failure.kind, 'vm-not-up');
    t.regex(error.message, message);
    t.regex(error.failure.hint ?? '', /Hook Error/);
  });
}

test('an engine that is away for a while does not end the waiting', async t => {
  const { api, vm, standIn, look } = await openWith(t, { status: 'down' }, 0);
  standIn.planned.push({ method: 'GET', path: /\/vms\//, times: 3, reply: PROXY_PAGE });
  await startUp(api, vm.id, { timeoutSeconds: 60 });
  t.is(look().status, 'up');
});

test('what the engine refuses is told in its own words, and nothing is waited for', async t => {
  const { api, vm } = await openWith(t, { status: 'paused' });
  await t.throwsAsync(shutDown(api, vm.id, { timeoutSeconds: 60 }), {
    message: 'The engine refuses it: Cannot shutdown VM. VM is not running.',
  });
});

test('the waiting ends with its signal', async t => {
  const { api, vm } = await openWith(t, { status: 'down', conduct: 'never gets up' });
  const signal = AbortSignal.timeout(500);
  await t.throwsAsync(startUp(api, vm.id, { timeoutSeconds: 600, signal }));
  t.true(signal.aborted);
});

const TRIPS: readonly (readonly [string, Reply])[] = [
  ['trips over itself', { status: 500, json: { reason: 'Internal Server Error' } }],
  ['answers with half a document', { raw: '{"id": "' }],
  ['is behind a proxy without a page', { status: 503 }],
];
for (const [title, reply] of TRIPS) {
  test(`an engine that ${title} while a VM goes down and comes up does not end the waiting`, async t => {
    const { api, vm, standIn, look } = await openWith(t, {}, 0);
    const trip = () => standIn.planned.push({ method: 'GET', path: /\/vms\//, times: 2, reply });
    await shutDown(api, vm.id, { timeoutSeconds: 60, taken: trip });
    await startUp(api, vm.id, { timeoutSeconds: 60, taken: trip });
    t.is(look().status, 'up');
    t.deepEqual(vm.asked, { start: 1, shutdown: 1 });
  });
}

test('an engine that is restarted as it is asked to start a VM is asked again', async t => {
  const { api, vm, standIn, look } = await openWith(t, { status: 'down' }, 0);
  standIn.planned.push({ method: 'POST', path: /\/start$/, reply: PROXY_PAGE });
  standIn.planned.push({ method: 'GET', path: /\/vms\//, times: 2, reply: PROXY_PAGE });
  await startUp(api, vm.id, { timeoutSeconds: 60 });
  t.is(look().status, 'up');
  t.is(vm.asked.start, 1);
});

test('a VM that is on its way down when the time is over may go down yet, and is told so', async t => {
  const { api, vm, standIn } = await openWith(t);
  const { id } = vm;
  const reply = { json: { id, name: 'web-1', status: 'powering_down' } };
  standIn.planned.push({ method: 'GET', path: /\/vms\//, times: 99, reply });
  const error = await t.throwsAsync(shutDown(api, id, { timeoutSeconds: 1 }), { instanceOf: HostError });
  t.is(error.failure.kind, 'vm-not-down');
  t.regex(error.message, /is powering_down, not down, after 1 seconds$/);
});
