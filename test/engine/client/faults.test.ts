import test, { type ExecutionContext } from 'ava';
import { type ApiOptions, openEngineApi } from '../../../src/engine/client/api.ts';
import { connectionTrouble } from '../../../src/engine/client/connection-trouble.ts';
import { EngineApiError } from '../../../src/engine/client/engine-api-error.ts';
import { actionFault, fault, NOT_DEPLOYED_PAGE, PROXY_PAGE, type Reply } from './stand-in/route.ts';
import { type ApiWish, startApi } from './stand-in/stand-in.ts';

async function setUp(t: ExecutionContext, wish: ApiWish = {}, options: ApiOptions = { retrySeconds: 0 }) {
  const engine = await startApi(t, wish);
  const api = openEngineApi(engine.access, options);
  t.teardown(() => api.close());
  const failureOf = async (call: () => Promise<unknown>) => {
    const error = await t.throwsAsync(call(), { instanceOf: EngineApiError });
    return { status: error?.status, ...error?.failure };
  };
  return { engine, api, failureOf };
}

const HOSTS = /\/api\/hosts$/;

const REFUSALS: readonly (readonly [string, Reply, number, string])[] = [
  [
    'bare',
    fault(400, 'Custom property a is not configured'),
    400,
    'The engine refuses it: Custom property a is not configured',
  ],
  [
    'wrapped in an action',
    actionFault(409, 'Cannot run VM. VM is not down.'),
    409,
    'The engine refuses it: Cannot run VM. VM is not down.',
  ],
  [
    'wrapped, and with the status of success',
    actionFault(200, 'It failed'),
    200,
    'The engine refuses it: It failed',
  ],
  [
    'with a reason alone',
    { status: 400, json: { reason: 'Incomplete parameters' } },
    400,
    'The engine refuses it: Incomplete parameters',
  ],
  ['without a body', { status: 404 }, 404, 'The engine has no such object'],
  ['for a right that is missing', { status: 403 }, 403, 'The engine does not allow it to this user'],
];
for (const [title, reply, status, message] of REFUSALS) {
  test(`a refusal ${title} is told in the engine's words`, async t => {
    const { api, failureOf } = await setUp(t, { planned: [{ path: HOSTS, reply }] });
    const failure = await failureOf(() => api.get('/hosts'));
    t.deepEqual([failure.kind, failure.status, failure.message], ['engine-fault', status, message]);
  });
}

test('an answer without end is ended, and not taken for a lost connection', async t => {
  const error = Object.assign(new Error('too long'), { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
  const told = await connectionTrouble(error, 'https://engine.example.org', false);
  t.true(told instanceof EngineApiError && told.failure.kind === 'engine-answer');
});

const OTHERS: readonly (readonly [string, Reply, string, RegExp])[] = [
  ['a page of the proxy', PROXY_PAGE, 'engine-unreachable', /it is down, or still starting$/],
  [
    'a page of a server without an engine',
    NOT_DEPLOYED_PAGE,
    'engine-unreachable',
    /it is still starting, or there is none at this address$/,
  ],
  [
    'a page with success',
    { html: '<html>Welcome</html>' },
    'engine-answer',
    /answers with a page \(HTTP 200\)/,
  ],
  [
    'a redirect',
    { status: 302, location: 'https://elsewhere.example.org/', html: '<html/>' },
    'engine-answer',
    /sends us elsewhere: https:\/\/elsewhere\.example\.org\//,
  ],
  ['broken JSON', { raw: '{"host": [' }, 'engine-answer', /broken JSON/],
  ['a 503 without a page', { status: 503 }, 'engine-unreachable', /it is down, or still starting$/],
  ['an answer that is cut off', { cut: true }, 'engine-unreachable', /connection to the engine has failed/],
];
for (const [title, reply, kind, message] of OTHERS) {
  test(`${title} in the place of the API is told as what it is`, async t => {
    const { api, failureOf } = await setUp(t, { planned: [{ path: HOSTS, times: 3, reply }] });
    const failure = await failureOf(() => api.get('/hosts'));
    t.is(`${failure.kind}`, kind);
    t.regex(failure.message ?? '', message);
  });
}

test('a page while logging in says whether the engine is still starting', async t => {
  const { api, failureOf } = await setUp(t, { planned: [{ path: /oauth/, reply: NOT_DEPLOYED_PAGE }] });
  t.regex((await failureOf(() => api.get('/hosts'))).message ?? '', /still starting/);
});

test('an engine that does not answer in time is given up', async t => {
  const reply = { json: {}, delayMs: 60_000 };
  const { api, failureOf } = await setUp(t, { planned: [{ path: HOSTS, reply }] }, { timeoutSeconds: 1 });
  const failure = await failureOf(() => api.get('/hosts'));
  t.deepEqual([failure.kind, failure.message], ['engine-timeout', 'The engine has not answered within 1 s']);
});

test('an interrupt ends what is being asked, with its own reason, and the login', async t => {
  const controller = new AbortController();
  const reply = { json: {}, delayMs: 60_000 };
  const { engine, api } = await setUp(
    t,
    { planned: [{ path: HOSTS, reply }] },
    { signal: controller.signal },
  );
  const asked = api.get('/hosts');
  while (!engine.requests.some(({ path }) => HOSTS.test(path))) {
    await new Promise(resolve => setImmediate(resolve));
  }
  controller.abort(new Error('enough'));
  await t.throwsAsync(asked, { message: 'enough' });
  await api.close();
  t.is(engine.logins.counts.out, 1, 'the login is ended all the same');
});
