import test, { type ExecutionContext } from 'ava';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { listEngineHosts } from '../../../src/engine/client/hosts.ts';
import { allPages } from '../../../src/engine/client/pages.ts';
import { startApi } from './stand-in/stand-in.ts';

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    name: `kvm-${String(i).padStart(3, '0')}`,
    status: i % 2 ? 'up' : 'maintenance',
  }));

async function withHosts(t: ExecutionContext, count: number) {
  const engine = await startApi(t, { hosts: many(count) });
  const api = openEngineApi(engine.access);
  t.teardown(() => api.close());
  const searches = () => engine.requests.map(({ path }) => /search=([^&]*)/.exec(path)?.[1]).filter(Boolean);
  return { api, searches };
}

for (const count of [0, 1, 199, 200, 201, 450]) {
  test(`of ${count} hosts none is lost and none comes twice`, async t => {
    const { api } = await withHosts(t, count);
    const names = (await listEngineHosts(api)).map(({ name }) => name);
    t.deepEqual(
      names,
      many(count).map(({ name }) => name),
    );
  });
}

test('a search goes along with every page', async t => {
  const { api, searches } = await withHosts(t, 450);
  t.is((await listEngineHosts(api, 'status=up')).length, 225);
  t.deepEqual(searches(), ['status=up sortby name asc page 1', 'status=up sortby name asc page 2']);
});

test('a search that has an order or a page keeps it', async t => {
  const { api, searches } = await withHosts(t, 3);
  await listEngineHosts(api, 'sortby status');
  await listEngineHosts(api, 'name=kvm-* page 1');
  t.deepEqual(searches(), ['sortby status page 1', 'name=kvm-* page 1']);
});

test('a collection that cannot be searched is one request', async t => {
  const asked: unknown[] = [];
  const get = async (path: string, query: unknown) => {
    asked.push([path, query]);
    return { job: Array.from({ length: 500 }, (_, id) => ({ id: String(id) })) };
  };
  t.is((await allPages(get, '/jobs', 'job', {})).length, 500);
  t.deepEqual(asked, [['/jobs', {}]]);
});

test('an engine that gives the same page again and again is not asked for ever', async t => {
  const same = { host: Array.from({ length: 200 }, (_, id) => ({ id: String(id) })) };
  t.is((await allPages(async () => same, '/hosts', 'host', {})).length, 200);
});

test('an engine that always has another page is not asked for ever', async t => {
  let last = 0;
  const get = async () => ({ host: Array.from({ length: 200 }, () => ({ id: String(last++) })) });
  await t.throwsAsync(allPages(get, '/hosts', 'host', {}), { message: /pages of \/hosts without end/ });
});
