import type { Host } from '../../core/host.ts';
import type { EngineHost } from '../../engine/client/hosts.ts';

/**
 * The host of an engine that a host of the inventory is: the one with its address, whether the inventory has that as its
 * address or as its name, else the one with its name. Undefined where the engine has no such host.
 */
export function findEngineHost(
  { name, address }: Pick<Host, 'name' | 'address'>,
  hosts: readonly EngineHost[],
): EngineHost | undefined {
  const own = [address, name].map(plain);
  return (
    hosts.find(host => own.includes(plain(host.address))) ??
    hosts.find(host => plain(host.name) === plain(name))
  );
}

/** Names of hosts do not differ by case, nor by the dot at their end. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
