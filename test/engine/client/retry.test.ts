import test from 'ava';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { EngineApiError } from '../../../src/engine/client/engine-api-error.ts';
import { ACCEPTED, actionFault, fault, PROXY_PAGE, type Reply } from './stand-in/route.ts';
import { startApi } from './stand-in/stand-in.ts';

const START = { method: 'POST', path: /\/start$/, answer: () => ACCEPTED } as const;
const LOCKED = 'Cannot run VM. Related operation is currently in progress. Please try again later.';

test('a locked object is asked again until it is free, an action too', async t => {
  const engine = await startApi(t, {
    routes: [START],
    planned: [{ path: /start$/, times: 2, reply: actionFault(409, LOCKED) }],
  });
  const api = openEngineApi(engine.access);
  t.teardown(() => api.close());
  t.deepEqual(await api.post('/vms/1/start', {}), { status: 'complete' });
  t.is(engine.requests.filter(({ path }) => path.endsWith('/start')).length, 3);
});

test('how long a locked object is asked has an end', async t => {
  const reply = fault(409, 'Cannot edit VM. The VM is locked.');
  const engine = await startApi(t, { planned: [{ path: /vms/, times: 1000, reply }] });
  const api = openEngineApi(engine.access, { retrySeconds: 1 });
  t.teardown(() => api.close());
  const error = await t.throwsAsync(api.put('/vms/1', {}), { instanceOf: EngineApiError });
  t.is(error?.message, 'The engine refuses it: Cannot edit VM. The VM is locked.');
  t.true(engine.requests.length > 2);
});

const ONCE: readonly (readonly [string, Reply])[] = [
  ['a state that waiting does not change', actionFault(409, 'Cannot run VM. VM is running.')],
  ['a value that is wrong', fault(400, 'Illegal value')],
  ['an action that a proxy may have passed on', PROXY_PAGE],
  ['an action whose answer was cut off', { cut: true }],
];
for (const [title, reply] of ONCE) {
  test(`${title} is sent once`, async t => {
    const engine = await startApi(t, { routes: [START], planned: [{ path: /start$/, times: 9, reply }] });
    const api = openEngineApi(engine.access);
    t.teardown(() => api.close());
    await t.throwsAsync(api.post('/vms/1/start', {}), { instanceOf: EngineApiError });
    t.is(engine.requests.filter(({ path }) => path.endsWith('/start')).length, 1);
  });
}

test('what can be asked twice waits for an engine that is starting, the login with it', async t => {
  const engine = await startApi(t, {
    planned: [
      { path: /oauth/, reply: PROXY_PAGE },
      { path: /hosts/, reply: PROXY_PAGE },
    ],
  });
  const api = openEngineApi(engine.access);
  t.teardown(() => api.close());
  t.deepEqual(await api.get('/hosts'), {});
});

test('an answer that was cut off is asked for once more, where twice is the same as once', async t => {
  const engine = await startApi(t, { planned: [{ path: /hosts/, reply: { cut: true } }] });
  const api = openEngineApi(engine.access);
  t.teardown(() => api.close());
  t.deepEqual(await api.get('/hosts'), {});
});
