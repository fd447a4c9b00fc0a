import type { Redirect } from './syntax.ts';
import type { Token, Word } from './words.ts';

/** Where the reading of a script's grammar is. */
export interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

/** The word here as it is written, where it may be one of the shell's own; undefined for any other token. */
export function word({ tokens, at }: Cursor): string | undefined {
  const token = tokens[at];
  return token?.kind === 'word' && !token.word.quoted ? token.word.text : undefined;
}

export function takeWord(cursor: Cursor): Word | undefined {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'word') {
    return undefined;
  }
  cursor.at++;
  return token.word;
}

export function skipLines(cursor: Cursor): void {
  for (let token = cursor.tokens[cursor.at]; token !== undefined; token = cursor.tokens[cursor.at]) {
    if (token.kind !== 'operator' || token.text !== '\n') {
      return;
    }
    cursor.at++;
  }
}

export function readRedirect(cursor: Cursor): Redirect | undefined {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'operator' || !/[<>]/.test(token.text)) {
    return undefined;
  }
  cursor.at++;
  const target = takeWord(cursor) ?? { text: '', line: token.line, quoted: false, substitutions: [] };
  const fd = token.fd ?? (token.text.startsWith('<') ? '0' : '1');
  return { operator: token.text, fd, target, line: token.line };
}

export function readRedirects(cursor: Cursor): Redirect[] {
  const found: Redirect[] = [];
  for (let next = readRedirect(cursor); next !== undefined; next = readRedirect(cursor)) {
    found.push(next);
  }
  return found;
}
