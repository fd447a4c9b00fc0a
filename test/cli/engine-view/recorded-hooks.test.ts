import test, { type ExecutionContext } from 'ava';
import { settleRecord } from '../../../src/cli/engine-view/recorded-hooks.ts';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { listEngineHosts } from '../../../src/engine/client/hosts.ts';
import { hostHookRoutes } from '../../engine/client/stand-in/host-hooks.ts';
import { startApi } from '../../engine/client/stand-in/stand-in.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const HOST = { name: 'kvm-1', address: '192.0.2.1' };
const SEEN = new Map([['before_vm_start/50_a', A]]);
const { signal } = new AbortController();

async function engine(
  t: ExecutionContext,
  recorded: Record<string, string>,
  about: { status?: string; looksUntilShown?: number; told?: Record<string, string> } = {},
) {
  const hosts = [{ name: 'kvm-1', status: about.status ?? 'up' }];
  const { looksUntilShown = 0, told = Object.fromEntries(SEEN) } = about;
  const routes = hostHookRoutes({
    hosts,
    recorded: { 'kvm-1': recorded },
    reported: () => told,
    looksUntilShown,
  });
  const { access, requests } = await startApi(t, { hosts, routes });
  const api = openEngineApi(access);
  t.teardown(() => api.close());
  const settle = (refresh: boolean, seen = SEEN, host = HOST) =>
    settleRecord(host, seen, {
      api,
      hosts: () => listEngineHosts(api),
      refresh,
      patience: { seconds: 0.5, everyMs: 5, signal },
    });
  return { settle, refreshes: () => requests.filter(({ path }) => path.endsWith('/refresh')).length };
}

test('a record that is right needs nothing', async t => {
  const { settle, refreshes } = await engine(t, { 'before_vm_start/50_a': A });
  t.deepEqual(await settle(true), { changes: [], notes: [], error: null });
  t.is(refreshes(), 0);
});

test('an old record is drift in a check, and an apply has the engine read the host anew and waits for it', async t => {
  const { settle, refreshes } = await engine(
    t,
    { 'before_vm_start/50_a': B, 'after_vm_start/60_gone': B },
    { looksUntilShown: 3 },
  );
  const drift = await settle(false);
  t.deepEqual(
    drift.changes.map(({ resource, action, id }) => [resource, action, id]),
    [
      ['engine-view', 'refresh', 'after_vm_start/60_gone'],
      ['engine-view', 'refresh', 'before_vm_start/50_a'],
    ],
  );
  t.is(refreshes(), 0);
  t.deepEqual(await settle(true), drift);
  t.is(refreshes(), 1);
  t.deepEqual((await settle(true)).changes, [], 'once is enough');
});

test('a host in a state in which the engine reads nothing is told so', async t => {
  const { settle, refreshes } = await engine(t, {}, { status: 'installing' });
  const { changes, error } = await settle(true);
  t.deepEqual(changes, []);
  t.is(error?.kind, 'engine-view');
  t.regex(error?.message ?? '', /in the state installing$/);
  t.is(refreshes(), 0);
  t.is((await settle(false)).changes.length, 1, 'a check shows the drift all the same');
});

test('an engine whose record stays wrong fails the host, with what is wrong', async t => {
  const { settle } = await engine(t, {}, { told: { 'before_vm_start/50_a': B } });
  const { error } = await settle(true);
  t.regex(error?.message ?? '', /still has an old record of before_vm_start\/50_a$/);
});

test('a host that the engine does not have, and names that it cannot keep, are notes', async t => {
  const { settle, refreshes } = await engine(t, {});
  t.regex(
    (await settle(true, SEEN, { name: 'other', address: 'other' })).notes.join(),
    /no host with this name/,
  );
  t.regex((await settle(true, new Map([['before_vm_start/a=b', A]]))).notes.join(), /before_vm_start\/a=b$/);
  t.is(refreshes(), 0);
});
