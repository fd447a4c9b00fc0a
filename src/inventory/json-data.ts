import type { Place, Problem } from '../core/input-error.ts';
import { type DataFile, type DataNode, type DictEntry, keyText, uniqueEntries } from './data-node.ts';
import { type PythonScalar, UNSAFE_KEY, VAULT_KEY } from './python-value.ts';

const BLANKS = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings hold none, and Python's reader insists on it
const STRING = /"([^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*)"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const WORDS: ReadonlyMap<string, PythonScalar> = new Map<string, PythonScalar>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
/** Python's own limits, about: brackets within brackets, and the digits of an int. */
const MOST_BRACKETS = 900;
const MOST_DIGITS = 4300;

/**
 * Reads JSON as Python's `json.loads` does with Ansible's decoder: integers keep all their digits, `NaN` and `Infinity`
 * are numbers, and an object with the key `__ansible_vault` is an encrypted value (lib/ansible/parsing/ajson.py). Pure;
 * `file` is only for the places.
 */
export function readJsonData(text: string, file: string): DataFile {
  const reader = new JsonReader(text, file);
  try {
    return { root: reader.read(), problems: [], warnings: [] };
  } catch (error) {
    if (error === NOT_JSON) {
      return { root: undefined, problems: [reader.fault()], warnings: [] };
    }
    throw error;
  }
}

/** Thrown within this file alone. */
const NOT_JSON = new SyntaxError('not JSON');

/** Its life is the position in the text. */
class JsonReader {
  readonly #text: string;
  readonly #file: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #brackets = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  read(): DataNode {
    this.#skipBlanks();
    const root = this.#value();
    if (this.#at < this.#text.length) {
      throw NOT_JSON;
    }
    return root;
  }

  fault(): Problem {
    const rest = this.#text.slice(this.#at, this.#at + 20).split('\n')[0];
    return {
      place: this.#place(),
      message: rest
        ? `Broken JSON: ${JSON.stringify(rest)} is not expected here`
        : 'Broken JSON: it ends too early',
    };
  }

  #value(): DataNode {
    const place = this.#place();
    if (this.#take('{')) {
      return this.#object(place);
    }
    if (this.#take('[')) {
      return { kind: 'list', items: this.#members(']', () => this.#value()), place };
    }
    if (this.#text[this.#at] === '"') {
      const text = this.#string();
      return { kind: 'scalar', value: text, text, place };
    }
    for (const [word, value] of WORDS) {
      if (this.#take(word)) {
        return { kind: 'scalar', value, text: value === null ? '' : word, place };
      }
    }
    return this.#number(place);
  }

  #object(place: Place): DataNode {
    const entries = uniqueEntries(this.#members('}', () => this.#entry()));
    const special = entries.find(entry => [VAULT_KEY, UNSAFE_KEY].includes(keyText(entry) ?? ''));
    const inner = special?.value;
    return special && inner?.kind === 'scalar' && typeof inner.value === 'string'
      ? { kind: 'scalar', value: new Map([[keyText(special) ?? '', inner.value]]), text: inner.text, place }
      : { kind: 'dict', entries, place };
  }

  #entry(): DictEntry {
    const place = this.#place();
    const text = this.#string();
    this.#expect(':');
    return { key: { kind: 'scalar', value: text, text, place }, value: this.#value() };
  }

  #members<T>(close: string, read: () => T): T[] {
    const members: T[] = [];
    this.#brackets++;
    if (this.#brackets > MOST_BRACKETS) {
      throw NOT_JSON;
    }
    while (!this.#take(close)) {
      if (members.length > 0) {
        this.#expect(',');
      }
      members.push(read());
    }
    this.#brackets--;
    return members;
  }

  #string(): string {
    STRING.lastIndex = this.#at;
    const [whole, inner] = STRING.exec(this.#text) ?? [];
    if (whole === undefined || inner === undefined) {
      throw NOT_JSON;
    }
    this.#move(whole.length);
    return inner.includes('\\') ? (JSON.parse(whole) as string) : inner;
  }

  #number(place: Place): DataNode {
    NUMBER.lastIndex = this.#at;
    const [text, fraction, exponent] = NUMBER.exec(this.#text) ?? [];
    const isInteger = fraction === undefined && exponent === undefined;
    if (text === undefined || (isInteger && text.length > MOST_DIGITS)) {
      throw NOT_JSON;
    }
    this.#move(text.length);
    return { kind: 'scalar', value: isInteger ? BigInt(text) : Number(text), text, place };
  }

  #place(): Place {
    return { file: this.#file, line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #take(token: string): boolean {
    const seen = this.#text.startsWith(token, this.#at);
    if (seen) {
      this.#move(token.length);
    }
    return seen;
  }

  #expect(token: string): void {
    if (!this.#take(token)) {
      throw NOT_JSON;
    }
  }

  #move(length: number): void {
    this.#at += length;
    this.#skipBlanks();
  }

  /** The only place where lines end: strings hold no line feeds. */
  #skipBlanks(): void {
    BLANKS.lastIndex = this.#at;
    const blanks = BLANKS.exec(this.#text)?.[0] ?? '';
    for (let i = blanks.indexOf('\n'); i !== -1; i = blanks.indexOf('\n', i + 1)) {
      this.#line++;
      this.#lineStart = this.#at + i + 1;
    }
    this.#at += blanks.length;
  }
}
