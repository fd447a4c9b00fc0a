import type { Outcome } from '../../core/outcome.ts';
import { type Cell, headings, table } from '../catalog/catalog-layout.ts';
import { duration } from '../duration.ts';
import type { Paint } from '../paint.ts';
import { count, outcomeCounts } from '../words.ts';

/** A run as a line of the list. */
export interface RunLine {
  readonly id: string;
  readonly startedAt: string;
  /** `ann@admin-01`. */
  readonly by: string;
  readonly command: string;
  readonly words: readonly string[];
  readonly state: RunState;
  readonly totals: Readonly<Record<Outcome, number>>;
}

/** How far a run is: `no-end` for one that was killed. */
export type RunState =
  | { readonly kind: 'ended'; readonly ms: number; readonly exitCode: number; readonly previewOnly: boolean }
  | { readonly kind: 'running' }
  | { readonly kind: 'no-end' };

/** The runs of a list, in the order given, a line each. */
export function runsTable(runs: readonly RunLine[], paint: Paint): string {
  const rows = runs.map((run): Cell[] => [
    { text: run.id, paint: paint.bold },
    { text: localTime(run.startedAt) },
    { text: run.by },
    { text: commandText(run.command, run.words) },
    stateCell(run.state, paint),
    { text: totalsText(run.totals) },
  ]);
  return table([headings(['RUN', 'STARTED', 'BY', 'COMMAND', 'TOOK', 'HOSTS'], paint), ...rows]).join('\n');
}

function stateCell(state: RunState, paint: Paint): Cell {
  switch (state.kind) {
    case 'ended':
      return { text: duration(state.ms) };
    case 'running':
      return { text: 'running' };
    case 'no-end':
      return { text: 'did not end', paint: paint.warning };
  }
}

/** `12 hosts: 9 ok, 3 drifted`. */
export function totalsText(totals: Readonly<Record<Outcome, number>>): string {
  const counts = new Map(Object.entries(totals) as [Outcome, number][]);
  const all = [...counts.values()].reduce((sum, number) => sum + number, 0);
  const said = outcomeCounts(counts).map(({ text }) => text);
  return `${count(all, 'host')}: ${said.join(', ')}`;
}

/** What a run was asked to do, without its options; a word that is long is cut short at its beginning. */
export function commandText(command: string, words: readonly string[]): string {
  return [command, ...words.map(shortened)].join(' ');
}

const LONGEST_WORD = 40;

function shortened(word: string): string {
  return word.length <= LONGEST_WORD ? word : `…${word.slice(1 - LONGEST_WORD)}`;
}

/** A moment as the clock on the wall has it: `2026-11-20 13:18:29`. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}
