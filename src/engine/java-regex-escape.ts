/** What Java would refuse; thrown within the reader of expressions alone. */
export class RegexFault extends Error {}

/** A position in an expression, and what was learnt on the way there. */
export class Cursor {
  readonly #text: string;
  #at = 0;
  /** The names of its groups so far. */
  readonly groups = new Set<string>();
  readonly unchecked = new Set<string>();
  /** Set where what follows has another grammar. */
  gaveUp = false;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The sign at the position; empty at the end. A sign beyond U+FFFF is one. */
  get next(): string {
    return this.done ? '' : String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
  }

  skip(): void {
    this.#at += this.next.length;
  }

  sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  /** Goes past a text, or past what a sticky pattern finds here. */
  take<P extends string | RegExp>(wanted: P): P extends string ? P | undefined : string | undefined;
  take(wanted: string | RegExp): string | undefined {
    const found = typeof wanted === 'string' ? (this.sees(wanted) ? wanted : undefined) : this.#match(wanted);
    this.#at += found?.length ?? 0;
    return found;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }
}

/** Letters after a backslash that mean a set of characters, or one character. */
const EVERYWHERE = /[aefnrtdDhHsSvVwW]/y;
/** Those that mean a place, or a sequence: not within a class. */
const OUTSIDE = /[1-9ABGRXZz]|b(?:\{g\})?/y;

/** The sets of characters: none of them ends a range. */
const SETS = /^[dDhHsSvVwWpP]$/;

/**
 * Reads an escape, from its backslash on.
 *
 * @returns the character that it means, or undefined for a set of them and for a place.
 */
export function readEscape(cursor: Cursor, where: 'within a class' | 'outside a class'): string | undefined {
  cursor.take('\\');
  if (cursor.done) {
    throw new RegexFault('the regular expression ends with a lone backslash');
  }
  const code = readCode(cursor);
  if (code !== undefined) {
    return code;
  }
  if (cursor.take(/[pP]/y) !== undefined) {
    readProperty(cursor);
    return undefined;
  }
  if (cursor.take('N') !== undefined) {
    if (cursor.take(/\{[^}]+\}/y) === undefined) {
      throw unknown('N');
    }
    cursor.unchecked.add('the name of a character, \\N{…}');
    return undefined;
  }
  if (where === 'outside a class' && cursor.take('k') !== undefined) {
    readReference(cursor);
    return undefined;
  }
  const letter = cursor.take(EVERYWHERE);
  if (letter !== undefined) {
    return SETS.test(letter) ? undefined : SIGNS[letter];
  }
  if (where === 'outside a class' && cursor.take(OUTSIDE) !== undefined) {
    return undefined;
  }
  const sign = cursor.next;
  if (/[A-Za-z0-9]/.test(sign)) {
    throw unknown(sign);
  }
  cursor.skip();
  return sign;
}

const SIGNS: Readonly<Record<string, string>> = {
  a: '\x07',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** A character by its number: `\0`, `\x`, `\u`, `\c`. */
function readCode(cursor: Cursor): string | undefined {
  if (cursor.take('0') !== undefined) {
    const octal = cursor.take(/[0-3]?[0-7]{1,2}/y);
    if (octal === undefined) {
      throw new RegexFault('the regular expression has a \\0 without an octal number');
    }
    return String.fromCodePoint(Number.parseInt(octal, 8));
  }
  if (cursor.sees('x') || cursor.sees('u')) {
    const letter = cursor.next;
    cursor.skip();
    const digits =
      letter === 'x' ? cursor.take(/[0-9a-fA-F]{2}|\{[0-9a-fA-F]+\}/y) : cursor.take(/[0-9a-fA-F]{4}/y);
    const number = Number.parseInt(digits?.replaceAll(/[{}]/g, '') ?? '', 16);
    if (!(number <= 0x10ffff)) {
      throw new RegexFault(
        `the regular expression has a \\${letter} without the hexadecimal number of a character`,
      );
    }
    return String.fromCodePoint(number);
  }
  if (cursor.take('c') !== undefined) {
    if (cursor.done) {
      throw new RegexFault('the regular expression ends with \\c');
    }
    const control = String.fromCodePoint((cursor.next.codePointAt(0) ?? 0) ^ 64);
    cursor.skip();
    return control;
  }
  return undefined;
}

function readProperty(cursor: Cursor): void {
  if (cursor.take(/[LMNPSZC]|\{[^}]+\}/y) === undefined) {
    throw new RegexFault('the regular expression has a \\p without the name of a character property');
  }
  cursor.unchecked.add('the name of a character property, \\p{…}');
}

function readReference(cursor: Cursor): void {
  const name = cursor.take(/<[A-Za-z][A-Za-z0-9]*>/y)?.slice(1, -1);
  if (name === undefined || !cursor.groups.has(name)) {
    throw new RegexFault(
      `the regular expression refers to a group ${name ?? ''} that no (?<name>…) before it names`,
    );
  }
}

function unknown(letter: string): RegexFault {
  return new RegexFault(`the regular expression has an escape that Java does not know here: \\${letter}`);
}
