import test from 'ava';
import { openEngineApi } from '../../../src/engine/client/api.ts';
import {
  listProfilePropertyUsers,
  listVmPropertyUsers,
  type PropertyUser,
} from '../../../src/engine/client/property-users.ts';
import { idOf } from './stand-in/ids.ts';
import type { Route } from './stand-in/route.ts';
import { startApi } from './stand-in/stand-in.ts';

const properties = (...names: readonly string[]) => ({
  custom_properties: { custom_property: names.map(name => ({ name, value: 'x' })) },
});
const cluster = (name: string) => ({ cluster: { id: idOf('cluster', name) } });
const fixed = (path: RegExp, json: unknown): Route => ({ method: 'GET', path, answer: () => ({ json }) });
const told = (users: readonly PropertyUser[]) =>
  users.map(({ kind, name, level, properties: of }) => `${kind} ${name} ${level}: ${[...of].join(' ')}`);

const CLUSTERS = [
  { name: 'old', version: '4.6' },
  { name: 'new', version: '4.7' },
];

test('VMs, templates and pools carry properties, at their own level or at that of their cluster, also for their next run', async t => {
  const vm = [
    { id: '1', name: 'plain', ...cluster('new') },
    { id: '2', name: 'db-1', ...cluster('new'), ...properties('audit_tag', 'cost') },
    {
      id: '3',
      name: 'own',
      ...cluster('new'),
      ...properties('audit_tag'),
      custom_compatibility_version: { major: '4', minor: '5' },
    },
    { id: '4', name: 'later', ...cluster('old'), next_run_configuration_exists: 'true' },
    { id: '5', name: 'desk-1', ...cluster('old'), ...properties('cost'), vm_pool: { id: 'p' } },
    { id: '6', name: 'homeless', ...properties('cost') },
  ];
  const routes: Route[] = [
    fixed(/^\/vms$/, { vm }),
    fixed(/^\/vms\/4$/, { ...vm[3], ...properties('audit_tag') }),
    fixed(/^\/templates$/, {
      template: [{ id: 't', name: 'base', ...cluster('old'), ...properties('cost') }],
    }),
    fixed(/^\/vmpools$/, { vm_pool: [{ id: 'p', name: 'desk' }] }),
  ];
  const { access, requests } = await startApi(t, { clusters: CLUSTERS, routes });
  const api = openEngineApi(access);
  t.teardown(() => api.close());
  t.deepEqual(told(await listVmPropertyUsers(api)), [
    'VM db-1 4.7: audit_tag cost',
    'VM own 4.5: audit_tag',
    'VM later 4.6: audit_tag',
    'pool desk 4.6: cost',
    'VM homeless undefined: cost',
    'template base 4.6: cost',
  ]);
  t.is(requests.filter(({ path }) => path.endsWith(';next_run')).length, 1);
});

test('vNIC profiles carry properties at the level of the data center of their network', async t => {
  const routes: Route[] = [
    fixed(/^\/networks$/, {
      network: [{ id: 'n', name: 'ovirtmgmt', data_center: { id: idOf('data center', 'north') } }],
    }),
    fixed(/^\/vnicprofiles$/, {
      vnic_profile: [
        { id: '1', name: 'plain', network: { id: 'n' } },
        { id: '2', name: 'audited', network: { id: 'n' }, ...properties('audit_port') },
        { id: '3', name: 'external', network: { id: 'elsewhere' }, ...properties('audit_port') },
      ],
    }),
  ];
  const { access } = await startApi(t, { dataCenters: [{ name: 'north', version: '4.6' }], routes });
  const api = openEngineApi(access);
  t.teardown(() => api.close());
  t.deepEqual(told(await listProfilePropertyUsers(api)), [
    'vNIC profile audited 4.6: audit_port',
    'vNIC profile external undefined: audit_port',
  ]);
});

test('an engine without any of them has no users', async t => {
  const empty = ['vms', 'templates', 'vmpools', 'networks', 'vnicprofiles'];
  const { access } = await startApi(t, { routes: empty.map(name => fixed(new RegExp(`^/${name}$`), {})) });
  const api = openEngineApi(access);
  t.teardown(() => api.close());
  t.deepEqual([...(await listVmPropertyUsers(api)), ...(await listProfilePropertyUsers(api))], []);
});
