import { InputError } from '../../core/input-error.ts';
import { Secret } from '../../core/secret.ts';
import { engineSourceUrl } from '../../inventory/engine-source.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { loadInventory } from '../../inventory/load.ts';
import { makeVault, type Vault } from '../../inventory/vault.ts';
import { engineCredentials } from '../engine/engine-credentials.ts';
import type { EngineApiOptions } from '../options/engine-api-options.ts';
import type { VaultOptions } from '../options/options.ts';
import { NO_INVENTORY } from '../settings/no-inventory.ts';
import { askSecret, canAskSecret } from '../terminal/ask-secret.ts';

/**
 * Reads the inventories that a command line names, with what it says of ansible-vault.
 *
 * @param playbookFolder where group_vars/ and host_vars/ stand beside the playbook.
 * @throws {InputError} for everything that is wrong with them, and for a question where nobody can be asked.
 */
export async function readInventory(
  options: VaultOptions & EngineApiOptions & { readonly inventory?: readonly string[] },
  playbookFolder?: string,
): Promise<Inventory> {
  const { inventory } = options;
  if (inventory === undefined) {
    throw new InputError([NO_INVENTORY]);
  }
  if (inventory.some(path => engineSourceUrl(path) !== undefined)) {
    // Before anything else asks on the terminal; what was typed is known from then on.
    await engineCredentials(options);
  }
  const engine = { credentials: () => engineCredentials(options) };
  return loadInventory(inventory, { playbookFolder, vault: vaultOf(options), engine });
}

function vaultOf({
  vaultPasswordFile = [],
  vaultId = [],
  askVaultPass = false,
}: VaultOptions): Vault | undefined {
  const prompting = vaultId.find(id => /(?:^|@)prompt(?:_ask_vault_pass)?$/.test(id));
  if (prompting !== undefined) {
    throw new InputError([
      {
        message: `--vault-id ${prompting} asks for a password of its own`,
        hint: 'Say --ask-vault-pass, which asks once',
      },
    ]);
  }
  if (askVaultPass && !canAskSecret()) {
    throw new InputError([
      {
        message: '--ask-vault-pass asks for a password, and there is no terminal to ask on',
        hint: 'Give --vault-password-file FILE',
      },
    ]);
  }
  return makeVault({
    passwordFiles: vaultPasswordFile,
    ids: vaultId,
    ...(askVaultPass ? { ask: async () => new Secret(await askSecret('Vault password: ')) } : {}),
    environment: process.env,
  });
}
