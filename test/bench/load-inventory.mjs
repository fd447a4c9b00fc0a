/**
 * One cold process: loads the inventory named on its command line and takes a limit from it, and prints the two times in
 * milliseconds, and how many hosts there were.
 */
import { readLimit } from '../../dist/inventory/limit.js';
import { loadInventory } from '../../dist/inventory/load.js';
import { limitHosts } from '../../dist/inventory/patterns.js';

const [, , file = '', limit = ''] = process.argv;
const start = performance.now();
const inventory = await loadInventory([file]);
const loaded = performance.now();
const limited = limitHosts(inventory, 'hypervisors', await readLimit(limit));
const end = performance.now();
process.stdout.write(
  JSON.stringify({
    hosts: inventory.hosts.size,
    limited: limited.length,
    loadMs: loaded - start,
    limitMs: end - loaded,
  }),
);
