import { type Cursor, readRedirect, readRedirects, skipLines, takeWord, word } from './cursor.ts';
import type { Group, If, Item, Node, Redirect, Simple } from './syntax.ts';
import { readTokens } from './tokens.ts';
import { type Reader, type Token, TooDeep, type Use, type Word } from './words.ts';

/** What a shell script says, as far as it can be read without running it. */
export interface ShellScript {
  readonly items: readonly Item[];
  readonly uses: readonly Use[];
}

/**
 * Reads a script as a POSIX shell or bash would. A script with errors is read as far as it makes sense: the shell
 * itself (`sh -n`) has to tell of those.
 *
 * @returns undefined for a script that nests deeper than any hook does.
 */
export function parseShell(text: string): ShellScript | undefined {
  const reader: Reader = { text, at: 0, line: 1, depth: 0, uses: [], pending: [] };
  try {
    const tokens = readTokens(reader);
    return { items: parseTokens(tokens, 0), uses: reader.uses };
  } catch (error) {
    if (error instanceof TooDeep) {
      return undefined;
    }
    throw error;
  }
}

/** The commands of a substitution, or of a whole script. */
export function parseTokens(tokens: readonly Token[], depth = 0): Item[] {
  const cursor: Cursor = { tokens, at: 0, depth };
  const items: Item[] = [];
  while (cursor.at < tokens.length) {
    const before = cursor.at;
    items.push(...parseList(cursor, []));
    cursor.at += cursor.at === before ? 1 : 0;
  }
  return items;
}

const DEEPEST = 60;

/** Reads up to one of the words or operators that end it, which it leaves. */
function parseList(cursor: Cursor, ends: readonly string[]): Item[] {
  if (cursor.depth >= DEEPEST) {
    throw new TooDeep();
  }
  cursor.depth++;
  const items: Item[] = [];
  for (;;) {
    skipLines(cursor);
    const token = cursor.tokens[cursor.at];
    const text = token?.kind === 'word' ? word(cursor) : token?.text;
    if (token === undefined || text === ')' || (text !== undefined && ends.includes(text))) {
      break;
    }
    const before = cursor.at;
    const nodes = parsePipeline(cursor);
    const next = cursor.tokens[cursor.at];
    const after = next?.kind === 'operator' ? next.text : ';';
    if (after === '&&' || after === '||' || after === '&') {
      cursor.at++;
    } else if (after === ';') {
      cursor.at += next?.kind === 'operator' ? 1 : 0;
    }
    if (nodes.length > 0) {
      items.push({ nodes, after: after === '&&' || after === '||' || after === '&' ? after : ';' });
    }
    if (cursor.at === before) {
      break;
    }
  }
  cursor.depth--;
  return items;
}

function parsePipeline(cursor: Cursor): Node[] {
  const nodes: Node[] = [];
  for (;;) {
    while (word(cursor) === '!' || word(cursor) === 'time') {
      cursor.at++;
    }
    const node = parseCommand(cursor);
    nodes.push(...(node === undefined ? [] : [node]));
    const next = cursor.tokens[cursor.at];
    if (next?.kind !== 'operator' || (next.text !== '|' && next.text !== '|&')) {
      return nodes;
    }
    cursor.at++;
    skipLines(cursor);
  }
}

function parseCommand(cursor: Cursor): Node | undefined {
  const token = cursor.tokens[cursor.at];
  const line = token?.kind === 'operator' ? token.line : (token?.word.line ?? 1);
  const start = token?.kind === 'operator' ? token.text : word(cursor);
  switch (start) {
    case '(':
      return parseGroup(cursor, 'subshell', ')', line);
    case '{':
      return parseGroup(cursor, 'group', '}', line);
    case 'if':
      return parseIf(cursor, line);
    case 'while':
    case 'until':
      return parseLoop(cursor, line, []);
    case 'for':
    case 'select': {
      cursor.at++;
      const words: Word[] = [];
      for (let next = takeWord(cursor); next !== undefined; next = takeWord(cursor)) {
        words.push(next);
      }
      separator(cursor);
      return parseLoop(cursor, line, words);
    }
    case 'case':
      return parseCase(cursor, line);
    case 'function':
      cursor.at++;
      return parseFunction(cursor, line, takeWord(cursor)?.text ?? '');
    default:
      return parseSimple(cursor, line);
  }
}

