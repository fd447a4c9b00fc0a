import { byCodePoint } from './code-point-order.ts';
import type { PythonScalar, PythonValue } from './python-value.ts';

const INDENT = '    ';

/**
 * Writes a value as ansible-inventory does: `json.dumps(value, sort_keys=True, indent=4, ensure_ascii=False)`, or, where
 * Python cannot sort the keys of one of the dicts in it, all of it unsorted (lib/ansible/cli/inventory.py). Without a
 * line feed at the end.
 *
 * @throws {RangeError} for a value that JSON cannot hold; `unprintable` tells beforehand.
 */
export function pythonJson(value: PythonValue): string {
  return written(value, '', isSortable(value));
}

/** The same on one line, unsorted. */
export function shortJson(value: PythonValue): string {
  if (typeof value !== 'object' || value === null) {
    return scalar(value);
  }
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(keyText(key))}: ${shortJson(item)}`).join(', ')}}`;
  }
  return isList(value) ? `[${value.map(shortJson).join(', ')}]` : '(no JSON)';
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

function written(value: PythonValue, margin: string, sorted: boolean): string {
  if (typeof value !== 'object' || value === null) {
    return scalar(value);
  }
  const inner = margin + INDENT;
  if (value instanceof Map) {
    const entries = (sorted ? [...value].sort(byKey) : [...value]).map(
      ([key, item]) => `${inner}${JSON.stringify(keyText(key))}: ${written(item, inner, sorted)}`,
    );
    return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${margin}}`;
  }
  if (isList(value)) {
    const items = value.map(item => inner + written(item, inner, sorted));
    return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${margin}]`;
  }
  throw new RangeError('JSON cannot hold this value');
}

// Array.isArray does not narrow to a readonly array.
function isList(value: object): value is readonly PythonValue[] {
  return Array.isArray(value);
}

/** Python sorts text, and it sorts numbers, but not both together, and None with nothing. */
function isSortable(value: PythonValue): boolean {
  if (typeof value !== 'object' || value === null) {
    return true;
  }
  if (value instanceof Map) {
    const keys = [...value.keys()];
    return (
      (keys.length < 2 ||
        keys.every(key => typeof key === 'string') ||
        keys.every(key => typeof key !== 'string' && key !== null)) &&
      [...value.values()].every(isSortable)
    );
  }
  return !isList(value) || value.every(isSortable);
}

function byKey([a]: readonly [PythonScalar, unknown], [b]: readonly [PythonScalar, unknown]): number {
  if (typeof a === 'string' || typeof b === 'string') {
    return byCodePoint(String(a), String(b));
  }
  // A bigint and a number compare by their exact values.
  return (a ?? 0) < (b ?? 0) ? -1 : Number((a ?? 0) > (b ?? 0));
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
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  }
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}
