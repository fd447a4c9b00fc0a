import { closest, distance } from 'fastest-levenshtein';

/** The known word that a mistyped one most likely means, or undefined when none is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) {
    return undefined;
  }
  const nearest = closest(word.toLowerCase(), [...known]);
  return distance(word.toLowerCase(), nearest.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3))
    ? nearest
    : undefined;
}