function parseGroup(cursor: Cursor, type: Group['type'], end: string, line: number): Group {
  cursor.at++;
  const body = parseList(cursor, [end]);
  cursor.at++;
  return { type, line, bodies: [body], words: [], redirects: readRedirects(cursor) };
}

function parseFunction(cursor: Cursor, line: number, name: string): Group {
  for (const paren of ['(', ')']) {
    const token = cursor.tokens[cursor.at];
    cursor.at += token?.kind === 'operator' && token.text === paren ? 1 : 0;
  }
  skipLines(cursor);
  if (cursor.depth >= DEEPEST) {
    throw new TooDeep();
  }
  cursor.depth++;
  const body = parseCommand(cursor);
  cursor.depth--;
  const items: Item[] = body === undefined ? [] : [{ nodes: [body], after: ';' }];
  return { type: 'function', line, name, bodies: [items], words: [], redirects: [] };
}

function parseLoop(cursor: Cursor, line: number, words: readonly Word[]): Group {
  const endless = words.length > 0;
  cursor.at += endless ? 0 : 1;
  const condition = endless ? [] : parseList(cursor, ['do']);
  separator(cursor);
  cursor.at += word(cursor) === 'do' ? 1 : 0;
  const body = parseList(cursor, ['done']);
  cursor.at++;
  return { type: 'loop', line, bodies: [condition, body], words, redirects: readRedirects(cursor) };
}

function parseIf(cursor: Cursor, line: number): If {
  const clauses: If['clauses'][number][] = [];
  let otherwise: Item[] | undefined;
  for (let next = word(cursor); next === 'if' || next === 'elif'; next = word(cursor)) {
    cursor.at++;
    const condition = parseList(cursor, ['then']);
    cursor.at++;
    clauses.push({ condition, body: parseList(cursor, ['elif', 'else', 'fi']) });
  }
  if (word(cursor) === 'else') {
    cursor.at++;
    otherwise = parseList(cursor, ['fi']);
  }
  cursor.at++;
  return {
    ...{ type: 'if', line, clauses, redirects: readRedirects(cursor) },
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}

function parseCase(cursor: Cursor, line: number): Node {
  cursor.at++;
  const subject = takeWord(cursor) ?? { text: '', line, quoted: false, substitutions: [] };
  skipLines(cursor);
  cursor.at += word(cursor) === 'in' ? 1 : 0;
  const arms = [];
  for (;;) {
    skipLines(cursor);
    if (word(cursor) === 'esac' || cursor.at >= cursor.tokens.length) {
      break;
    }
    const at = cursor.at;
    const patterns: Word[] = [];
    for (let token = cursor.tokens[cursor.at]; token !== undefined; token = cursor.tokens[cursor.at]) {
      cursor.at++;
      if (token.kind === 'word') {
        patterns.push(token.word);
      } else if (token.text === ')') {
        break;
      }
    }
    const body = parseList(cursor, [';;', ';&', ';;&', 'esac']);
    const end = cursor.tokens[cursor.at];
    cursor.at += end?.kind === 'operator' || cursor.at === at ? 1 : 0;
    arms.push({ line: patterns[0]?.line ?? line, patterns, body });
  }
  cursor.at++;
  return { type: 'case', line, subject, arms, redirects: readRedirects(cursor) };
}

function parseSimple(cursor: Cursor, line: number): Node | undefined {
  const assignments: Word[] = [];
  const words: Word[] = [];
  const found: Redirect[] = [];
  for (;;) {
    const token = cursor.tokens[cursor.at];
    const redirect = readRedirect(cursor);
    if (redirect) {
      found.push(redirect);
    } else if (token?.kind === 'word') {
      cursor.at++;
      const assigns = words.length === 0 && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(token.word.text);
      (assigns ? assignments : words).push(token.word);
    } else if (token?.text === '(' && words.length === 1) {
      return parseFunction(cursor, line, words[0]?.text ?? '');
    } else {
      break;
    }
  }
  return words.length + assignments.length + found.length === 0
    ? undefined
    : ({ type: 'simple', line, assignments, words, redirects: found } satisfies Simple);
}

function separator(cursor: Cursor): void {
  const token = cursor.tokens[cursor.at];
  cursor.at += token?.kind === 'operator' && token.text === ';' ? 1 : 0;
  skipLines(cursor);
}
