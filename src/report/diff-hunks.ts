import { type DiffLine, diffLines } from './line-diff.ts';

/** Lines that are the same in both and shown around those that are not. */
const CONTEXT = 2;

/** A table of more cells than this is not made. */
const MOST_CELLS = 4_000_000;

/**
 * What differs between two lists of lines, as the fewest lines taken away and added, with a few of those around them; `…`
 * stands for lines left out. Where they are long and differ much, the lines between the first and the last difference.
 */
export function diffHunks(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  const head = commonHead(old, now);
  const tail = commonHead(old.slice(head).reverse(), now.slice(head).reverse());
  const [before, after] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  if (before.length * after.length > MOST_CELLS) {
    return diffLines(old.join('\n'), now.join('\n'));
  }
  const same = (lines: readonly string[]) => lines.map(text => ({ mark: ' ' as const, text }));
  return folded([
    ...same(old.slice(0, head)),
    ...shortest(before, after),
    ...same(old.slice(old.length - tail)),
  ]);
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((line, i) => line !== b[i]);
  return different === -1 ? Math.min(a.length, b.length) : different;
}

/** By the longest common subsequence. */
function shortest(old: readonly string[], now: readonly string[]): DiffLine[] {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      common[at] =
        old[i] === now[j]
          ? (common[at + width + 1] ?? 0) + 1
          : Math.max(common[at + width] ?? 0, common[at + 1] ?? 0);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [a, b] = [old[i], now[j]];
    const at = i * width + j;
    if (a !== undefined && a === b) {
      lines.push({ mark: ' ', text: a });
      i += 1;
      j += 1;
    } else if (a !== undefined && (b === undefined || (common[at + width] ?? 0) >= (common[at + 1] ?? 0))) {
      lines.push({ mark: '-', text: a });
      i += 1;
    } else {
      lines.push({ mark: '+', text: b ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** Leaves out what is the same and far from a difference. */
function folded(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Set<number>();
  for (const [i, { mark }] of lines.entries()) {
    if (mark !== ' ') {
      for (let at = i - CONTEXT; at <= i + CONTEXT; at += 1) {
        near.add(at);
      }
    }
  }
  return near.size === 0
    ? []
    : lines.flatMap((line, i) =>
        near.has(i) ? [line] : i === 0 || near.has(i - 1) ? [{ mark: ' ' as const, text: '…' }] : [],
      );
}
