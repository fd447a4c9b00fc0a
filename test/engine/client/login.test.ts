import { inspect } from 'node:util';
import test from 'ava';
import { Secret } from '../../../src/core/secret.ts';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { EngineApiError } from '../../../src/engine/client/engine-api-error.ts';
import { startApi } from './stand-in/stand-in.ts';

test('after 401 it logs in again, once for all that were asked at the time', async t => {
  const engine = await startApi(t, { hosts: [{ name: 'kvm-01' }] });
  const api = openEngineApi(engine.access);
  t.teardown(() => api.close());
  await api.get('/hosts');
  engine.logins.expire();
  const answers = await Promise.all([api.get('/hosts'), api.get('/clusters'), api.get('/datacenters')]);
  t.is(answers.length, 3);
  t.is(engine.logins.counts.in, 2);
});

test('a login that is worth nothing the second time too is an error', async t => {
  const engine = await startApi(t, { planned: [{ path: /\/api\//, times: 2, reply: { status: 401 } }] });
  const api = openEngineApi(engine.access);
  t.teardown(() => api.close());
  const error = await t.throwsAsync(api.get('/hosts'), { instanceOf: EngineApiError });
  t.deepEqual([error?.status, error?.message], [401, 'The engine does not know the login any more']);
  t.is(engine.logins.counts.in, 2);
});

test("a refused login is told in the engine's words, without the password", async t => {
  const engine = await startApi(t);
  const api = openEngineApi({ ...engine.access, password: new Secret('wr0ng&secret') });
  t.teardown(() => api.close());
  const error = await t.throwsAsync(api.get('/hosts'), { instanceOf: EngineApiError });
  t.deepEqual([error?.outcome, error?.failure.kind], ['unreachable', 'engine-login']);
  t.is(
    error?.message,
    "The engine refuses the login of admin@internal: Cannot authenticate user 'admin@internal': The username or password is incorrect..",
  );
  t.regex(error?.failure.hint ?? '', /admin@ovirt@internalsso/);
  t.false(inspect(error, { depth: 9 }).includes('wr0ng'));
});

test('an answer of OpenID is read too', async t => {
  const reply = {
    status: 401,
    json: { error: 'invalid_grant', error_description: 'Invalid user credentials' },
  };
  const engine = await startApi(t, { planned: [{ path: /oauth/, reply }] });
  const api = openEngineApi(engine.access);
  t.teardown(() => api.close());
  await t.throwsAsync(api.get('/hosts'), {
    message: 'The engine refuses the login of admin@internal: Invalid user credentials',
  });
});

test('a password of any signs reaches the engine as it is', async t => {
  const password = 'ä+& =%25\'";ß€';
  const engine = await startApi(t, { password, user: 'ann+ops@internal' });
  const api = openEngineApi(engine.access);
  t.teardown(() => api.close());
  await t.notThrowsAsync(api.get('/hosts'));
});

test('without a request nobody logs in, and a logout that fails is nobody’s trouble', async t => {
  const engine = await startApi(t, { planned: [{ path: /sso-logout/, reply: { status: 500 } }] });
  const idle = openEngineApi(engine.access);
  await idle.close();
  t.deepEqual(engine.requests, []);
  const api = openEngineApi(engine.access);
  await api.get('/hosts');
  await api.close();
  t.is(engine.requests.at(-1)?.path, '/ovirt-engine/services/sso-logout');
});

for (const [reply, message] of [
  [{ status: 500, raw: 'Internal' }, 'The engine refuses it (HTTP 500)'],
  [
    { status: 302, location: 'https://sso.example.org/' },
    'The server sends us elsewhere: https://sso.example.org/',
  ],
  [
    { status: 503 },
    'The web server answers, but the engine behind it does not: it is down, or still starting',
  ],
] as const) {
  test(`an answer ${reply.status} to the login says nothing about user and password`, async t => {
    const engine = await startApi(t, { planned: [{ path: /oauth/, reply }] });
    const api = openEngineApi(engine.access, { retrySeconds: 0 });
    t.teardown(() => api.close());
    const error = await t.throwsAsync(api.get('/hosts'), { instanceOf: EngineApiError, message });
    t.not(error?.failure.kind, 'engine-login');
    t.is(engine.requests.filter(({ path }) => path.includes('/token')).length, 1, 'it is not followed');
  });
}
