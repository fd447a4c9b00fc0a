import type { Target } from '../../remote/target.ts';

/** One SSH server, however many hosts of the inventory it is. */
export interface Endpoint {
  readonly target: Target;
  /** The hosts of the inventory that are reached there; none for a server that is a jump host alone. */
  readonly hosts: readonly string[];
  /** The server that connections to it go through. */
  readonly via: Endpoint | undefined;
}

/**
 * The servers behind targets, their jump hosts included, in the order in which they can be asked: level by level, each
 * behind those before it.
 */
export function endpointsOf(targets: readonly Target[]): readonly (readonly Endpoint[])[] {
  const found = new Map<string, { target: Target; hosts: string[]; via: Endpoint | undefined }>();
  const add = (target: Target): Endpoint => {
    const hop = target.jumps.at(-1);
    const via = hop && add(hop);
    const key = keyOf(target);
    const endpoint = found.get(key) ?? { target, hosts: [], via };
    found.set(key, endpoint);
    if (target.role === 'host') {
      endpoint.hosts.push(target.name);
    }
    return endpoint;
  };
  for (const target of targets) {
    add(target);
  }
  const levels: Endpoint[][] = [];
  for (const endpoint of found.values()) {
    const level = endpoint.target.jumps.length;
    levels[level] = [...(levels[level] ?? []), endpoint];
  }
  return levels;
}

/** What two targets must have in common to be one server with one place in known_hosts. */
function keyOf({ address, port, knownAs, knownHostsFiles, jumps }: Target): string {
  return JSON.stringify([
    address.toLowerCase(),
    port,
    knownAs.toLowerCase(),
    knownHostsFiles,
    jumps.map(keyOf),
  ]);
}
