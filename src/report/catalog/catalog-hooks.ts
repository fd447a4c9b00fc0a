import { eventsOf } from '../../catalog/hook-events.ts';
import type { Hook } from '../../catalog/hooks.ts';
import type { Paint } from '../paint.ts';
import { type Cell, headings, type Look, table } from './catalog-layout.ts';

// Every line of the whole catalogue fits this, each column at its widest.
const FULL_WIDTH = 100;

/**
 * Hooks as a table for people: name, status, events, what it is about. A `!` behind the status marks a known defect or
 * danger; of several events the first of VDSM's list is named, and how many more there are. Where the width is less
 * than 100 columns, what it is about has a line of its own.
 */
export function hookList(hooks: readonly Hook[], { width, paint }: Look): string {
  const rows = hooks.map(hook => hookRow(hook, paint));
  if (width >= FULL_WIDTH) {
    const titles = headings(['NAME', 'STATUS', 'EVENTS', 'ABOUT'], paint);
    return table([titles, ...rows.map((row, i) => [...row, { text: hooks[i]?.brief ?? '' }])]).join('\n');
  }
  const [titles, ...lines] = table([headings(['NAME', 'STATUS', 'EVENTS'], paint), ...rows]);
  const abouts = table(
    hooks.map(hook => [{ text: hook.brief, paint: paint.dim }]),
    '    ',
  );
  return [titles, ...lines.flatMap((line, i) => [line, abouts[i]])].join('\n');
}

function hookRow(hook: Hook, paint: Paint): Cell[] {
  const [first = '', ...others] = eventsOf(hook);
  return [
    { text: hook.name, paint: paint.bold },
    statusCell(hook, paint),
    { text: others.length === 0 ? first : `${first} +${others.length}` },
  ];
}

function statusCell({ status, broken, danger }: Hook, paint: Paint): Cell {
  if (broken !== undefined) {
    return { text: `${status} !`, paint: paint.error };
  }
  if (danger !== undefined) {
    return { text: `${status} !`, paint: paint.warning };
  }
  return status === 'current' || status === 'site' ? { text: status } : { text: status, paint: paint.dim };
}
