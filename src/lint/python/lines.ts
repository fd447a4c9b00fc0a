/** A string of a Python script. */
export interface Literal {
  readonly value: string;
  readonly line: number;
}

/** A logical line: what stands in brackets belongs together. */
export interface LogicalLine {
  readonly line: number;
  /** Blanks before the first word; a tab counts for eight at most. */
  readonly indent: number;
  /** Without comments, runs of blanks as one; a string stands as `"7"`, its place among the literals. */
  readonly code: string;
  /** Where in the code another line of the file begins. */
  readonly breaks: readonly { readonly at: number; readonly line: number }[];
}

export interface PythonScript {
  readonly lines: readonly LogicalLine[];
  readonly literals: readonly Literal[];
}

interface Draft {
  line: number;
  indent: number;
  code: string;
  breaks: { at: number; line: number }[];
}

/** Takes a Python script apart into lines and strings, without a look at its grammar. Never fails. */
export function readPython(text: string): PythonScript {
  const lines: LogicalLine[] = [];
  const literals: Literal[] = [];
  let [at, line, open] = [0, 1, 0];
  let blank = false;
  let draft: Draft = { line, indent: 0, code: '', breaks: [] };
  const end = () => {
    if (draft.code.trim() !== '') {
      lines.push(draft);
    }
    draft = { line, indent: 0, code: '', breaks: [] };
    blank = false;
  };
  while (at < text.length) {
    const c = text[at] ?? '';
    if (c === '\n' || (c === '\\' && text[at + 1] === '\n')) {
      at += c === '\n' ? 1 : 2;
      line++;
      if (open === 0 && c === '\n') {
        end();
      } else {
        draft.breaks.push({ at: draft.code.length, line });
      }
    } else if (c === '#') {
      const feed = text.indexOf('\n', at);
      at = feed === -1 ? text.length : feed;
    } else if (c === '"' || c === "'") {
      const found = readString(text, at);
      draft.code += `"${literals.length}"`;
      literals.push({ value: found.value, line });
      const feeds = found.value.split('\n').length - 1;
      line += feeds;
      if (feeds > 0) {
        draft.breaks.push({ at: draft.code.length, line });
      }
      blank = false;
      at = found.end;
    } else if (c === ' ' || c === '\t' || c === '\r' || c === '\f') {
      draft.indent += draft.code === '' ? (c === '\t' ? 8 : 1) : 0;
      draft.code += draft.code === '' || blank ? '' : ' ';
      blank = true;
      at++;
    } else {
      open = Math.max(0, open + ('([{'.includes(c) ? 1 : ')]}'.includes(c) ? -1 : 0));
      draft.code += c;
      blank = false;
      at++;
    }
  }
  end();
  return { lines, literals };
}

function readString(text: string, at: number): { readonly value: string; readonly end: number } {
  const quote = text[at] ?? '';
  const mark = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  let end = at + mark.length;
  while (end < text.length && !text.startsWith(mark, end)) {
    if (mark.length === 1 && text[end] === '\n') {
      return { value: text.slice(at + 1, end), end };
    }
    end += text[end] === '\\' ? 2 : 1;
  }
  return { value: text.slice(at + mark.length, end), end: end + mark.length };
}

/** The line of the file on which a place of a logical line's code stands. */
export function lineAt(logical: LogicalLine, at: number): number {
  return logical.breaks.findLast(one => one.at <= at)?.line ?? logical.line;
}
