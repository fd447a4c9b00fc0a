import { printable } from '../../core/printable.ts';
import type { Paint } from '../paint.ts';

/** How a page is to look. */
export interface Look {
  /** How many columns a line of running text may have. */
  readonly width: number;
  readonly paint: Paint;
}

/** A cell of a table; its colour is put on after the columns are aligned. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** The titles of a table's columns, as its first row. */
export function headings(titles: readonly string[], paint: Paint): Cell[] {
  return titles.map(text => ({ text, paint: paint.dim }));
}

/** Aligns rows in columns, two blanks between them; what is last in a row is as long as it is. Unsafe characters become visible. */
export function table(rows: readonly (readonly Cell[])[], indent = ''): string[] {
  const safe = rows.map(row => row.map(cell => ({ ...cell, text: printable(cell.text) })));
  const widths: number[] = [];
  for (const row of safe) {
    row.forEach(({ text }, column) => {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    });
  }
  return safe.map(row => {
    const last = row.findLastIndex(({ text }) => text !== '');
    const cells = row.slice(0, last + 1).map(({ text, paint }, column) => {
      const blanks = ' '.repeat(column === last ? 0 : (widths[column] ?? 0) - text.length);
      return (paint?.(text) ?? text) + blanks;
    });
    return indent + cells.join('  ');
  });
}

/**
 * Breaks running text into lines of at most `width` columns; a word that is longer stands alone, unbroken. `first`
 * begins the first line, as many blanks the others. Unsafe characters become visible.
 */
export function wrap(text: string, width: number, first = ''): string[] {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((part, i) => (i === 0 ? first : indent) + part);
}

/** A heading and the lines below it, after an empty line; nothing where there are no lines. */
export function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines];
}

/** Sentences as a list. */
export function bullets(sentences: readonly string[], width: number): string[] {
  return sentences.flatMap(sentence => wrap(sentence, width, '  - '));
}

/** Labels and what they stand for, in two columns; the second is broken into lines. */
export function facts(pairs: readonly (readonly [string, string])[], { width, paint }: Look): string[] {
  const column = Math.max(...pairs.map(([label]) => label.length)) + 2;
  return pairs.flatMap(([label, text]) => {
    const [first = '', ...others] = wrap(text, width, ' '.repeat(column));
    return [paint.dim(label) + first.slice(label.length), ...others];
  });
}
