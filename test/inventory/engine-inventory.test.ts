import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { explainHost } from '../../src/inventory/explain.ts';
import { exportList } from '../../src/inventory/export.ts';
import { groupHosts, hostVariable, hostVariables } from '../../src/inventory/inventory.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { PROXY_PAGE } from '../engine/client/stand-in/route.ts';
import { type ApiWish, type StandIn, startApi } from '../engine/client/stand-in/stand-in.ts';
import { folderWith, told } from './files.ts';

const sourceOf = ({ url }: StandIn) => `engine+${url}`;
const askingOf = ({ access }: StandIn) => ({ credentials: async () => access });

async function engineInventory(t: ExecutionContext, wish: ApiWish) {
  const engine = await startApi(t, wish);
  return loadInventory([sourceOf(engine)], { engine: askingOf(engine) });
}

const FLEET: ApiWish = {
  dataCenters: [{ name: 'Default' }, { name: 'Site B' }, { name: 'empty' }],
  clusters: [
    { name: 'Prod-1', version: '4.7' },
    { name: 'Büro', version: '4.6', dataCenter: 'Site B' },
    { name: 'spare', dataCenter: null },
  ],
  hosts: [
    { name: 'kvm-02', cluster: 'Prod-1', status: 'maintenance', address: '192.0.2.2' },
    { name: 'kvm-01', cluster: 'Prod-1' },
    { name: 'kvm-03', cluster: 'Büro', status: 'install_failed', type: 'ovirt_node', vdsm: null },
  ],
};

test('hosts come in groups by data center, cluster and status', async t => {
  const inventory = await engineInventory(t, FLEET);
  const hosts = (group: string) => groupHosts(inventory, group);
  t.deepEqual(hosts('hypervisors'), ['kvm-01', 'kvm-02', 'kvm-03']);
  t.deepEqual(hosts('data_center_Default'), ['kvm-01', 'kvm-02']);
  t.deepEqual(hosts('cluster_Prod_1'), ['kvm-01', 'kvm-02']);
  t.deepEqual(hosts('cluster_Büro'), ['kvm-03']);
  t.deepEqual(hosts('data_center_Site_B'), ['kvm-03']);
  t.deepEqual(inventory.groups.get('hypervisors')?.children, [
    'data_center_Default',
    'data_center_Site_B',
    'data_center_empty',
    'cluster_spare',
  ]);
  t.deepEqual([hosts('status_up'), hosts('status_maintenance')], [['kvm-01'], ['kvm-02']]);
  t.deepEqual(hosts('status_install_failed'), ['kvm-03']);
  for (const group of [
    'cluster_spare',
    'data_center_empty',
    'status_reboot',
    'status_installing',
    'ungrouped',
  ]) {
    t.true(inventory.groups.has(group), group);
    t.deepEqual(hosts(group), [], group);
  }
  t.deepEqual(inventory.warnings, []);
});

test('what the engine knows of a host is in its variables', async t => {
  const inventory = await engineInventory(t, FLEET);
  const variables = (host: string) =>
    Object.fromEntries([...hostVariables(inventory, host)].map(([name, { text }]) => [name, text]));
  const { engine_host_id: id, engine_url: url, ...others } = variables('kvm-02');
  t.regex(id ?? '', /^[0-9a-f]{8}-/);
  t.regex(url ?? '', /^https:\/\/127\.0\.0\.1:\d+$/);
  t.deepEqual(others, {
    ansible_host: '192.0.2.2',
    cluster_version: '4.7',
    engine_cluster: 'Prod-1',
    engine_data_center: 'Default',
    engine_host_status: 'maintenance',
    engine_host_type: 'rhel',
    vdsm_version: '4.50.5.1-1.el9',
  });
  t.false('vdsm_version' in variables('kvm-03'));
  t.is(variables('kvm-03').cluster_version, '4.6');
});

test('it is exported as every inventory, with its values as text', async t => {
  const list = JSON.parse(exportList(await engineInventory(t, FLEET)));
  t.is(list._meta.hostvars['kvm-02'].cluster_version, '4.7');
  t.deepEqual(list.cluster_Prod_1.hosts, ['kvm-01', 'kvm-02']);
  t.deepEqual(list.data_center_Default.children, ['cluster_Prod_1']);
});

test('files add to it and override it, with group_vars and host_vars beside them, and --explain tells', async t => {
  const engine = await startApi(t, FLEET);
  const folder = await folderWith(t, {
    'site.ini':
      '[engine]\nengine.example.org\n[canary]\nkvm-01\n[canary:vars]\na=1\n[prod:children]\ncluster_Prod_1\n[prod]\n',
    'group_vars/cluster_Prod_1.yml': 'ansible_user: rollout\n',
    'host_vars/kvm-02.yml': 'ansible_host: kvm-02.mgmt.example.org\n',
  });
  const paths = [sourceOf(engine), join(folder, 'site.ini')];
  const inventory = await loadInventory(paths, { engine: askingOf(engine) });
  t.deepEqual(groupHosts(inventory, 'prod'), ['kvm-01', 'kvm-02']);
  t.is(hostVariable(inventory, 'kvm-02', 'ansible_user')?.text, 'rollout');
  const lines = explainHost(inventory, 'kvm-02').replaceAll(`${folder}/`, '').split('\n');
  t.regex(lines[0] ?? '', /^kvm-02 is in: all, hypervisors, /);
  const at = lines.findIndex(line => line.startsWith('ansible_host '));
  t.regex(lines[at] ?? '', /kvm-02\.mgmt\.example\.org +host +host_vars\/kvm-02\.yml:1$/);
  t.regex(lines[at + 1] ?? '', /^ +overrides +192\.0\.2\.2 +host +engine\+https:\/\/127\.0\.0\.1:\d+$/);
});

