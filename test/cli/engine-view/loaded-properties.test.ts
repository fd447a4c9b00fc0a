import test from 'ava';
import { notLoaded } from '../../../src/cli/engine-view/loaded-properties.ts';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { optionRoutes } from '../../engine/client/stand-in/options.ts';
import { NOT_DEPLOYED_PAGE, PROXY_PAGE } from '../../engine/client/stand-in/route.ts';
import { startApi } from '../../engine/client/stand-in/stand-in.ts';

const STORED = {
  UserDefinedVMProperties: { '4.7': 'a=^x$', '4.8': '' },
  CustomDeviceProperties: { '4.7': '{type=interface;prop={port=^x$}}', '4.8': '' },
};
const LOADED = { 'UserDefinedVMProperties@4.7': 'a=^x$', 'UserDefinedVMProperties@4.8': '' };
const { signal } = new AbortController();

async function engine(t: Parameters<typeof startApi>[0], loaded: () => Record<string, string>) {
  const standIn = await startApi(t, { routes: optionRoutes(loaded) });
  const api = openEngineApi(standIn.access, { retrySeconds: 0 });
  t.teardown(() => api.close());
  return { api, ...standIn };
}

test('an engine that shows what is stored has loaded it; of devices it shows nothing', async t => {
  const { api, requests } = await engine(t, () => LOADED);
  t.is(await notLoaded(api, STORED, { seconds: 0, everyMs: 1, signal }), null);
  t.is(requests.filter(({ path }) => path.includes('/options/')).length, 1, 'one question for all levels');
});

test('an engine that is not up yet, or still has the old value, is asked again', async t => {
  let looks = 0;
  const { api, planned } = await engine(t, () => {
    looks += 1;
    return looks < 3 ? { ...LOADED, 'UserDefinedVMProperties@4.7': '' } : LOADED;
  });
  planned.push({ path: /./, reply: PROXY_PAGE }, { path: /./, reply: NOT_DEPLOYED_PAGE });
  t.is(await notLoaded(api, STORED, { seconds: 30, everyMs: 5, signal }), null);
  t.is(looks, 3);
});

test('an engine that keeps the old value is told with the levels', async t => {
  const { api } = await engine(t, () => ({ ...LOADED, 'UserDefinedVMProperties@4.7': 'old=^x$' }));
  const failure = await notLoaded(api, STORED, { seconds: 0.05, everyMs: 5, signal });
  t.is(failure?.kind, 'engine-options');
  t.regex(failure?.message ?? '', /does not show the stored UserDefinedVMProperties at 4\.7$/);
});

test('network properties are compared where they were read', async t => {
  const { api } = await engine(t, () => ({
    ...LOADED,
    'UserDefinedNetworkCustomProperties@4.7': 'mtu=^[0-9]+$',
  }));
  const more = { ...STORED, UserDefinedNetworkCustomProperties: { '4.7': 'mtu=^[0-9]+$' } };
  const patience = { seconds: 0, everyMs: 1, signal };
  t.is(await notLoaded(api, more, patience), null);
  const other = { ...STORED, UserDefinedNetworkCustomProperties: { '4.7': 'mtu=^1500$' } };
  t.regex(
    (await notLoaded(api, other, patience))?.message ?? '',
    /UserDefinedNetworkCustomProperties at 4\.7/,
  );
});

test('an option that this engine does not show at all is not held against it', async t => {
  const { api } = await engine(t, () => ({}));
  t.is(await notLoaded(api, STORED, { seconds: 0, everyMs: 1, signal }), null);
});

test('an interrupt ends the wait', async t => {
  const stop = new AbortController();
  const { api } = await engine(t, () => ({ 'UserDefinedVMProperties@4.7': 'old=^x$' }));
  const asked = notLoaded(api, STORED, { seconds: 60, everyMs: 60_000, signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await t.throwsAsync(asked);
});
