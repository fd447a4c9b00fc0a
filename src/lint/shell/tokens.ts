import { type Reader, readArithmetic, readWord, type Token } from './words.ts';

const OPERATORS = [
  ...['<<<', '<<-', '&>>', ';;&', '&&', '||', ';;', ';&', '<<', '>>', '<&', '>&', '<>', '>|', '&>', '|&'],
  ...[';', '&', '|', '(', ')', '<', '>'],
];

/** Words after which a command begins, as it does after most operators. */
const BEFORE_COMMAND = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', '{', 'time']);

/**
 * Takes a shell script apart into words and operators; comments are left out. Never fails for what is no shell.
 *
 * @param nested stop at, and take, the parenthesis that closes what was open before.
 * @throws {TooDeep}
 */
export function readTokens(reader: Reader, nested = false): Token[] {
  const tokens: Token[] = [];
  const read = (inner: Reader) => readTokens(inner, true);
  let open = 0;
  let cases = 0;
  for (;;) {
    skipBlanks(reader);
    const c = reader.text[reader.at];
    if (c === undefined) {
      return tokens;
    }
    const { line } = reader;
    const start = startsCommand(tokens.at(-1));
    if (c === '\n') {
      reader.at++;
      reader.line++;
      readHeredocs(reader);
      tokens.push({ kind: 'operator', text: '\n', line });
    } else if (c === '#') {
      const end = reader.text.indexOf('\n', reader.at);
      reader.at = end === -1 ? reader.text.length : end;
    } else if (start && reader.text.startsWith('((', reader.at)) {
      const from = reader.at;
      reader.at += 2;
      readArithmetic(reader, read);
      const text = reader.text.slice(from, reader.at);
      tokens.push({ kind: 'word', word: { text, line, quoted: true, substitutions: [] } });
    } else {
      const text = operatorAt(reader);
      if (text === undefined) {
        const before = reader.at;
        const word = readWord(reader, read);
        reader.at += reader.at === before ? 1 : 0;
        const next = reader.text[reader.at];
        if (/^\d+$/.test(word.text) && !word.quoted && (next === '<' || next === '>')) {
          const redirection = operatorAt(reader) ?? '';
          reader.at += redirection.length;
          tokens.push({ kind: 'operator', text: redirection, line, fd: word.text });
          noteHeredoc(reader, redirection);
          continue;
        }
        cases += start && word.text === 'case' ? 1 : start && word.text === 'esac' && cases > 0 ? -1 : 0;
        tokens.push({ kind: 'word', word });
        if (start && word.text === '[[' && !word.quoted) {
          readCondition(reader, tokens);
        }
        continue;
      }
      reader.at += text.length;
      if (nested && text === ')' && open === 0 && cases === 0) {
        return tokens;
      }
      open += text === '(' ? 1 : text === ')' && open > 0 ? -1 : 0;
      tokens.push({ kind: 'operator', text, line });
      noteHeredoc(reader, text);
    }
  }
}

function startsCommand(last: Token | undefined): boolean {
  return last === undefined
    ? true
    : last.kind === 'word'
      ? !last.word.quoted && BEFORE_COMMAND.has(last.word.text)
      : !/[<>]/.test(last.text);
}

function skipBlanks(reader: Reader): void {
  for (;;) {
    const c = reader.text[reader.at];
    if (c === '\\' && reader.text[reader.at + 1] === '\n') {
      reader.at += 2;
      reader.line++;
    } else if (c === ' ' || c === '\t' || c === '\r') {
      reader.at++;
    } else {
      return;
    }
  }
}

/** The operator here; `<(` and `>(` begin a word. */
function operatorAt({ text, at }: Reader): string | undefined {
  const found = OPERATORS.find(one => text.startsWith(one, at));
  return (found === '<' || found === '>') && text[at + 1] === '(' ? undefined : found;
}

/** In `[[ … ]]` the operators of the shell compare, and end no command. */
function readCondition(reader: Reader, tokens: Token[]): void {
  while (reader.at < reader.text.length) {
    skipBlanks(reader);
    if (reader.text[reader.at] === '\n') {
      reader.at++;
      reader.line++;
      continue;
    }
    const { line, at } = reader;
    const operator = operatorAt(reader);
    if (operator === undefined) {
      const word = readWord(reader, inner => readTokens(inner, true));
      reader.at += reader.at === at ? 1 : 0;
      tokens.push({ kind: 'word', word });
      if (word.text === ']]' && !word.quoted) {
        return;
      }
    } else {
      reader.at += operator.length;
      tokens.push({ kind: 'word', word: { text: operator, line, quoted: true, substitutions: [] } });
    }
  }
}

/** The body of a here-document begins after the line feed; its end is the word behind the operator. */
function noteHeredoc(reader: Reader, operator: string): void {
  if (operator !== '<<' && operator !== '<<-') {
    return;
  }
  const found = /^[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|(\\?)([^\s;&|<>()'"]+))/.exec(
    reader.text.slice(reader.at, reader.at + 200),
  );
  const quoted = found?.[4] === undefined || found[3] !== '';
  reader.pending.push({
    end: found?.[1] ?? found?.[2] ?? found?.[4] ?? '',
    tabs: operator === '<<-',
    quoted,
  });
}

function readHeredocs(reader: Reader): void {
  for (const { end, tabs, quoted } of reader.pending.splice(0)) {
    while (reader.at < reader.text.length) {
      const feed = reader.text.indexOf('\n', reader.at);
      const stop = feed === -1 ? reader.text.length : feed;
      const line = reader.text.slice(reader.at, stop);
      const { line: number } = reader;
      reader.at = stop + 1;
      reader.line++;
      if ((tabs ? line.replace(/^\t+/, '') : line) === end) {
        break;
      }
      if (!quoted) {
        for (const [, name] of line.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)/g)) {
          reader.uses.push({ name: name ?? '', line: number, rest: '' });
        }
      }
    }
  }
}
