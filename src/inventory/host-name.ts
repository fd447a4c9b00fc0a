import { isIPv6 } from 'node:net';

/** What the first word of a host line stands for: one host or a range of them, and the port behind the name. */
export interface HostNames {
  readonly names: readonly string[];
  readonly port?: number;
}

export interface Fault {
  readonly message: string;
  readonly hint: string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** A slip of the keys in a range must not eat the memory. */
const MOST_HOSTS = 100_000;

/**
 * Reads `name`, `name:port`, `db[01:12]`, `[2001:db8::1]:22` and the like: the grammar of Ansible's inventory
 * (lib/ansible/parsing/utils/addresses.py, lib/ansible/plugins/inventory/__init__.py). Where Ansible would make an odd
 * name or no host at all of a word, it is a fault.
 */
export function readHostNames(word: string): HostNames | Fault {
  const split = splitPort(word);
  if ('message' in split) {
    return split;
  }
  const names = expandRanges(split.name);
  if (!Array.isArray(names)) {
    return names;
  }
  const fault = split.name === '' ? nameFault('') : names.map(nameFault).find(found => found !== undefined);
  return fault ?? { names, ...(split.port === undefined ? {} : { port: split.port }) };
}

/** A port number from text, or undefined when it is none. */
export function readPort(text: string): number | undefined {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : undefined;
}

function splitPort(word: string): { name: string; port?: number } | Fault {
  const { name, portText } = bracketed(word) ?? unbracketed(word);
  if (portText === undefined) {
    return { name };
  }
  const plain = withoutRanges(name);
  if (plain.includes(':') && !isIPv6(plain)) {
    return {
      message: `"${word}" is neither a host name with a port nor an IPv6 address`,
      hint: 'Write name:port, an IPv6 address, or [address]:port',
    };
  }
  return withPort(name, portText, word);
}

/** `[name]:port`, with an address or a name in the brackets; a range there is part of a name. */
function bracketed(word: string): { name: string; portText: string } | undefined {
  const [, name = '', portText = ''] = /^\[(.+)\]:([^:\]]*)$/.exec(word) ?? [];
  const plain = withoutRanges(name);
  return isIPv6(plain) || /^[^:[\]]+$/.test(plain) ? { name, portText } : undefined;
}

function unbracketed(word: string): { name: string; portText?: string } {
  const plain = withoutRanges(word);
  const colon = word.lastIndexOf(':');
  return !plain.includes(':') || isIPv6(plain) || /[[\]]/.test(plain)
    ? { name: word }
    : { name: word.slice(0, colon), portText: word.slice(colon + 1) };
}

function withPort(name: string, portText: string, word: string): { name: string; port: number } | Fault {
  const port = readPort(portText);
  if (port !== undefined) {
    return { name, port };
  }
  return portText === ''
    ? {
        message: `The port is missing in "${word}"`,
        hint: 'Write name:port, [address]:port or only the name',
      }
    : { message: `Bad port "${portText}" in "${word}"`, hint: 'A port is a number from 1 to 65535' };
}

/** The word with a digit in place of each range, so that what is left can be looked at as an address. */
function withoutRanges(word: string): string {
  return word.replaceAll(/\[[^[\]]*\]/g, '0');
}

function expandRanges(name: string): string[] | Fault {
  if (!/[[\]]/.test(name)) {
    return [name];
  }
  if (/[[\]]/.test(withoutRanges(name))) {
    return badRange(name, 'Each "[" needs its "]"');
  }
  const parts: string[][] = [];
  for (const [i, part] of name.split(/\[([^[\]]*)\]/).entries()) {
    const values = i % 2 === 0 ? [part] : rangeValues(part, name);
    if (!Array.isArray(values)) {
      return values;
    }
    parts.push(values);
  }
  if (parts.reduce((count, values) => count * values.length, 1) > MOST_HOSTS) {
    return tooMany(name);
  }
  return parts.reduce((heads, values) => heads.flatMap(head => values.map(value => head + value)));
}

function rangeValues(range: string, name: string): string[] | Fault {
  const [, begin = '', end = '', stepText = '1'] = /^(\w*):(\w+)(?::([0-9]+))?$/.exec(range) ?? [];
  const step = Number(stepText);
  if (end === '') {
    return badRange(
      `[${range}]`,
      isIPv6(range)
        ? `Write ${range}, or [${range}]:port`
        : 'A range reads [first:last] or [first:last:step]',
    );
  }
  if (step < 1) {
    return badRange(`[${range}]`, 'The step is at least 1');
  }
  if (/^[0-9]*$/.test(begin) && /^[0-9]+$/.test(end)) {
    return numbers(begin === '' ? '0' : begin, end, step, name);
  }
  if (!/^[a-zA-Z]$/.test(begin) || !/^[a-zA-Z]$/.test(end)) {
    return badRange(
      `[${range}]`,
      name === `[${range}]`
        ? 'A section header stands alone on its line'
        : 'A range goes from number to number or from letter to letter',
    );
  }
  const [from, to] = [LETTERS.indexOf(begin), LETTERS.indexOf(end)];
  return from > to ? reversed(begin, end) : [...LETTERS.slice(from, to + 1)].filter((_, i) => i % step === 0);
}

function numbers(begin: string, end: string, step: number, name: string): string[] | Fault {
  const padded = begin.length > 1 && begin.startsWith('0');
  if (padded && begin.length !== end.length) {
    return badRange(
      `[${begin}:${end}]`,
      'With leading zeros both ends have the same number of digits, as in [01:12]',
    );
  }
  const [from, to] = [Number(begin), Number(end)];
  if (from > to) {
    return reversed(begin, end);
  }
  const count = Math.floor((to - from) / step) + 1;
  if (count > MOST_HOSTS || !Number.isSafeInteger(to)) {
    return tooMany(name);
  }
  return Array.from({ length: count }, (_, i) =>
    String(from + i * step).padStart(padded ? begin.length : 0, '0'),
  );
}

function reversed(begin: string, end: string): Fault {
  return { message: `The range [${begin}:${end}] is reversed`, hint: `Write [${end}:${begin}]` };
}

function badRange(range: string, hint: string): Fault {
  return { message: `Malformed range "${range}"`, hint };
}

function tooMany(name: string): Fault {
  return {
    message: `"${name}" stands for more than ${MOST_HOSTS} hosts`,
    hint: 'Shorten the range, or write it as several',
  };
}

/** What keeps a text from being the name of a host; undefined where nothing does. */
export function nameFault(name: string): Fault | undefined {
  if (name === '---' || name === '{') {
    return {
      message: `"${name}" is no host name`,
      hint: 'This looks like YAML or JSON: such an inventory has the ending .yml, .yaml or .json, or none',
    };
  }
  if (name === '' || /[\s\p{Cc}]/u.test(name)) {
    return {
      message: `${JSON.stringify(name)} is no host name`,
      hint: 'A host name holds no spaces and no control characters',
    };
  }
  return name.includes('=')
    ? {
        message: `"${name}" stands where a host name should`,
        hint: 'Variables of a group stand in a section [group:vars], those of a host behind its name',
      }
    : undefined;
}
