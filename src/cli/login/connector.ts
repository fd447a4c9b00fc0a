import type { Host } from '../../core/host.ts';
import type { Problem } from '../../core/input-error.ts';
import type { NewHostKey } from '../../remote/host-keys/host-key-check.ts';
import { openKnownHosts } from '../../remote/host-keys/known-hosts.ts';
import { identitiesOf } from '../../remote/login/identities.ts';
import { openRemote } from '../../remote/remote.ts';
import type { Session } from '../../remote/script/session.ts';
import { readSshConfig } from '../../remote/ssh-config/ssh-config.ts';
import type { Target } from '../../remote/target.ts';
import type { FleetOptions } from '../options/options.ts';
import { allOrProblems } from '../plays/gather-problems.ts';
import { calledAddresses, sshSettings } from '../settings/ssh-settings.ts';
import { gatherSecrets, withSecrets } from './login-secrets.ts';
import { unlockKeys } from './unlock-keys.ts';

/** What a run does about host keys. */
export interface KnownHostsUse {
  /** In the place of the user's own `~/.ssh/known_hosts`, where the user names one. */
  readonly file: string | undefined;
  /** What to type to trust the keys of a host, or of a hop on the way. */
  trustCommand(target: Target): string;
  /** Told of each key that is not on record. */
  onNewHostKey(key: NewHostKey): void;
}

/** The way to the hosts of a run. */
export interface Connector {
  /** @throws {HostError} where the host cannot be reached; the signal's reason, once it is aborted. */
  connect(host: Host, signal: AbortSignal): Promise<Session>;
  /** What of the user's ssh_config is not heeded. */
  readonly warnings: readonly Problem[];
  /** Ends what the hosts share: the connections to jump hosts. */
  close(): void;
}

/**
 * Reads what every connection of a run shares: the known host keys, the identities, ssh_config, the passwords. Here is
 * where the user is asked for passwords and passphrases, once each.
 *
 * @throws {InputError} for an identity, known_hosts, ssh_config or password file that the user named and that cannot be
 * used, and for a question where nobody can be asked.
 * @throws {Interrupted} if the user ends the program at a question.
 */
export async function makeConnector(
  hosts: readonly Host[],
  knownHosts: KnownHostsUse,
  options: FleetOptions,
): Promise<Connector> {
  const overSsh = hosts.filter(({ connection }) => connection !== 'local');
  const identities = identitiesOf();
  const named = new Set(overSsh.flatMap(host => host.privateKeyFile ?? []));
  const { sshConfig } = options;
  const [opened, config] = await allOrProblems([
    openKnownHosts(
      knownHosts.file,
      overSsh.some(host => host.hostKeyChecking === 'accept-new'),
    ),
    readSshConfig(sshConfig === undefined ? {} : { file: sshConfig }),
    identities.check([...named]),
  ]);
  const secrets = await gatherSecrets(options);
  const withPasswords = (host: Host) => withSecrets(host, secrets);
  const configured = (some: readonly Host[]) => config.identityFiles(calledAddresses(some));
  await unlockKeys(identities, overSsh.map(withPasswords), configured, options);
  const remote = openRemote({
    ...sshSettings(options, config, secrets.password),
    knownHosts: opened,
    identities,
    trustCommand: knownHosts.trustCommand,
    onNewHostKey: knownHosts.onNewHostKey,
  });
  return {
    connect: (host, signal) => remote.connect(withPasswords(host), signal),
    warnings: config.warnings(calledAddresses(overSsh)),
    close: () => remote.close(),
  };
}
