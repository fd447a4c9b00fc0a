import { HostError } from '../../core/failure.ts';
import type { Host } from '../../core/host.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { type KnownHosts, openKnownHosts } from '../../remote/host-keys/known-hosts.ts';
import type { Open, ScanOptions } from '../../remote/host-keys/scan.ts';
import { identitiesOf } from '../../remote/login/identities.ts';
import { openRemote } from '../../remote/remote.ts';
import { readSshConfig } from '../../remote/ssh-config/ssh-config.ts';
import { plainTarget, type Target } from '../../remote/target.ts';
import { gatherSecrets } from '../login/login-secrets.ts';
import { unlockKeys } from '../login/unlock-keys.ts';
import { allOrProblems } from '../plays/gather-problems.ts';
import { calledAddresses, sshSettings } from '../settings/ssh-settings.ts';
import type { Endpoint } from './trust-endpoints.ts';
import type { TrustOptions } from './trust-input.ts';
import { trustLine } from './trust-line.ts';

/** How `trust` comes to the hosts. A login is needed on jump hosts alone. */
export interface TrustWays {
  readonly knownHosts: KnownHosts;
  readonly targets: readonly Target[];
  /** The hosts that cannot even be looked for, and why. */
  readonly lost: readonly { readonly endpoint: Endpoint; readonly error: HostError }[];
  readonly open: Open;
  /** How often and for how long a host is asked for a key. */
  readonly limits: NonNullable<ScanOptions['limits']>;
  close(): void;
}

/**
 * Finds out how hosts are reached. Contacts none of them.
 *
 * @throws {InputError} for a file that cannot be used; the known_hosts file may be missing.
 * @throws {Interrupted} if the user ends the program at a question for a passphrase.
 */
export async function openTrustWays(
  hosts: readonly Host[],
  inventory: Inventory,
  options: TrustOptions,
): Promise<TrustWays> {
  const { sshConfig } = options;
  const identities = identitiesOf();
  const [knownHosts, config] = await allOrProblems([
    openKnownHosts(options.knownHosts, true),
    readSshConfig(sshConfig === undefined ? {} : { file: sshConfig }),
  ]);
  const secrets = await gatherSecrets(options);
  const settings = sshSettings(options, config, secrets.password);
  const remote = openRemote({
    ...settings,
    knownHosts,
    identities,
    trustCommand: () => trustLine(inventory, [...inventory.hosts.keys()], options),
  });
  const resolved = await Promise.all(
    hosts.map(async host => {
      try {
        return { target: await remote.resolve(host) };
      } catch (error) {
        if (error instanceof HostError) {
          return {
            lost: { endpoint: { target: plainTarget(host), hosts: [host.name], via: undefined }, error },
          };
        }
        throw error;
      }
    }),
  );
  const targets = resolved.flatMap(({ target }) => target ?? []);
  if (targets.some(({ jumps }) => jumps.length > 0)) {
    const configured = (some: readonly Host[]) => config.identityFiles(calledAddresses(some));
    await unlockKeys(identities, hosts, configured, options);
  }
  return {
    knownHosts,
    targets,
    lost: resolved.flatMap(({ lost }) => lost ?? []),
    open: remote.open,
    limits: settings.limits ?? {},
    close: () => remote.close(),
  };
}
