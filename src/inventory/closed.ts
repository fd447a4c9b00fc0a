import type { Problem } from '../core/input-error.ts';
import { hostVariable, type Inventory, type Variable } from './inventory.ts';
import { NEEDED_VARIABLES } from './known-variables.ts';
import { ciphertextOf } from './typed-value.ts';
import { closedProblem } from './vault.ts';

/** What of a host is encrypted, and needed to reach it. */
export function closedIn(inventory: Inventory, name: string): Problem[] {
  const files = inventory.hosts.get(name)?.layers.flatMap(({ closed }) => closed ?? []) ?? [];
  return [
    ...files.map(({ file }) => closedProblem({ file }, 'The file')),
    ...vaultedVariables(inventory, name).map(variable => closedProblem(variable.place, variable.name)),
  ];
}

/** The variables of the connection that hold for a host and are encrypted. */
export function vaultedVariables(inventory: Inventory, name: string): Variable[] {
  return NEEDED_VARIABLES.flatMap(needed => hostVariable(inventory, name, needed) ?? []).filter(
    variable => ciphertextOf(variable) !== undefined,
  );
}
