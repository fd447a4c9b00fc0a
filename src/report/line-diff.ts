/** A line of a diff: taken away, added, or the same in both; `…` stands for lines left out. */
export interface DiffLine {
  readonly mark: '-' | '+' | ' ';
  readonly text: string;
}

/** Lines that are the same in both and shown around those that are not. */
const CONTEXT = 2;

/**
 * What differs between two texts: the lines between those with which both begin and those with which both end. A text
 * that is empty has no lines.
 */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) {
    head += 1;
  }
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) {
    tail += 1;
  }
  const same = (lines: readonly string[]) => lines.map(text => ({ mark: ' ' as const, text }));
  const start = Math.max(0, head - CONTEXT);
  const rest = tail - CONTEXT;
  return [
    ...(start > 0 ? same(['…']) : []),
    ...same(old.slice(start, head)),
    ...old.slice(head, old.length - tail).map(text => ({ mark: '-' as const, text })),
    ...now.slice(head, now.length - tail).map(text => ({ mark: '+' as const, text })),
    ...same(now.slice(now.length - tail, now.length - Math.max(0, rest))),
    ...(rest > 0 ? same(['…']) : []),
  ];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
