import type { Host } from '../core/host.ts';
import { connect } from '../remote/connect.ts';
import { checkPrivateKeys, identitiesOf } from '../remote/identities.ts';
import { readKnownHosts, readNamedKnownHosts } from '../remote/known-hosts.ts';
import type { Session } from '../remote/session.ts';
import { allOrProblems } from './gather-problems.ts';

/**
 * Reads what every connection of a run shares: the known host keys, the identities.
 *
 * @param knownHostsFile in the place of the user's own `~/.ssh/known_hosts`, where the user names one.
 * @throws {InputError} for an identity or known_hosts file that the user named and that cannot be used.
 */
export async function makeConnector(
  hosts: readonly Host[],
  signal: AbortSignal,
  knownHostsFile?: string,
): Promise<(host: Host) => Promise<Session>> {
  const named = new Set(hosts.flatMap(host => host.privateKeyFile ?? []));
  const [knownHosts] = await allOrProblems([
    knownHostsFile === undefined ? readKnownHosts() : readNamedKnownHosts(knownHostsFile),
    checkPrivateKeys([...named]),
  ]);
  const identities = identitiesOf();
  return host => connect(host, { knownHosts, identities, signal });
}
