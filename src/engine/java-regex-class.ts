import { type Cursor, RegexFault, readEscape } from './java-regex-escape.ts';

/** Reads a character class, from its `[` on; classes stand within classes. A `]` that comes first is an ordinary character. */
export function readClass(cursor: Cursor): void {
  cursor.take('[');
  cursor.take('^');
  for (let empty = true; ; ) {
    if (cursor.done) {
      throw new RegexFault('the regular expression does not close a bracket [');
    }
    if (cursor.sees('[')) {
      readClass(cursor);
      empty = false;
    } else if (cursor.take('&&') !== undefined) {
      readIntersection(cursor, empty);
      empty = false;
    } else if (cursor.next === ']' && !empty) {
      cursor.skip();
      return;
    } else {
      readRange(cursor);
      empty = false;
    }
  }
}

/** Further `&` are ordinary; on one side of it there may be nothing. */
function readIntersection(cursor: Cursor, afterNothing: boolean): void {
  cursor.take(/&*/y);
  if (afterNothing && cursor.next === ']') {
    throw new RegexFault('the regular expression has a class [&&] with nothing in it');
  }
}

function readRange(cursor: Cursor): void {
  const first = readSign(cursor);
  if (first === undefined || !cursor.sees('-') || cursor.sees('-[') || cursor.sees('-]')) {
    return;
  }
  cursor.take('-');
  if (cursor.done) {
    throw new RegexFault('the regular expression does not close a bracket [');
  }
  const last = readSign(cursor);
  if (last === undefined || (last.codePointAt(0) ?? 0) < (first.codePointAt(0) ?? 0)) {
    throw new RegexFault(
      `the regular expression has a range of characters that runs backwards, from ${first}`,
    );
  }
}

function readSign(cursor: Cursor): string | undefined {
  if (cursor.next === '\\') {
    return readEscape(cursor, 'within a class');
  }
  const sign = cursor.next;
  cursor.skip();
  return sign;
}
