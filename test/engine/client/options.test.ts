import test from 'ava';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { EngineApiError } from '../../../src/engine/client/engine-api-error.ts';
import { readOption } from '../../../src/engine/client/options.ts';
import { optionRoutes } from './stand-in/options.ts';
import { NOT_DEPLOYED_PAGE } from './stand-in/route.ts';
import { startApi } from './stand-in/stand-in.ts';

test('an option is read at every level, also where it is empty; what the engine does not show is told apart', async t => {
  const loaded = {
    'UserDefinedVMProperties@4.7': '',
    'UserDefinedVMProperties@4.8': 'audit_tag=^[a-z]+$',
    'CustomDeviceProperties@4.8': '{type=interface;prop={a=b}}',
  };
  const { access, planned } = await startApi(t, { routes: optionRoutes(() => loaded) });
  const api = openEngineApi(access, { retrySeconds: 0 });
  t.teardown(() => api.close());
  t.deepEqual(
    await readOption(api, 'UserDefinedVMProperties'),
    new Map([
      ['4.7', ''],
      ['4.8', 'audit_tag=^[a-z]+$'],
    ]),
  );
  t.is(await readOption(api, 'CustomDeviceProperties'), undefined);
  planned.push({ path: /options/, reply: NOT_DEPLOYED_PAGE });
  await t.throwsAsync(
    readOption(api, 'UserDefinedVMProperties'),
    { instanceOf: EngineApiError },
    'an engine that is still starting shows nothing, and that is no answer',
  );
});
