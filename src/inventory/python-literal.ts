import { readPythonString } from './python-string.ts';
import { type PythonValue, pythonDict } from './python-value.ts';

export interface Literal {
  readonly value: PythonValue;
  /** The value as text: what is in the quotes of a string, anything else as written, without a comment behind it. */
  readonly text: string;
}

/** Thrown within this file alone, and always the same object: most values of an inventory are no literals. */
const NOT_A_LITERAL = new SyntaxError('not a Python literal');

const SEEMS_LITERAL = /^[ \t\f]*(?:['"0-9.+\-([{]|True|False|None|set\b|[bru]{1,2}['"])/i;
const DIGITS = '[0-9](?:_?[0-9])*';
const EXPONENT = `e[+-]?${DIGITS}`;
const FLOAT_OR_IMAGINARY = new RegExp(
  `(?:(?:(?:${DIGITS})?\\.${DIGITS}|${DIGITS}\\.)(?:${EXPONENT})?|${DIGITS}${EXPONENT})j?|${DIGITS}j`,
  'iy',
);
const INTEGER = /0x(?:_?[0-9a-f])+|0o(?:_?[0-7])+|0b(?:_?[01])+|[1-9](?:_?[0-9])*|0(?:_?0)*/iy;
const WORD = /(?:True|False|None|set)(?![\p{L}\p{N}_])|\.\.\.(?!\.)/uy;
const BLANKS = /[ \t\f]*/y;
const BRACKETS: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
];
/** Python's own limits: brackets within brackets, and the decimal digits of an int. */
const COMPLEX = { unprintable: 'a complex number' } as const;
const MOST_BRACKETS = 200;
const MOST_DIGITS = 4300;

/**
 * Reads a value as Ansible types it in an INI inventory: with Python's `ast.literal_eval`, where text that is no
 * literal stays text (lib/ansible/plugins/inventory/ini.py). Returns undefined for such text.
 */
export function readLiteral(source: string): Literal | undefined {
  if (!SEEMS_LITERAL.test(source)) {
    return undefined;
  }
  try {
    return new LiteralReader(source).read();
  } catch (error) {
    if (error === NOT_A_LITERAL) {
      return undefined;
    }
    throw error;
  }
}

/** Its life is the position in the text. */
class LiteralReader {
  readonly #source: string;
  #at = 0;
  #brackets = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Literal {
    this.#skipBlanks();
    const start = this.#at;
    const atEnd = () => this.#at === this.#source.length || this.#sees('#');
    const value = this.#valueOrTuple(atEnd);
    if (!atEnd()) {
      throw NOT_A_LITERAL;
    }
    const decoded = decodedBytes(value);
    return {
      value: decoded,
      text: typeof decoded === 'string' ? decoded : this.#source.slice(start, this.#at).trimEnd(),
    };
  }

  #valueOrTuple(atEnd: () => boolean): PythonValue {
    const first = this.#value();
    return this.#take(',') ? [first, ...this.#items(atEnd)] : first;
  }

  #items(atEnd: () => boolean): PythonValue[] {
    const items: PythonValue[] = [];
    while (!atEnd()) {
      items.push(this.#value());
      if (!this.#take(',')) {
        break;
      }
    }
    return items;
  }

  #value(): PythonValue {
    const bracket = BRACKETS.find(([open]) => this.#sees(open));
    if (bracket !== undefined) {
      return this.#bracket(...bracket);
    }
    const string = this.#string();
    if (string !== undefined) {
      return string;
    }
    const word = this.#match(WORD);
    return word === undefined ? this.#number() : this.#word(word);
  }

  #bracket(open: string, close: string): PythonValue {
    this.#brackets++;
    if (this.#brackets > MOST_BRACKETS) {
      throw NOT_A_LITERAL;
    }
    this.#expect(open);
    const value = this.#within(open, () => this.#sees(close));
    this.#expect(close);
    this.#brackets--;
    return value;
  }

  #within(open: string, atEnd: () => boolean): PythonValue {
    if (open === '{') {
      return atEnd() ? new Map() : this.#dictOrSet(atEnd);
    }
    return open === '[' || atEnd() ? this.#items(atEnd) : this.#valueOrTuple(atEnd);
  }

  #dictOrSet(atEnd: () => boolean): PythonValue {
    const first = this.#value();
    if (!this.#take(':')) {
      if (this.#take(',')) {
        this.#items(atEnd);
      }
      return { unprintable: 'a set' };
    }
    const entries: [PythonValue, PythonValue][] = [[first, this.#value()]];
    while (this.#take(',') && !atEnd()) {
      const key = this.#value();
      this.#expect(':');
      entries.push([key, this.#value()]);
    }
    return pythonDict(entries);
  }

  /** Strings side by side are one. */
  #string(): PythonValue | undefined {
    const strings = [];
    for (;;) {
      const string = readPythonString(this.#source, this.#at);
      if (string === undefined) {
        break;
      }
      strings.push(string);
      this.#at = string.end;
      this.#skipBlanks();
    }
    const [first] = strings;
    if (strings.some(string => string.bytes !== first?.bytes)) {
      throw NOT_A_LITERAL;
    }
    const text = strings.map(string => string.text).join('');
    return first?.bytes === true ? { unprintable: 'bytes', decoded: text } : first && text;
  }

  #word(word: string): PythonValue {
    switch (word) {
      case 'True':
        return true;
      case 'False':
        return false;
      case 'None':
        return null;
      case '...':
        return { unprintable: 'an ellipsis' };
      default:
        this.#expect('(');
        this.#expect(')');
        return { unprintable: 'a set' };
    }
  }

  /** With a sign, and with an imaginary part as in `1+2j`: no other sum is a literal (ast.literal_eval). */
  #number(): PythonValue {
    const sign = this.#take('-') ? '-' : '';
    if (sign === '') {
      this.#take('+');
    }
    const value = this.#magnitude(sign);
    if (typeof value === 'object' || !(this.#take('+') || this.#take('-'))) {
      return value;
    }
    if (!/j$/i.test(this.#match(FLOAT_OR_IMAGINARY) ?? '')) {
      throw NOT_A_LITERAL;
    }
    return COMPLEX;
  }

  #magnitude(sign: '-' | ''): number | bigint | typeof COMPLEX {
    const real = this.#match(FLOAT_OR_IMAGINARY);
    if (real !== undefined) {
      return /j$/i.test(real) ? COMPLEX : Number(sign + real.replaceAll('_', ''));
    }
    const integer = this.#match(INTEGER);
    if (integer === undefined || (/^[1-9]/.test(integer) && integer.length > MOST_DIGITS)) {
      throw NOT_A_LITERAL;
    }
    const magnitude = BigInt(integer.replaceAll('_', ''));
    return sign === '' ? magnitude : -magnitude;
  }

  #sees(token: string): boolean {
    return this.#source.startsWith(token, this.#at);
  }

  #take(token: string): boolean {
    const seen = this.#sees(token);
    if (seen) {
      this.#at += token.length;
      this.#skipBlanks();
    }
    return seen;
  }

  #expect(token: string): void {
    if (!this.#take(token)) {
      throw NOT_A_LITERAL;
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) {
      this.#at += found.length;
      this.#skipBlanks();
    }
    return found;
  }

  #skipBlanks(): void {
    BLANKS.lastIndex = this.#at;
    this.#at += BLANKS.exec(this.#source)?.[0].length ?? 0;
  }
}

function decodedBytes(value: PythonValue): PythonValue {
  const isBytes = typeof value === 'object' && value !== null && 'decoded' in value;
  return isBytes ? (value.decoded ?? value) : value;
}
