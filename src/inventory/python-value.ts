/** What Python makes of a value: `bigint` for int, `number` for float, an array for list and tuple, a Map for dict. */
export type PythonValue =
  | PythonScalar
  | readonly PythonValue[]
  | ReadonlyMap<PythonScalar, PythonValue>
  | Unprintable;

export type PythonScalar = string | bigint | number | boolean | null;

/** A value that Python reads but JSON cannot hold: `ansible-inventory` itself breaks off there. */
export interface Unprintable {
  /** What it is: `a set`. */
  readonly unprintable: string;
  /** Of bytes, the text in them: bytes alone become text, within a list they stay bytes. */
  readonly decoded?: string;
}

/** The only key of the JSON object in which Ansible prints and reads an encrypted value. */
export const VAULT_KEY = '__ansible_vault';

/** The only key of the JSON object in which Ansible prints and reads text that is never a template. */
export const UNSAFE_KEY = '__ansible_unsafe';

/** A dict of pairs, with Python's idea of equal keys (1, 1.0 and True are one): the first key and the last value stay. */
export function pythonDict(
  pairs: Iterable<readonly [PythonValue, PythonValue]>,
): ReadonlyMap<PythonScalar, PythonValue> | Unprintable {
  const dict = new Map<PythonScalar, PythonValue>();
  const numbers = new Map<string, PythonScalar>();
  for (const [key, value] of pairs) {
    if (typeof key === 'object' && key !== null) {
      return { unprintable: 'a dict with a key that is no simple value' };
    }
    if (typeof key === 'string' || key === null) {
      dict.set(key, value);
    } else {
      const number = numberOf(key);
      const first = numbers.get(number) ?? key;
      numbers.set(number, first);
      dict.set(first, value);
    }
  }
  return dict;
}

/** Equal numbers have equal text here, of whatever kind they are. */
function numberOf(key: bigint | number | boolean): string {
  if (typeof key === 'boolean') {
    return key ? '1' : '0';
  }
  return String(typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : key);
}

/** The ciphertext of a value that is encrypted with ansible-vault, or undefined for any other value. */
export function vaultText(value: PythonValue | undefined): string | undefined {
  const text = value instanceof Map && value.size === 1 ? value.get(VAULT_KEY) : undefined;
  return typeof text === 'string' ? text : undefined;
}
