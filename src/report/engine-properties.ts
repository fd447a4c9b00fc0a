import { type Cell, headings, type Look, table, wrap } from './catalog/catalog-layout.ts';

/** The custom properties of one engine. */
export interface EnginePage {
  readonly name: string;
  /** The cluster levels that the engine has. */
  readonly levels: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly where: string;
    readonly regex: string;
    readonly levels: readonly string[];
    readonly hooks: readonly string[];
  }[];
  readonly unreadable: readonly { readonly key: string; readonly level: string; readonly value: string }[];
  /** What a person should know besides. */
  readonly notes: readonly string[];
}

/** The properties of an engine as a table: name, where, cluster levels, the catalogue's hooks that read it, expression. */
export function enginePage({ name, levels, rows, unreadable, notes }: EnginePage, look: Look): string {
  const { paint, width } = look;
  const lines: Cell[][] = rows.map(row => [
    { text: row.name, paint: paint.bold },
    { text: row.where },
    { text: row.levels.length === levels.length ? 'all levels' : row.levels.join(' ') },
    { text: row.hooks.length === 0 ? '-' : row.hooks.join(', ') },
    { text: oneLine(row.regex) },
  ]);
  return [
    `${paint.bold(name)}  cluster levels ${levels.join(' ')}`,
    ...(lines.length === 0
      ? ['  no custom properties']
      : table([headings(['PROPERTY', 'OF', 'LEVELS', 'HOOK', 'EXPRESSION'], paint), ...lines], '  ')),
    ...unreadable.flatMap(({ key, level, value }) => [
      paint.error(`  ${key} at ${level} cannot be read as the engine reads it:`),
      ...table([[{ text: oneLine(value) }]], '    '),
    ]),
    ...notes.flatMap(note => wrap(note, width, '  note: ')),
  ].join('\n');
}

/** A saved state of an engine, as a line of its history. */
export interface HistoryLine {
  readonly run: string;
  readonly holder: string;
  /** What the run changed: `KEY LEVEL` each. */
  readonly changed: readonly string[];
}

/** The runs that changed an engine, the newest first. */
export function historyPage(name: string, runs: readonly HistoryLine[], { paint }: Look): string {
  const lines: Cell[][] = runs.map(({ run, holder, changed }) => [
    { text: run, paint: paint.bold },
    { text: holder },
    { text: changed.length === 0 ? 'nothing' : fold(changed) },
  ]);
  return [
    paint.bold(name),
    ...(lines.length === 0
      ? ['  no run has changed it']
      : table([headings(['RUN', 'BY', 'CHANGED'], paint), ...lines], '  ')),
  ].join('\n');
}

/** `UserDefinedVMProperties 4.7 4.8, CustomDeviceProperties 4.8`. */
function fold(rows: readonly string[]): string {
  const levels = new Map<string, string[]>();
  for (const row of rows) {
    const [key = '', level = ''] = row.split(' ');
    levels.set(key, [...(levels.get(key) ?? []), level]);
  }
  return [...levels].map(([key, at]) => `${key} ${at.join(' ')}`).join(', ');
}

/** The lock of an engine. */
export interface LockLine {
  readonly name: string;
  /** Undefined for a lock that is free. */
  readonly held?: { readonly by: string; readonly meaning: string; readonly left: boolean };
}

/** Engines with their locks, one a line. */
export function lockTable(locks: readonly LockLine[], { paint }: Look): string {
  return table(
    locks.map(({ name, held }): Cell[] => [
      { text: name, paint: paint.bold },
      held === undefined
        ? { text: 'free' }
        : { text: held.left ? 'left behind' : 'locked', paint: paint.warning },
      ...(held === undefined ? [] : [{ text: `by ${held.by}: ${held.meaning}` }]),
    ]),
  ).join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
