/**
 * Makes text from a host or a file safe to show: control characters (escape sequences that would drive the terminal,
 * CR, BEL, C1, direction overrides) become visible escapes. Line feeds and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    character => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}
