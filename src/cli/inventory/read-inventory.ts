import { InputError } from '../../core/input-error.ts';
import { Secret } from '../../core/secret.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { loadInventory } from '../../inventory/load.ts';
import { makeVault, type Vault } from '../../inventory/vault.ts';
import type { VaultOptions } from '../options/options.ts';
import { askSecret, canAskSecret } from '../terminal/ask-secret.ts';

/**
 * Reads the inventories that a command line names, with what it says of ansible-vault.
 *
 * @param playbookFolder where group_vars/ and host_vars/ stand beside the playbook.
 * @throws {InputError} for everything that is wrong with them, and for a question where nobody can be asked.
 */
export async function readInventory(
  options: VaultOptions & { readonly inventory: readonly string[] },
  playbookFolder?: string,
): Promise<Inventory> {
  return loadInventory(options.inventory, { playbookFolder, vault: vaultOf(options) });
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
