import test from 'ava';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { listRunningJobs } from '../../../src/engine/client/jobs.ts';
import { jobRoutes } from './stand-in/jobs.ts';
import { startApi } from './stand-in/stand-in.ts';

test('of all jobs those that run are listed', async t => {
  const jobs = [
    { description: 'Migrating VM db-1' },
    { description: 'Creating VM db-2', status: 'finished' },
    { description: 'Adding Host kvm-9', status: 'failed' },
  ];
  const { access } = await startApi(t, { routes: jobRoutes(jobs) });
  const api = openEngineApi(access);
  t.teardown(() => api.close());
  t.deepEqual(await listRunningJobs(api), [{ description: 'Migrating VM db-1', since: 1_795_000_000_000 }]);
  jobs.length = 0;
  t.deepEqual(await listRunningJobs(api), []);
});
