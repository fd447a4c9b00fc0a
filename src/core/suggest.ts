import { closest, distance } from 'fastest-levenshtein';

/** The known word that a mistyped one most likely means, or undefined when none is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) {
    return undefined;
  }
  const nearest = closest(word.toLowerCase(), [...known]);
  const most = Math.max(1, Math.floor(word.length / 3));
  return distance(word.toLowerCase(), nearest.toLowerCase()) <= most
    ? nearest
    : known.find(one => isSwap(word.toLowerCase(), one.toLowerCase()));
}

/** Whether two neighbouring letters have changed places, which counts as two slips otherwise. */
function isSwap(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return (
    a.length === b.length &&
    at >= 0 &&
    a === b.slice(0, at) + (b[at + 1] ?? '') + (b[at] ?? '') + b.slice(at + 2)
  );
}
