/** A change by whole lines: before line `at`, which counts from 0, `remove` lines go and others come. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly string[];
}

/** The lines of a text without their line feeds; what follows the last line feed counts only where there is something. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** A text with all splices made, none of which reach into each other. A last line without a line feed gets one. */
export function spliced(text: string, splices: readonly Splice[]): string {
  if (splices.length === 0) {
    return text;
  }
  const lines = [...linesOf(text)];
  for (const { at, remove, insert } of splices.toSorted((a, b) => b.at - a.at)) {
    lines.splice(at, remove, ...insert);
  }
  return `${lines.join('\n')}\n`;
}

/** One splice that puts lines before a line. */
export function insertAt(at: number, insert: readonly string[]): Splice {
  return { at, remove: 0, insert };
}
