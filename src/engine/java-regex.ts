import { readClass } from './java-regex-class.ts';
import { Cursor, RegexFault, readEscape } from './java-regex-escape.ts';

/** What Java's own compiler would say of an expression, as far as that can be told without it. */
export interface JavaRegex {
  /** Why Java would refuse it; undefined where nothing speaks against it. */
  readonly fault: string | undefined;
  /** Constructs in it that only Java itself can judge, in words: what stands in them was not checked. */
  readonly unchecked: readonly string[];
}

/**
 * Reads a regular expression by the grammar of java.util.regex.Pattern (Java 11 to 21): groups, classes, escapes,
 * quantifiers, references, flags. Names of character properties and of characters, the length of a look-behind and
 * what follows the flag `x` are not judged.
 */
export function readJavaRegex(regex: string): JavaRegex {
  const cursor = new Cursor(unquoted(regex));
  try {
    readAlternatives(cursor, 0);
    return { fault: undefined, unchecked: [...cursor.unchecked] };
  } catch (error) {
    if (error instanceof RegexFault) {
      return { fault: error.message, unchecked: [] };
    }
    throw error;
  }
}

/** What stands between `\Q` and `\E` is plain text: it is escaped sign by sign, as Java itself begins. */
function unquoted(regex: string): string {
  return regex.replaceAll(/\\Q(.*?)(?:\\E|$)|\\.|[^\\]+/gs, (part, text: string | undefined) =>
    text === undefined ? part : text.replaceAll(/[!-/:-@[-`{-~\s]/g, '\\$&'),
  );
}

function readAlternatives(cursor: Cursor, depth: number): void {
  for (;;) {
    while (!cursor.done && cursor.next !== '|' && cursor.next !== ')') {
      readPart(cursor, depth);
      if (cursor.gaveUp) {
        return;
      }
    }
    if (cursor.next === ')' && depth === 0) {
      throw new RegexFault('the regular expression closes a parenthesis that it does not open');
    }
    if (!cursor.take('|')) {
      return;
    }
  }
}

function readPart(cursor: Cursor, depth: number): void {
  const sign = cursor.next;
  if (sign === '*' || sign === '+' || sign === '?') {
    throw new RegexFault(`the regular expression has a ${sign} that repeats nothing`);
  }
  if (sign === '(') {
    if (readGroup(cursor, depth) === 'flags') {
      return;
    }
  } else if (sign === '[') {
    readClass(cursor);
  } else if (sign === '\\') {
    readEscape(cursor, 'outside a class');
  } else if (sign !== '{') {
    cursor.skip();
  }
  readQuantifier(cursor);
}

/** Java compiles by recursion: at about a thousand groups within each other its stack overflows, on a small stack earlier. */
const MOST_DEPTH = 200;

function readGroup(cursor: Cursor, depth: number): 'group' | 'flags' {
  if (depth >= MOST_DEPTH) {
    throw new RegexFault(`the regular expression has more than ${MOST_DEPTH} groups within each other`);
  }
  cursor.take('(');
  if (cursor.take('?')) {
    if (readGroupKind(cursor) === 'flags') {
      return 'flags';
    }
  }
  readAlternatives(cursor, depth + 1);
  if (!cursor.gaveUp && !cursor.take(')')) {
    throw new RegexFault('the regular expression does not close a parenthesis (');
  }
  return 'group';
}

function readGroupKind(cursor: Cursor): 'group' | 'flags' {
  if (cursor.take(/[:=!>]/y)) {
    return 'group';
  }
  if (cursor.take(/<[=!]/y)) {
    cursor.unchecked.add('a look-behind');
    return 'group';
  }
  if (cursor.take('<')) {
    const name = cursor.take(/[A-Za-z][A-Za-z0-9]*(?=>)/y);
    if (name === undefined) {
      throw new RegexFault(
        'the regular expression names a group other than with letters and digits between < and >',
      );
    }
    if (cursor.groups.has(name)) {
      throw new RegexFault(`the regular expression names two groups ${name}`);
    }
    cursor.groups.add(name);
    cursor.take('>');
    return 'group';
  }
  const flags = cursor.take(/[idmsuxU]*(?:-[idmsuxU]*)?(?=[:)])/y);
  if (flags === undefined) {
    throw new RegexFault(
      'the regular expression has a group (?… that Java does not know; a named group is (?<name>…)',
    );
  }
  if (/^[^-]*x/.test(flags)) {
    cursor.unchecked.add('all that follows the flag x');
    cursor.gaveUp = true;
  }
  if (cursor.take(')')) {
    return 'flags';
  }
  cursor.take(':');
  return 'group';
}

const MOST_REPEATS = 2 ** 31 - 1;

function readQuantifier(cursor: Cursor): void {
  if (cursor.take('{')) {
    const counts = cursor.take(/\d+(?:,\d*)?(?=\})/y);
    if (counts === undefined) {
      throw new RegexFault(
        'the regular expression has a { that is no repetition such as {1,3}; write \\{ for the brace itself',
      );
    }
    const [least = '', most = ''] = counts.split(',');
    if (Number(least) > MOST_REPEATS || (most !== '' && Number(most) > MOST_REPEATS)) {
      throw new RegexFault(`the regular expression repeats more often than Java can count: {${counts}}`);
    }
    if (most !== '' && Number(most) < Number(least)) {
      throw new RegexFault(`the regular expression has a repetition that runs backwards: {${counts}}`);
    }
    cursor.take('}');
  } else if (!cursor.take(/[*+?]/y)) {
    return;
  }
  cursor.take(/[+?]/y);
}
