import { byCodePoint } from './code-point-order.ts';
import type { PythonScalar, PythonValue } from './python-value.ts';

const INDENT = '    ';

/**
 * Writes a value as Python's `json.dumps(value, sort_keys=True, indent=4, ensure_ascii=False)` does, which is what
 * ansible-inventory prints with (lib/ansible/cli/inventory.py). Without a line feed at the end.
 *
 * @throws {RangeError} for a value that JSON cannot hold; `unprintable` tells beforehand.
 */
export function pythonJson(value: PythonValue, margin = ''): string {
  if (typeof value !== 'object' || value === null) {
    return scalar(value);
  }
  const inner = margin + INDENT;
  if (value instanceof Map) {
    const entries = sorted([...value]).map(
      ([key, item]) => `${inner}${JSON.stringify(keyText(key))}: ${pythonJson(item, inner)}`,
    );
    return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${margin}}`;
  }
  if (isList(value)) {
    const items = value.map(item => inner + pythonJson(item, inner));
    return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${margin}]`;
  }
  throw new RangeError('JSON cannot hold this value');
}

/** What in a value JSON cannot hold, in words: `a set`. */
export function unprintable(value: PythonValue): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (value instanceof Map || isList(value)) {
    return [...value.values()].map(unprintable).find(found => found !== undefined);
  }
  return 'unprintable' in value ? value.unprintable : undefined;
}

// Array.isArray does not narrow to a readonly array.
function isList(value: object): value is readonly PythonValue[] {
  return Array.isArray(value);
}

/** Keys of one kind are sorted; Python cannot compare the others, and leaves them in their order. */
function sorted(entries: [PythonScalar, PythonValue][]): [PythonScalar, PythonValue][] {
  if (entries.every(([key]) => typeof key === 'string')) {
    return entries.sort(([a], [b]) => byCodePoint(String(a), String(b)));
  }
  return entries.every(([key]) => typeof key !== 'string' && key !== null)
    ? entries.sort(([a], [b]) => Number(a) - Number(b))
    : entries;
}

function keyText(key: PythonScalar): string {
  return typeof key === 'string' ? key : scalar(key);
}

function scalar(value: PythonScalar): string {
  if (typeof value === 'string') {
    return JSON.stringify(value);
  }
  return typeof value === 'number' ? float(value) : String(value);
}

/** The shortest digits that read back the same, as in JavaScript, but with Python's point and exponent. */
function float(value: number): string {
  if (!Number.isFinite(value)) {
    return value > 0 ? 'Infinity' : '-Infinity';
  }
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}
