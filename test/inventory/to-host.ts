import type { Host } from '../../src/core/host.ts';
import { type ConnectionDefaults, toHosts } from '../../src/inventory/connection.ts';
import type { Inventory } from '../../src/inventory/inventory.ts';

/** How to reach one host. */
export function toHost(inventory: Inventory, name: string, defaults: ConnectionDefaults): Host {
  const [host] = toHosts(inventory, [name], defaults);
  if (host === undefined) {
    throw new Error(`nothing was said of ${name}`);
  }
  return host;
}
