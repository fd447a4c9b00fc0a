import { stripVTControlCharacters } from 'node:util';
import { widthOf } from './line.ts';

/** A terminal, as far as drawing on it needs one. */
export interface Terminal {
  write(text: string): unknown;
  /** Absent or 0 where it does not tell. */
  readonly columns?: number;
  readonly rows?: number;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/** Lines at the end of a terminal that are drawn again and again; what was written before scrolls as ever. */
export interface Region {
  /** Shows these lines in the place of those before. */
  draw(lines: readonly string[], columns: number): void;
  /** Writes lines above the region, for good. */
  above(lines: readonly string[]): void;
  /** Takes the region off the terminal, and shows the cursor. */
  clear(): void;
  /** Leaves what was drawn last, and shows the cursor; what is drawn after that stands below. */
  end(): void;
}

const ESCAPE = '\u001b[';
const HIDE_CURSOR = `${ESCAPE}?25l`;
const SHOW_CURSOR = `${ESCAPE}?25h`;
const ERASE_LINE_END = `${ESCAPE}K`;
const ERASE_BELOW = `${ESCAPE}J`;

export function openRegion(terminal: Pick<Terminal, 'write'>): Region {
  let drawn: readonly string[] = [];
  let drawnColumns = 0;
  let isHidden = false;
  const toTop = (columns: number) => {
    const up = drawn.reduce((sum, line) => sum + rowsOf(line, columns), 0);
    return up === 0 ? '\r' : `\r${ESCAPE}${up}A`;
  };
  const showCursor = () => {
    if (isHidden) {
      isHidden = false;
      process.off('exit', showCursor);
      terminal.write(SHOW_CURSOR);
    }
  };
  const hideCursor = () => {
    if (!isHidden) {
      isHidden = true;
      process.once('exit', showCursor);
      terminal.write(HIDE_CURSOR);
    }
  };
  return {
    draw(lines, columns) {
      hideCursor();
      const isResized = columns !== drawnColumns;
      const parts = lines.map((line, i) =>
        !isResized && line === drawn[i] ? '\n' : `${line}${ERASE_LINE_END}\n`,
      );
      const start = isResized ? toTop(columns) + ERASE_BELOW : toTop(columns);
      terminal.write(`${start}${parts.join('')}${ERASE_BELOW}`);
      drawn = lines;
      drawnColumns = columns;
    },
    above(lines) {
      const text = lines.map(line => `${line}${ERASE_LINE_END}\n`).join('');
      const again = drawn.map(line => `${line}${ERASE_LINE_END}\n`).join('');
      terminal.write(`${toTop(drawnColumns)}${text}${again}${ERASE_BELOW}`);
    },
    clear() {
      terminal.write(`${toTop(drawnColumns)}${ERASE_BELOW}`);
      drawn = [];
      showCursor();
    },
    end() {
      drawn = [];
      showCursor();
    },
  };
}

/** How many rows a line takes; most terminals fold lines anew when they get narrower. */
function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / Math.max(1, columns)));
}
