/** A part of the text that stands for the output of commands: `$(…)` and backquotes, or `<(…)` and `>(…)`. */
export interface Substitution {
  readonly kind: 'command' | 'process';
  readonly tokens: readonly Token[];
}

/** One word of a shell script, as its grammar takes it (POSIX: 2.3, Token Recognition). */
export interface Word {
  /** Without its quotes; what the shell would put in (`$2`, `${x}`) stands as written. */
  readonly text: string;
  readonly line: number;
  /** Whether any of it is quoted: then it is no reserved word. */
  readonly quoted: boolean;
  readonly substitutions: readonly Substitution[];
}

export type Token =
  | { readonly kind: 'word'; readonly word: Word }
  /** An operator, a line feed, or a redirection with the number before it. */
  | { readonly kind: 'operator'; readonly text: string; readonly line: number; readonly fd?: string };

/** A variable that is put in somewhere. */
export interface Use {
  readonly name: string;
  readonly line: number;
  /** What follows the name in braces, such as `:-none` or `%%#*`; empty without braces. */
  readonly rest: string;
}

/** Where the reading of a script is, and what came up on the way. */
export interface Reader {
  readonly text: string;
  at: number;
  line: number;
  depth: number;
  readonly uses: Use[];
  readonly pending: { readonly end: string; readonly tabs: boolean; readonly quoted: boolean }[];
}

/** Reads the commands of a substitution up to its closing parenthesis, which it takes too. */
export type ReadNested = (reader: Reader) => readonly Token[];

/** More parentheses, braces and quotes in each other than this are no hook, but an attack on the reader's stack. */
const DEEPEST = 60;

/** The script nests deeper than is read. */
export class TooDeep extends Error {}

const ENDS = new Set([' ', '\t', '\r', '\n', ';', '&', '|', '<', '>', '(', ')']);

interface Draft {
  text: string;
  quoted: boolean;
  readonly substitutions: Substitution[];
}

