/** Compares as Python does, by code points; JavaScript's own order differs beyond U+FFFF. For `Array.sort`. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) {
      return Number(isSurrogate(unitA)) - Number(isSurrogate(unitB)) || unitA - unitB;
    }
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