test('names that would become one group stay apart, and that is told', async t => {
  const inventory = await engineInventory(t, {
    clusters: [{ name: 'a b' }, { name: 'a-b' }, { name: 'c' }],
    hosts: [
      { name: 'k1', cluster: 'a b' },
      { name: 'k2', cluster: 'a-b' },
    ],
  });
  t.false(inventory.groups.has('cluster_a_b'));
  const groups = [...inventory.groups.keys()].filter(name => name.startsWith('cluster_a_b_'));
  t.deepEqual(
    groups.map(name => groupHosts(inventory, name)),
    [['k1'], ['k2']],
  );
  const [warning] = inventory.warnings;
  t.is(
    warning?.message,
    `there is no group cluster_a_b, because 2 names would become it: "a b" is ${groups[0]}, "a-b" is ${groups[1]}`,
  );
});

test('two hosts of one name, in one engine or in two, are input errors', async t => {
  const twins = await startApi(t, {
    hosts: [
      { name: 'k1', id: '1' },
      { name: 'k1', id: '2', address: 'other' },
    ],
  });
  const one = await told('/no-folder', () => loadInventory([sourceOf(twins)], { engine: askingOf(twins) }));
  t.is(
    one,
    `${sourceOf(twins)}: the engine has 2 hosts called "k1": k1.example.org, other\n  Give each a name of its own, in the engine`,
  );
  const [a, b] = await Promise.all(
    [1, 2].map(() => startApi(t, { hosts: [{ name: 'k1' }, { name: 'k2' }] })),
  );
  if (a === undefined || b === undefined) {
    throw new Error('No engines');
  }
  const two = await told('/no-folder', () =>
    loadInventory([sourceOf(a), sourceOf(b)], { engine: askingOf(a) }),
  );
  t.deepEqual(
    two.split('\n').filter(line => line.startsWith('engine+')),
    ['k1', 'k2'].map(host => `${sourceOf(b)}: the host "${host}" is in the engine at ${a.url} too`),
  );
  await t.notThrowsAsync(loadInventory([sourceOf(a), sourceOf(a)], { engine: askingOf(a) }));
});

test('an engine that cannot be asked is an input error, with all other mistakes', async t => {
  const engine = await startApi(t);
  await engine.close();
  const message = await told('/no-folder', () =>
    loadInventory([sourceOf(engine), '/nonexistent'], { engine: askingOf(engine) }),
  );
  t.regex(
    message,
    /^engine\+https:\/\/127\.0\.0\.1:\d+: Nothing listens at the engine's port \d+\n {2}The web server/,
  );
  t.regex(message, /^\/nonexistent: There is no such inventory$/m);
});

test('an engine that is only starting is waited for', async t => {
  const engine = await startApi(t, { ...FLEET, planned: [{ path: /hosts/, reply: PROXY_PAGE }] });
  const inventory = await loadInventory([sourceOf(engine)], { engine: askingOf(engine) });
  t.is(inventory.hosts.size, 3);
});

for (const source of [
  'engine+http://engine.example.org',
  'engine+https://',
  'engine+https://admin:s3cret@engine.example.org',
  'engine+https://engine.example.org/other',
  'engine+ssh://engine.example.org',
]) {
  test(`${source} is no address of an engine, and is not repeated`, async t => {
    const asked: string[] = [];
    const credentials = async () => {
      asked.push(source);
      throw new Error('not to be asked');
    };
    const message = await told('/no-folder', () => loadInventory([source], { engine: { credentials } }));
    t.regex(message, /^the address of an engine that -i names cannot be used\n/);
    t.false(message.includes('s3cret'));
    t.deepEqual(asked, []);
  });
}

test('for a list of names alone no engine is asked, and nothing is said', async t => {
  const folder = await folderWith(t, { hosts: 'k1\n' });
  const inventory = await loadInventory(['engine+https://engine.invalid', join(folder, 'hosts')], {
    plainOnly: true,
  });
  t.deepEqual([...inventory.hosts.keys()], ['k1']);
});

test('an address with the path of its API or its pages is that engine', async t => {
  const engine = await startApi(t, FLEET);
  const inventory = await loadInventory([`${sourceOf(engine)}/ovirt-engine/api`], {
    engine: askingOf(engine),
  });
  t.is(hostVariable(inventory, 'kvm-01', 'engine_url')?.text, engine.url);
});
