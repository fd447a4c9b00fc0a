/** How a character is shown. */
export interface Style {
  readonly colour: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Characters of one row that follow each other and look alike. */
export interface Run extends Style {
  readonly column: number;
  readonly text: string;
}

const PLAIN: Style = { colour: null, bold: false, dim: false };
const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

interface Cell extends Style {
  readonly character: string;
}

/**
 * What a terminal without an end shows once all of the output has come: its rows, as runs. It knows what a row-wise
 * live view uses: colours, erased lines, the cursor up and to the left.
 *
 * @throws {Error} for any other escape sequence.
 */
export function screenOf(output: string, columns: number): Run[][] {
  const rows: Cell[][] = [[]];
  let [row, column] = [0, 0];
  let style = PLAIN;
  const put = (character: string) => {
    if (column === columns) {
      [row, column] = [row + 1, 0];
    }
    const cells = rowAt(rows, row);
    while (cells.length < column) {
      cells.push({ ...PLAIN, character: ' ' });
    }
    cells[column] = { ...style, character };
    column += 1;
  };
  for (const [token, parameters, command] of output.matchAll(TOKENS)) {
    if (token === '\n') {
      row += 1;
    } else if (token === '\r') {
      column = 0;
    } else if (command === undefined) {
      put(token);
    } else if (command === 'm') {
      style = restyled(style, parameters ?? '');
    } else if (command === 'A') {
      row = Math.max(0, row - Number(parameters || 1));
    } else if (command === 'G') {
      column = Number(parameters || 1) - 1;
    } else if (command === 'K' && parameters === '2') {
      rows[row] = [];
    } else if (command === 'K' && parameters === '') {
      rowAt(rows, row).splice(column);
    } else if (command === 'J' && parameters === '') {
      rowAt(rows, row).splice(column);
      rows.splice(row + 1);
    } else if (!/^\?25[hl]$/.test(`${parameters}${command}`)) {
      throw new Error(`an escape sequence that is not known here: ${JSON.stringify(token)}`);
    }
    rowAt(rows, row);
  }
  return rows.map(runs);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
const TOKENS = /\u001b\[([0-9;?]*)([A-Za-z])|[\s\S]/gu;

function rowAt(rows: Cell[][], index: number): Cell[] {
  while (rows.length <= index) {
    rows.push([]);
  }
  return rows[index] ?? [];
}

function restyled(style: Style, parameters: string): Style {
  return parameters.split(';').map(Number).reduce(withCode, style);
}

function withCode(style: Style, code: number): Style {
  if (code === 0) {
    return PLAIN;
  }
  if (code === 1 || code === 2) {
    return { ...style, bold: style.bold || code === 1, dim: style.dim || code === 2 };
  }
  if (code === 22) {
    return { ...style, bold: false, dim: false };
  }
  if ((code >= 30 && code <= 37) || code === 39) {
    return { ...style, colour: COLOURS[code - 30] ?? null };
  }
  throw new Error(`a style that is not known here: ${code}`);
}

function runs(cells: readonly Cell[]): Run[] {
  const found: Run[] = [];
  for (const [column, { character, ...style }] of cells.entries()) {
    const last = found.at(-1);
    if (last && last.colour === style.colour && last.bold === style.bold && last.dim === style.dim) {
      found[found.length - 1] = { ...last, text: last.text + character };
    } else {
      found.push({ ...style, column, text: character });
    }
  }
  return found;
}