/** Reads the word that begins here; one that ends at once is empty. */
export function readWord(reader: Reader, nested: ReadNested): Word {
  const { line } = reader;
  const draft: Draft = { text: '', quoted: false, substitutions: [] };
  if (/^[<>]\(/.test(reader.text.slice(reader.at, reader.at + 2))) {
    reader.at += 2;
    substitute(reader, draft, nested, 'process');
  }
  for (let c = reader.text[reader.at]; c !== undefined; c = reader.text[reader.at]) {
    if (c === '(' && takesParenthesis(reader, draft)) {
      const from = reader.at;
      reader.at++;
      deeper(reader, () => nested(reader));
      draft.text += reader.text.slice(from, reader.at);
    } else if (ENDS.has(c)) {
      break;
    } else {
      readPart(reader, draft, nested, false);
    }
  }
  return { ...draft, line };
}

/** Behind `x=` stands an array, behind one of five characters a pattern of bash. */
function takesParenthesis({ text, at }: Reader, draft: Draft): boolean {
  const last = text[at - 1] ?? '';
  return draft.text.length > 0 && draft.text.length < 80
    ? '?*+@!'.includes(last) || /^[A-Za-z_][A-Za-z0-9_]*\+?=$/.test(draft.text)
    : false;
}

/** Reads one character, quotation or expansion. */
function readPart(reader: Reader, draft: Draft, nested: ReadNested, inQuotes: boolean): void {
  const c = reader.text[reader.at] ?? '';
  if (c === '\\') {
    const next = reader.text[reader.at + 1] ?? '';
    reader.line += next === '\n' ? 1 : 0;
    draft.quoted ||= next !== '\n';
    draft.text += next === '\n' ? '' : inQuotes && !'$`"\\'.includes(next) ? c + next : next;
    reader.at += 2;
  } else if (c === "'" && !inQuotes) {
    draft.quoted = true;
    draft.text += upTo(reader, reader.at + 1, "'");
  } else if (c === '"' && !inQuotes) {
    draft.quoted = true;
    reader.at++;
    while (reader.at < reader.text.length && reader.text[reader.at] !== '"') {
      readPart(reader, draft, nested, true);
    }
    reader.at++;
  } else if (c === '`') {
    readBackquotes(reader, draft, nested);
  } else if (c === '$') {
    readDollar(reader, draft, nested, inQuotes);
  } else {
    reader.line += c === '\n' ? 1 : 0;
    draft.text += c;
    reader.at++;
  }
}

function readDollar(reader: Reader, draft: Draft, nested: ReadNested, inQuotes: boolean): void {
  const from = reader.at;
  const next = reader.text[from + 1] ?? '';
  if (next === "'" && !inQuotes) {
    draft.quoted = true;
    draft.text += upTo(reader, from + 2, "'");
  } else if (next === '(' && reader.text[from + 2] === '(') {
    reader.at += 3;
    readArithmetic(reader, nested);
    draft.text += reader.text.slice(from, reader.at);
  } else if (next === '(') {
    reader.at += 2;
    substitute(reader, draft, nested, 'command');
  } else if (next === '{') {
    readBraces(reader, draft, nested, inQuotes);
  } else {
    const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(reader.text.slice(from + 1, from + 81))?.[0];
    if (name !== undefined) {
      reader.uses.push({ name, line: reader.line, rest: '' });
    }
    reader.at += 1 + (name?.length ?? 0);
    draft.text += reader.text.slice(from, reader.at);
  }
}

/** Takes text up to the `))` that ends a calculation, and that too. */
export function readArithmetic(reader: Reader, nested: ReadNested): void {
  const inside: Draft = { text: '', quoted: false, substitutions: [] };
  for (let open = 0; reader.at < reader.text.length; ) {
    const c = reader.text[reader.at];
    if (c === ')' && open === 0) {
      reader.at += reader.text[reader.at + 1] === ')' ? 2 : 1;
      return;
    }
    open += c === '(' ? 1 : c === ')' ? -1 : 0;
    deeper(reader, () => readPart(reader, inside, nested, false));
  }
}

function readBraces(reader: Reader, draft: Draft, nested: ReadNested, inQuotes: boolean): void {
  const from = reader.at;
  const { line } = reader;
  const name = /^[#!]?([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])/.exec(reader.text.slice(from + 2, from + 82));
  reader.at += 2 + (name?.[0].length ?? 0);
  const rest = reader.at;
  const inside: Draft = { text: '', quoted: false, substitutions: draft.substitutions };
  deeper(reader, () => {
    while (reader.at < reader.text.length && reader.text[reader.at] !== '}') {
      readPart(reader, inside, nested, inQuotes);
    }
  });
  if (name?.[1] !== undefined) {
    reader.uses.push({ name: name[1], line, rest: reader.text.slice(rest, reader.at) });
  }
  reader.at++;
  draft.text += reader.text.slice(from, reader.at);
}

function readBackquotes(reader: Reader, draft: Draft, nested: ReadNested): void {
  const from = reader.at;
  const { line } = reader;
  let end = from + 1;
  while (end < reader.text.length && reader.text[end] !== '`') {
    end += reader.text[end] === '\\' ? 2 : 1;
  }
  const text = reader.text.slice(from + 1, end).replaceAll(/\\([`\\$])/g, '$1');
  const inner = { ...reader, text, at: 0, line, depth: reader.depth + 1, pending: [] };
  if (inner.depth > DEEPEST) {
    throw new TooDeep();
  }
  draft.substitutions.push({ kind: 'command', tokens: nested(inner) });
  reader.line = line + countLines(reader.text.slice(from, end));
  reader.at = end + 1;
  draft.text += reader.text.slice(from, reader.at);
}

function substitute(reader: Reader, draft: Draft, nested: ReadNested, kind: Substitution['kind']): void {
  const from = reader.at - 2;
  const tokens = deeper(reader, () => nested(reader));
  draft.substitutions.push({ kind, tokens });
  draft.text += reader.text.slice(from, reader.at);
}

/** The text up to a quote, which ends the reading and belongs to nothing. */
function upTo(reader: Reader, from: number, quote: string): string {
  const found = reader.text.indexOf(quote, from);
  const end = found === -1 ? reader.text.length : found;
  const text = reader.text.slice(from, end);
  reader.line += countLines(text);
  reader.at = end + 1;
  return text;
}

function deeper<T>(reader: Reader, read: () => T): T {
  if (reader.depth >= DEEPEST) {
    throw new TooDeep();
  }
  reader.depth++;
  const result = read();
  reader.depth--;
  return result;
}

export function countLines(text: string): number {
  return text.split('\n').length - 1;
}
