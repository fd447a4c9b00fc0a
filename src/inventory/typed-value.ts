import { REDACTED } from '../core/secret.ts';
import type { Variable } from './inventory.ts';
import { readLiteral } from './python-literal.ts';
import { type PythonValue, vaultText } from './python-value.ts';

/** A variable's value with the type that Ansible gives it; what was encrypted as part of a file is never shown. */
export function typedValue(variable: Variable): PythonValue {
  if (variable.secret) {
    return REDACTED;
  }
  if (variable.value !== undefined) {
    return variable.value;
  }
  const literal = readLiteral(variable.source);
  return literal === undefined ? variable.source : literal.value;
}

/** The ciphertext of a variable that is encrypted with ansible-vault and was not opened, else undefined. */
export function ciphertextOf(variable: Variable): string | undefined {
  return vaultText(variable.value);
}
