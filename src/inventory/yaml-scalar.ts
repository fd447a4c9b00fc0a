import type { PythonScalar, Unprintable } from './python-value.ts';

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['no', false],
  ['true', true],
  ['false', false],
  ['on', true],
  ['off', false],
]);
/** Lower case, capitalized or upper case; `yEs` is text. */
const ONE_CASE = /^(?:[a-z]+|[A-Z][a-z]*|[A-Z]+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TIME =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?$/;

/** What a scalar is read as, or undefined where its text does not fit the tag. */
export type Scalar = PythonScalar | Unprintable | undefined;

/**
 * Reads a plain scalar, one without quotes and tag, as PyYAML does, which goes by YAML 1.1: `yes` and `off` are
 * booleans, `0755` is octal, `1:30` is sexagesimal, `1e5` is text (yaml/resolver.py, yaml/constructor.py).
 */
export function readPlain(text: string): Scalar {
  for (const [pattern, read] of RESOLVERS) {
    if (pattern.test(text)) {
      return read(text);
    }
  }
  return ONE_CASE.test(text) ? (BOOLEANS.get(text.toLowerCase()) ?? text) : text;
}

/** Reads a scalar with a tag of YAML's own, `tag:yaml.org,2002:<name>`; undefined for unknown tags too. */
export function readTagged(name: string, text: string): Scalar {
  switch (name) {
    case 'str':
      return text;
    case 'null':
      return null;
    case 'bool':
      return BOOLEANS.get(text.toLowerCase());
    case 'int':
      return readInteger(text);
    case 'float':
      return readFloat(text);
    case 'timestamp':
      return readTimestamp(text);
    case 'binary':
      return { unprintable: 'bytes' };
    default:
      return undefined;
  }
}

const RESOLVERS: readonly (readonly [RegExp, (text: string) => Scalar])[] = [
  [NULL, () => null],
  [FLOAT, readFloat],
  [INTEGER, readInteger],
  [DATE, readTimestamp],
  [TIME, readTimestamp],
];

function readInteger(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(text.replaceAll('_', '')) ?? [];
  const magnitude = readMagnitude(digits);
  return sign === '-' && magnitude !== undefined ? -magnitude : magnitude;
}

function readMagnitude(digits: string): bigint | undefined {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-fA-F]+$/.test(digits)) {
    return BigInt(digits);
  }
  if (/^0[0-7]*$/.test(digits)) {
    return BigInt(digits === '0' ? 0 : `0o${digits.slice(1)}`);
  }
  return /^[0-9]+(?::[0-9]+)*$/.test(digits)
    ? digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
    : undefined;
}

function readFloat(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(text.replaceAll('_', '').toLowerCase()) ?? [];
  const factor = sign === '-' ? -1 : 1;
  if (digits === '.nan') {
    return Number.NaN;
  }
  if (digits === '.inf') {
    return factor * Number.POSITIVE_INFINITY;
  }
  const parts = digits.split(':');
  return parts.every(part => /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(part))
    ? // From the right, as Python adds them: the last bit of the sum depends on it.
      factor * parts.reduceRight((sum, part, i) => sum + Number(part) * 60 ** (parts.length - 1 - i), 0)
    : undefined;
}

/** Python's date or datetime in the form in which Ansible prints it, which is ISO 8601; undefined for a day that there is not. */
function readTimestamp(text: string): string | undefined {
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour,
    minute = '',
    second = '',
    fraction = '',
    zone,
    sign,
    zoneHour = '',
    zoneMinute = '00',
  ] = DATE.exec(text) ?? TIME.exec(text) ?? [];
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isDay =
    Number(year) > 0 && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!isDay || Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second) > 59) {
    return undefined;
  }
  const isoDay = [year, two(month), two(day)].join('-');
  if (hour === undefined) {
    return isoDay;
  }
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  const offset =
    zone === undefined ? '' : sign === undefined ? '+00:00' : `${sign}${two(zoneHour)}:${zoneMinute}`;
  return `${isoDay}T${two(hour)}:${minute}:${second}${Number(micros) === 0 ? '' : `.${micros}`}${offset}`;
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}
