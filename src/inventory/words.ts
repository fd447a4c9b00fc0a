/** The words of a line, or where a quote or an escape is left open (columns count from 1). */
export type Split =
  | { readonly words: readonly string[] }
  | { readonly open: string; readonly column: number };

/**
 * Splits a host line into words as Ansible does, by the rules of Python's `shlex.split(line, comments=True)`: single
 * quotes keep everything, double quotes know `\"` and `\\`, a backslash elsewhere keeps the next character, and an
 * unquoted `#` begins a comment even within a word.
 */
export function splitWords(line: string): Split {
  if (!/["'\\#]/.test(line)) {
    return { words: line.split(/[ \t]+/).filter(word => word !== '') };
  }
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i);
    if (character === '#') {
      break;
    }
    if (character === ' ' || character === '\t') {
      if (word !== undefined) {
        words.push(word);
      }
      word = undefined;
    } else if (character === '"' || character === "'") {
      const quoted = readQuoted(line, i);
      if (quoted === undefined) {
        return { open: character, column: i + 1 };
      }
      word = (word ?? '') + quoted.text;
      i = quoted.end;
    } else if (character === '\\') {
      if (i + 1 === line.length) {
        return { open: character, column: i + 1 };
      }
      i++;
      word = (word ?? '') + line.charAt(i);
    } else {
      word = (word ?? '') + character;
    }
  }
  return { words: word === undefined ? words : [...words, word] };
}

function readQuoted(line: string, start: number): { text: string; end: number } | undefined {
  const quote = line.charAt(start);
  let text = '';
  for (let i = start + 1; i < line.length; i++) {
    const character = line.charAt(i);
    if (character === quote) {
      return { text, end: i };
    }
    const escaped = quote === '"' && character === '\\' && /["\\]/.test(line.charAt(i + 1));
    if (escaped) {
      i++;
    }
    text += line.charAt(i);
  }
  return undefined;
}
