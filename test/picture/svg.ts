import type { Run } from './terminal.ts';

// Pixels.
const CELL = { width: 8.4, height: 19, font: 14 };
const MARGIN = { side: 18, top: 48, bottom: 16 };

const COLOURS: Readonly<Record<string, string>> = {
  red: '#ff7b72',
  green: '#56d364',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
  white: '#f0f6fc',
  black: '#6e7681',
};

/** Draws rows of a terminal as a window. Each run has its own place and length, so that no font can shift it. */
export function terminalSvg(title: string, rows: readonly (readonly Run[])[], columns: number): string {
  const width = round(columns * CELL.width + 2 * MARGIN.side);
  const height = rows.length * CELL.height + MARGIN.top + MARGIN.bottom;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${xml(title)}</title>
<style>
text { font: ${CELL.font}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3; white-space: pre; }
.bold { font-weight: 700; fill: #ffffff; }
.dim { fill: #8b949e; }
${Object.entries(COLOURS)
  .map(([name, value]) => `.${name} { fill: ${value}; }`)
  .join('\n')}
</style>
<rect width="${width}" height="${height}" rx="9" fill="#0d1117"/>
<path d="M0 9a9 9 0 0 1 9-9h${round(width - 18)}a9 9 0 0 1 9 9v21H0z" fill="#21262d"/>
<circle cx="20" cy="15" r="5.5" fill="#ff5f57"/><circle cx="39" cy="15" r="5.5" fill="#febc2e"/><circle cx="58" cy="15" r="5.5" fill="#28c840"/>
<text x="${round(width / 2)}" y="20" text-anchor="middle" class="dim">${xml(title)}</text>
${rows.flatMap((row, i) => row.flatMap(run => drawn(run, i))).join('\n')}
</svg>
`;
}

function drawn({ column, text, colour, bold, dim }: Run, row: number): string[] {
  if (text.trim() === '') {
    return [];
  }
  const x = round(MARGIN.side + column * CELL.width);
  const y = MARGIN.top + row * CELL.height + CELL.font - 4;
  const classes = [bold ? 'bold' : '', dim ? 'dim' : '', colour ?? ''].filter(Boolean).join(' ');
  const style = classes === '' ? '' : ` class="${classes}"`;
  const length = round([...text].length * CELL.width);
  return [
    `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${style}>${xml(text)}</text>`,
  ];
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
