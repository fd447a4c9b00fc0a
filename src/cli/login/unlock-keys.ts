import type { Host } from '../../core/host.ts';
import type { UserIdentities } from '../../remote/login/identities.ts';
import type { FleetOptions } from '../options/options.ts';
import { closedKeys, passphrases } from './key-passphrases.ts';

/**
 * Opens the encrypted key files that the hosts of a run need, before any of them is contacted: those that are named for
 * a host, those of ssh_config, and the default ones where nothing else can be used.
 *
 * @param hosts with the passwords of the run.
 * @param configured the identity files that ssh_config may have for some of the hosts.
 * @throws {InputError} for a named file that stays closed while a host has nothing else to log in with.
 * @throws {Interrupted} if the user ends the program at a question.
 */
export async function unlockKeys(
  identities: UserIdentities,
  hosts: readonly Host[],
  configured: (hosts: readonly Host[]) => readonly string[],
  { keyPassphraseFile }: Pick<FleetOptions, 'keyPassphraseFile'>,
): Promise<void> {
  const ask = passphrases(keyPassphraseFile);
  const withoutPassword = hosts.filter(({ password }) => password === undefined);
  const named = hosts.flatMap(({ privateKeyFile }) => privateKeyFile ?? []);
  const closed = await identities.unlock([...new Set(named)], ask);
  const missing = closed.filter(file => withoutPassword.some(host => host.privateKeyFile === file));
  if (missing.length > 0) {
    throw closedKeys(missing);
  }
  await identities.unlock(configured(withoutPassword), ask);
  if (withoutPassword.some(host => host.privateKeyFile === undefined && configured([host]).length === 0)) {
    await identities.unlock(undefined, ask);
  }
}
