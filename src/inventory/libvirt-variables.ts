import type { Fault } from './connection-values.ts';
import type { Variable } from './inventory.ts';
import { readLiteral } from './python-literal.ts';
import { typedValue } from './typed-value.ts';

/** Says which operations a patched libvirt calls hooks for, besides those of its release. */
export const EXTRA_OPERATIONS = 'libvirt_extra_operations';

/** Reads a list of operations: of YAML a list, of INI one in brackets, with or without quotes around it, or one word. */
export function readExtraOperations(variable: Variable): readonly string[] | Fault {
  const typed = variable.secret ? variable.text : typedValue(variable);
  const value = typeof typed === 'string' ? (readLiteral(typed)?.value ?? typed) : typed;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const names = items.filter(item => typeof item === 'string');
  return names.length === items.length && names.every(name => /^[a-z][a-z0-9-]*$/.test(name))
    ? names
    : {
        message: `${variable.name} is no list of operations`,
        hint: `Write the names of operations: ${variable.name}: [stop], or in an INI file ${variable.name}="['stop']".`,
      };
}
