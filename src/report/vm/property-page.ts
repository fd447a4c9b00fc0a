import { printable } from '../../core/printable.ts';
import { type Cell, headings, type Look, table, wrap } from '../catalog/catalog-layout.ts';

/** The custom properties of one VM or vNIC profile. */
export interface PropertyPage {
  readonly label: string;
  /** What stands beside its name: status, cluster, level … */
  readonly facts: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    /** Null where there is none now. */
    readonly value: string | null;
    /** What it will be after the next start; the same, where nothing waits. */
    readonly next: string | null;
    readonly hooks: readonly string[];
    /** Undefined where the level defines no such property, null where the definitions are not known. */
    readonly regex: string | null | undefined;
  }[];
  readonly notes: readonly string[];
}

/** As a table, a line a property; a column for the next start only where something waits for that. */
export function propertyPage({ label, facts, rows, notes }: PropertyPage, look: Look): string {
  const { paint, width } = look;
  const waits = rows.some(({ value, next }) => value !== next);
  const judged = rows.some(({ regex }) => regex !== null);
  const lines = rows.map(({ name, value, next, hooks, regex }): Cell[] => [
    { text: name, paint: paint.bold },
    { text: value ?? '-' },
    ...(waits
      ? [{ text: value === next ? '' : (next ?? '(none)'), paint: (text: string) => paint.warning(text) }]
      : []),
    { text: hooks.length === 0 ? '-' : hooks.join(', ') },
    ...(judged
      ? [
          regex === undefined
            ? { text: 'not defined', paint: (text: string) => paint.error(text) }
            : { text: regex ?? '' },
        ]
      : []),
  ]);
  const titles = [
    'PROPERTY',
    'VALUE',
    ...(waits ? ['NEXT START'] : []),
    'HOOK',
    ...(judged ? ['EXPRESSION'] : []),
  ];
  return [
    [paint.bold(printable(label)), ...facts.map(printable)].join('  '),
    ...(lines.length === 0 ? ['  no custom properties'] : table([headings(titles, paint), ...lines], '  ')),
    ...notes.flatMap(note => wrap(note, width, '  note: ')),
  ].join('\n');
}
