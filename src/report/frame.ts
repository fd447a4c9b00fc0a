import { printable } from '../core/printable.ts';
import type { Cause } from './cause.ts';
import { wholeDuration } from './duration.ts';
import { type Stragglers, stragglers } from './estimate.ts';
import { rowLines } from './frame-rows.ts';
import { cut, fitLine, type Span, widthOf } from './line.ts';
import type { Paint } from './paint.ts';
import type { Progress } from './progress.ts';
import type { Symbols } from './symbols.ts';
import { causeText, count, hostsText } from './words.ts';

/** How a frame is to look. */
export interface FrameLook {
  /** Of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  readonly symbols: Symbols;
}

/** A host that is at one step for longer than this, in milliseconds, is named. */
export const LONG_STEP_MS = 10_000;

// Of a kind, so that a frame stays one glance.
const MOST_STRAGGLERS = 3;
const MOST_CAUSES = 8;

/**
 * Draws what goes on: a row a play, the batches of the one that runs, hosts that are at one step for long, and the
 * causes of trouble, each once. It is never wider than the terminal, and leaves one of its lines free for the cursor.
 *
 * @param now in milliseconds since 1970.
 */
export function frame(progress: Progress, now: number, terminal: FrameLook): string[] {
  const look = inside(terminal);
  const room = look.rows;
  const slow = stragglers(progress.busy.values(), now, LONG_STEP_MS);
  const causes = progress.causes.all();
  const wanted = Math.min(slow.length, 1) + Math.min(causes.length, 2);
  const rows = rowLines(progress, now, look, Math.max(1, room - wanted));
  const forCauses = Math.min(MOST_CAUSES, room - rows.length - Math.min(slow.length, 1));
  const troubleLines = limited(
    causes.map(cause => causeLine(cause, look)),
    forCauses,
    left => `and ${count(left, 'more cause')}`,
    look,
  );
  const slowLines = limited(
    slow.map(one => stragglerLine(one, look)),
    Math.min(MOST_STRAGGLERS, room - rows.length - troubleLines.length),
    left => `and ${count(left, 'more step')}`,
    look,
  );
  return [...rows, ...slowLines, ...troubleLines];
}

/** What stays on the terminal when all is over, with an empty line below; what went wrong is told after it. */
export function lastFrame(progress: Progress, now: number, terminal: FrameLook): string[] {
  const look = inside(terminal);
  return [...rowLines(progress, now, look, Math.max(1, look.rows - 1)), ''];
}

/** What there is to draw on: a line is left for the cursor, and a column, since the last one may begin a new line. */
function inside(terminal: FrameLook): FrameLook {
  return {
    ...terminal,
    columns: Math.max(1, terminal.columns - 1),
    rows: Math.max(1, terminal.rows - 1),
  };
}

/** The first lines, and, where there is no room for all, how many more there are. */
function limited(
  lines: readonly string[],
  most: number,
  more: (left: number) => string,
  { columns, paint, symbols }: FrameLook,
): string[] {
  if (lines.length <= most) {
    return [...lines];
  }
  if (most < 1) {
    return [];
  }
  const shown = lines.slice(0, most - 1);
  return [
    ...shown,
    fitLine(
      [{ text: `  ${more(lines.length - shown.length)}`, paint: paint.dim }],
      columns,
      symbols.ellipsis,
    ),
  ];
}

function causeLine(cause: Cause, { columns, paint, symbols }: FrameLook): string {
  const { outcome, hosts } = cause;
  const number = hosts.length === 1 ? '' : `${hosts.length} `;
  const spans: Span[] = [
    { text: `${symbols.failed} ${number}${outcome}`, paint: text => paint.outcome(outcome, text) },
    {
      text: ` ${cut(foldedHosts(cause), Math.max(10, Math.floor(columns * 0.4)), symbols.ellipsis)}`,
      paint: paint.bold,
    },
    { text: `: ${causeText(cause)}` },
  ];
  return fitLine(spans, columns, symbols.ellipsis);
}

const folded = new WeakMap<Cause, { readonly hosts: number; readonly text: string }>();

/** Folding a thousand names for every frame would cost more than the rest of it. */
function foldedHosts(cause: Cause): string {
  const known = folded.get(cause);
  if (known?.hosts === cause.hosts.length) {
    return known.text;
  }
  const text = hostsText(cause.hosts);
  folded.set(cause, { hosts: cause.hosts.length, text });
  return text;
}

/** `still running: kvm-044, install diskunmap, 40 s`; the time is there however narrow the terminal is. */
function stragglerLine({ hosts, step, ms }: Stragglers, { columns, paint, symbols }: FrameLook): string {
  const label = columns < 60 ? '  ' : '  still running: ';
  const time = `, ${wholeDuration(ms)}`;
  const number = hosts.length === 1 ? '' : ` (${hosts.length})`;
  const names = cut(hostsText(hosts), Math.max(8, Math.floor(columns * 0.4)), symbols.ellipsis);
  const left = columns - widthOf(label + names + number + time) - 2;
  const what = left < 4 ? '' : `, ${cut(printable(step), left, symbols.ellipsis)}`;
  return fitLine(
    [{ text: label, paint: paint.dim }, { text: names }, { text: `${number}${what}${time}` }],
    columns,
    symbols.ellipsis,
  );
}
