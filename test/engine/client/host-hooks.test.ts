import test from 'ava';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { EngineApiError } from '../../../src/engine/client/engine-api-error.ts';
import { listHostHooks, refreshCapabilities } from '../../../src/engine/client/host-hooks.ts';
import { hostHookRoutes } from './stand-in/host-hooks.ts';
import { idOf } from './stand-in/ids.ts';
import { actionFault } from './stand-in/route.ts';
import { startApi } from './stand-in/stand-in.ts';

const SUM = 'a'.repeat(64);
const hosts = () => [{ name: 'kvm-1', status: 'up' }, { name: 'kvm-2' }];

test('the hooks of a host are those on record, until its capabilities are read anew', async t => {
  const all = hosts();
  const routes = hostHookRoutes({
    hosts: all,
    recorded: { 'kvm-1': { 'before_vm_start/50_a': '' } },
    reported: () => ({ 'before_vm_start/50_a': SUM, 'after_vm_start/60 b': SUM }),
    looksUntilShown: 1,
  });
  const { access } = await startApi(t, { hosts: all, routes });
  const api = openEngineApi(access);
  t.teardown(() => api.close());
  const [first, second] = [idOf('host', 'kvm-1'), idOf('host', 'kvm-2')];
  t.deepEqual(await listHostHooks(api, first), [{ event: 'before_vm_start', name: '50_a', checksum: '' }]);
  t.deepEqual(await listHostHooks(api, second), [], 'an empty list leaves its key out');
  await refreshCapabilities(api, first);
  t.is((await listHostHooks(api, first)).length, 1, 'accepted does not mean done');
  t.deepEqual((await listHostHooks(api, first)).map(({ event, name }) => `${event}/${name}`).toSorted(), [
    'after_vm_start/60 b',
    'before_vm_start/50_a',
  ]);
});

test('a host in another state is not read anew, and one that is locked is asked again', async t => {
  const all = hosts();
  const { access, planned } = await startApi(t, {
    hosts: all,
    routes: hostHookRoutes({ hosts: all, reported: () => ({}) }),
  });
  const api = openEngineApi(access);
  t.teardown(() => api.close());
  const id = idOf('host', 'kvm-1');
  planned.push({
    path: /refresh$/,
    times: 2,
    reply: actionFault(
      409,
      'Cannot refresh Host capabilities. Related operation is currently in progress. Please try again later.',
    ),
  });
  await t.notThrowsAsync(refreshCapabilities(api, id));
  t.is(planned.length, 0);
  (all[0] ?? { status: '' }).status = 'installing';
  const error = await t.throwsAsync(refreshCapabilities(api, id), { instanceOf: EngineApiError });
  t.is(error?.status, 409);
  t.regex(error?.message ?? '', /only when Host status is Up/);
});
