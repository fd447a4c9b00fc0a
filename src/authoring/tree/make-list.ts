import { insertAt, type Splice } from './splice.ts';

interface Word {
  readonly line: number;
  readonly text: string;
}

/** A list of words in a Makefile.am: a variable, over as many lines as end in a backslash. */
export interface MakeList {
  readonly first: number;
  readonly last: number;
  /** Without `$(NULL)`, which only ends a list. */
  readonly words: readonly Word[];
  readonly endsInNull: boolean;
}

/** The first assignment to a variable at or behind a line; undefined where there is none. */
export function findMakeList(
  lines: readonly string[],
  variable: string,
  from = 0,
  to = lines.length,
): MakeList | undefined {
  const start = new RegExp(`^${variable}\\s*\\+?=`);
  const first = lines.findIndex((line, i) => i >= from && i < to && start.test(line));
  if (first === -1) {
    return undefined;
  }
  let last = first;
  while (lines[last]?.endsWith('\\') && last + 1 < lines.length) {
    last += 1;
  }
  const words = lines.slice(first, last + 1).flatMap((line, i) =>
    (i === 0 ? line.replace(start, '') : line)
      .replace(/\\$/, '')
      .split(/\s+/)
      .filter(text => text !== '')
      .map(text => ({ line: first + i, text })),
  );
  return {
    first,
    last,
    words: words.filter(({ text }) => text !== '$(NULL)'),
    endsInNull: words.at(-1)?.text === '$(NULL)',
  };
}

/**
 * Adds words to a list, each unless it is there: before the first of its words that sorts behind, else at its end.
 *
 * @param sorts which of the list's words it is compared with; with none of them it goes to the end.
 */
export function addToMakeList(
  lines: readonly string[],
  list: MakeList,
  added: readonly string[],
  sorts: (word: string) => boolean = () => true,
): readonly Splice[] {
  const missing = added.filter(word => !list.words.some(({ text }) => text === word));
  const [one] = missing;
  if (one === undefined) {
    return [];
  }
  const compared = list.words.filter(({ text }) => sorts(text));
  const next = compared.find(({ text }) => text > one);
  const anchor = next ?? compared.at(-1) ?? list.words.at(-1);
  if (list.first === list.last || next?.line === list.first) {
    return [inOneLine(lines[list.first] ?? '', list.first, missing, next?.text)];
  }
  const indent = /^\s*/.exec(lines[anchor?.line ?? list.last] ?? '')?.[0] || '\t';
  const at = next ? next.line : (anchor?.line ?? list.first) + 1;
  const made = missing.map(word => `${indent}${word} \\`);
  if (at <= list.last) {
    return [insertAt(at, made)];
  }
  const last = lines[list.last] ?? '';
  return [
    { at: list.last, remove: 1, insert: [`${last} \\`, ...made.slice(0, -1), `${indent}${missing.at(-1)}`] },
  ];
}

function inOneLine(line: string, at: number, added: readonly string[], next: string | undefined): Splice {
  const text = added.join(' ');
  if (next === undefined) {
    return { at, remove: 1, insert: [`${line.trimEnd()} ${text}`] };
  }
  const words = line.split(/(?<=\s)/);
  const place = words.findIndex(word => word.trim() === next);
  return { at, remove: 1, insert: [words.toSpliced(place, 0, `${text} `).join('')] };
}
