export interface PythonString {
  readonly text: string;
  /** Whether it is a bytes literal, `b'…'`. */
  readonly bytes: boolean;
  /** Where the text goes on behind it. */
  readonly end: number;
}

const START = /(r|u|b|br|rb)?('''|"""|'|")/iy;
const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);
/** The hexadecimal digits that each of these escapes must have. */
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/**
 * Reads the Python string that begins at `start`: prefixes, single and triple quotes, escapes (Python language
 * reference, "String and Bytes literals"). Undefined where no string begins, where it is not closed or has a broken
 * escape, and for the two kinds that are left out: `f'…'`, which is no literal, and `\N{name}`.
 */
export function readPythonString(source: string, start: number): PythonString | undefined {
  START.lastIndex = start;
  const [opening, prefix = '', quote = ''] = START.exec(source) ?? [];
  if (opening === undefined) {
    return undefined;
  }
  const raw = /r/i.test(prefix);
  const bytes = /b/i.test(prefix);
  let text = '';
  let at = start + opening.length;
  while (at < source.length) {
    if (source.startsWith(quote, at)) {
      const end = at + quote.length;
      return bytes ? bytesLiteral(text, source.slice(start, end), end) : { text, bytes, end };
    }
    const escaped = source.charAt(at) === '\\' ? readEscape(source, at, raw, bytes) : undefined;
    if (source.charAt(at) === '\\' && escaped === undefined) {
      return undefined;
    }
    text += escaped?.text ?? source.charAt(at);
    at += escaped?.length ?? 1;
  }
  return undefined;
}

function readEscape(
  source: string,
  at: number,
  raw: boolean,
  bytes: boolean,
): { text: string; length: number } | undefined {
  const letter = source.charAt(at + 1);
  const digits = bytes && letter !== 'x' ? undefined : HEX_DIGITS.get(letter);
  if (raw || letter === '') {
    return { text: `\\${letter}`, length: 2 };
  }
  if (digits !== undefined) {
    return readHex(source.slice(at + 2, at + 2 + digits), digits);
  }
  const [octal] = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4)) ?? [];
  if (octal !== undefined) {
    return { text: String.fromCharCode(Number.parseInt(octal, 8)), length: 1 + octal.length };
  }
  if (letter === 'N' && !bytes) {
    return undefined;
  }
  return { text: SIMPLE_ESCAPES.get(letter) ?? `\\${letter}`, length: 2 };
}

function readHex(hex: string, digits: number): { text: string; length: number } | undefined {
  const codePoint = new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(hex)
    ? Number.parseInt(hex, 16)
    : Number.NaN;
  return codePoint <= 0x10ffff ? { text: String.fromCodePoint(codePoint), length: 2 + digits } : undefined;
}

/** Bytes are written in ASCII; what they say is UTF-8. */
function bytesLiteral(bytes: string, written: string, end: number): PythonString | undefined {
  return /^\p{ASCII}*$/u.test(written)
    ? { text: Buffer.from(bytes, 'latin1').toString('utf8'), bytes: true, end }
    : undefined;
}
