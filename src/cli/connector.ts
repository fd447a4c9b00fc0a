import type { Host } from '../core/host.ts';
import { connect } from '../remote/connect.ts';
import { checkPrivateKeys, identitiesOf } from '../remote/identities.ts';
import { readKnownHosts } from '../remote/known-hosts.ts';
import type { Session } from '../remote/session.ts';

/**
 * Reads what every connection of a run shares: the known host keys, the identities.
 *
 * @throws {InputError} for an identity file that the user named and that cannot be used.
 */
export async function makeConnector(
  hosts: readonly Host[],
  signal: AbortSignal,
): Promise<(host: Host) => Promise<Session>> {
  const named = new Set(hosts.flatMap(host => host.privateKeyFile ?? []));
  const [knownHosts] = await Promise.all([readKnownHosts(), checkPrivateKeys([...named])]);
  const identities = identitiesOf();
  return host => connect(host, { knownHosts, identities, signal });
}
