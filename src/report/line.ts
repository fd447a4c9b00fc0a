/** A piece of a line; its colour is put on after the line was cut to its width. */
export interface Span {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

// What East Asian Width and emoji make two columns wide, and what takes none: marks, joiners, variation selectors.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NONE = /[\p{M}\p{Cf}]/u;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  if (isAscii(text)) {
    return text.length;
  }
  let width = 0;
  for (const character of text) {
    width += columnsOf(character);
  }
  return width;
}

/** A text in no more columns than given; what was cut off ends in an ellipsis, which takes one column. */
export function cut(text: string, columns: number, ellipsis = '…'): string {
  if (widthOf(text) <= columns) {
    return text;
  }
  let [kept, width] = ['', 0];
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns - 1) {
      break;
    }
    kept += character;
  }
  return columns < 1 ? '' : kept.trimEnd() + ellipsis;
}

/** Puts spans together to one line of no more columns than given, and colours it. */
export function fitLine(spans: readonly Span[], columns: number, ellipsis?: string): string {
  let left = columns;
  let line = '';
  for (const { text, paint } of spans) {
    const shown = cut(text, left, ellipsis);
    left -= widthOf(shown);
    line += shown === '' ? '' : (paint?.(shown) ?? shown);
    if (shown !== text) {
      break;
    }
  }
  return line;
}

function columnsOf(character: string): number {
  if (character < '\u0300') {
    return 1;
  }
  return NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
