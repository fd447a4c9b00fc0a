import type { NewPoint } from './new-point.ts';
import { linesOf, type Splice } from './splice.ts';

/**
 * Names a hook point in vdsmd.8.in: in the list of all, in that of the device events, or among those that have no
 * domain XML.
 *
 * @returns undefined where the page has no such list.
 */
export function manualPage(text: string, point: NewPoint): readonly Splice[] | undefined {
  const lines = linesOf(text);
  const all = listed(lines, /hooks have self-explanatory names:$/, point.event);
  const second =
    point.input === 'device'
      ? listed(lines, /^The environment of hooks specific to devices:$/, point.event)
      : point.input === 'domain'
        ? []
        : excepted(lines, point.event);
  return all && second && [...all, ...second];
}

/** Lists end with a full stop; the next line is empty. */
function listed(lines: readonly string[], title: RegExp, event: string): Splice[] | undefined {
  const start = lines.findIndex(line => title.test(line));
  const end = lines.findIndex((line, i) => i > start && line.trim() === '');
  const last = lines[end - 1] ?? '';
  if (start === -1 || end === -1 || !last.endsWith('.')) {
    return undefined;
  }
  if (isNamed(lines.slice(start, end), event)) {
    return [];
  }
  return [{ at: end - 1, remove: 1, insert: [`${last.slice(0, -1)},`, `    ${event}.`] }];
}

/** `Each hook script (except …) inherit`, over several lines. */
function excepted(lines: readonly string[], event: string): Splice[] | undefined {
  const start = lines.findIndex(line => line.startsWith('Each hook script (except '));
  const at = lines.findIndex((line, i) => i >= start && line.includes(') inherit'));
  if (start === -1 || at === -1) {
    return undefined;
  }
  if (isNamed(lines.slice(start, at + 1), event)) {
    return [];
  }
  const [names = '', rest = ''] = (lines[at] ?? '').split(') inherit');
  return [{ at, remove: 1, insert: [`${names},`, `${event}) inherit${rest}`] }];
}

function isNamed(lines: readonly string[], event: string): boolean {
  return lines.some(line => new RegExp(`\\b${event}\\b`).test(line));
}
