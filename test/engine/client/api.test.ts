import test from 'ava';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import { listClusters, listDataCenters } from '../../../src/engine/client/clusters.ts';
import { listEngineHosts } from '../../../src/engine/client/hosts.ts';
import { startApi } from './stand-in/stand-in.ts';

test('one login serves all requests, and it is ended at the close', async t => {
  const engine = await startApi(t, {
    hosts: [{ name: 'kvm-02', status: 'maintenance' }, { name: 'kvm-01' }],
  });
  const api = openEngineApi(engine.access);
  const [hosts, clusters, centers] = await Promise.all([
    listEngineHosts(api),
    listClusters(api),
    listDataCenters(api),
  ]);
  t.deepEqual(
    hosts.map(({ name, address, status }) => [name, address, status]),
    [
      ['kvm-01', 'kvm-01.example.org', 'up'],
      ['kvm-02', 'kvm-02.example.org', 'maintenance'],
    ],
  );
  t.is(hosts[0]?.cluster, clusters[0]?.id);
  t.is(clusters[0]?.dataCenter, centers[0]?.id);
  t.deepEqual([clusters[0]?.version, centers[0]?.version], ['4.7', '4.7']);
  await api.close();
  t.deepEqual(engine.logins.counts, { in: 1, out: 1 });
});
