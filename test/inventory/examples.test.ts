import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { toHosts } from '../../src/inventory/connection.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { matchHosts } from '../../src/inventory/patterns.ts';

const folder = fileURLToPath(new URL('../../inventories/', import.meta.url));
const defaults = { user: 'me', homeFolder: '/home/me', workingFolder: '/work' };

for (const file of readdirSync(folder)) {
  test(`the example inventory is free of mistakes, and all its hosts can be reached: ${file}`, async t => {
    const inventory = await loadInventory([folder + file]);
    t.deepEqual(inventory.warnings, []);
    const names = matchHosts(inventory, 'hypervisors:engine');
    t.true(toHosts(inventory, names, defaults).every(host => host.user === 'rollout' && host.become));
  });
}

test('example.ini says what its comments say', async t => {
  const inventory = await loadInventory([`${folder}example.ini`]);
  t.deepEqual(toHosts(inventory, ['hv-04.example.org', 'kvm-02.example.org'], defaults), [
    {
      name: 'hv-04.example.org',
      address: '192.0.2.14',
      user: 'rollout',
      become: true,
    },
    {
      name: 'kvm-02.example.org',
      address: 'kvm-02.example.org',
      port: 2222,
      user: 'root',
    },
  ]);
});

test('the site in a folder is the one of example.ini', async t => {
  const [ini, folderOfFiles] = await Promise.all(
    ['example.ini', 'site'].map(name => loadInventory([folder + name])),
  );
  const hosts = [...(ini?.hosts.keys() ?? [])].sort();
  t.deepEqual([...(folderOfFiles?.hosts.keys() ?? [])].sort(), hosts);
  t.deepEqual(folderOfFiles && toHosts(folderOfFiles, hosts, defaults), ini && toHosts(ini, hosts, defaults));
});

test('two-sites.ini lets a play or a run pick one site', async t => {
  const inventory = await loadInventory([`${folder}two-sites.ini`]);
  t.is(matchHosts(inventory, 'hypervisors:&berlin').length, 12);
  t.deepEqual(matchHosts(inventory, 'canary:&oslo'), ['hv-01.oslo.example.org']);
});
