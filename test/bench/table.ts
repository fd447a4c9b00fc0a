import { DELAY_MS, type Latency } from './latency.ts';
import type { Cost } from './measure.ts';
import type { Memory } from './rss.ts';
import type { ScaleRow } from './scale.ts';

export interface Row {
  readonly name: string;
  readonly cost: Cost;
}

/** One thing to reach, and how far it is. */
export interface Goal {
  readonly text: string;
  readonly reached: boolean;
}

/** The sides as a Markdown table; the factor is the wall time against that of `check`. */
export function sidesTable(rows: readonly Row[], check: Cost, hosts: number): string {
  return markdown(
    ['', 'wall time, s', 'against check', 'client CPU, s', 'CPU a host, ms', 'largest process, MiB'],
    rows.map(({ name, cost }) => [
      name,
      cost.wall.toFixed(2),
      `${(cost.wall / check.wall).toFixed(2)} ×`,
      cost.cpu.toFixed(2),
      ((1000 * cost.cpu) / hosts).toFixed(1),
      cost.rss.toFixed(0),
    ]),
  );
}

export function startsTable(rows: readonly Row[]): string {
  return markdown(
    ['', 'wall time, ms', 'CPU, ms', 'MiB'],
    rows.map(({ name, cost }) => [
      name,
      (1000 * cost.wall).toFixed(0),
      (1000 * cost.cpu).toFixed(0),
      cost.rss.toFixed(0),
    ]),
  );
}

/** What a script costs over a slow link. */
export function latencyTable(rows: readonly Latency[]): string {
  return markdown(
    [`${DELAY_MS} ms each way, round trips from the connect event`, 'to the login', 'to the result'],
    rows.map(({ name, login, result }) => [name, login.toFixed(1), result.toFixed(1)]),
  );
}

/** What runs over fleets of several sizes hold. */
export function memoryTable(rows: readonly Memory[]): string {
  return markdown(
    ['embedded servers, one of 25 dead and one of 25 frozen', 'memory at most, MB'],
    rows.map(({ name, bytes }) => [name, (bytes / 1e6).toFixed(0)]),
  );
}

/** A check beside the bare fan-out, by the number of hosts. */
export function scaleTable(rows: readonly ScaleRow[]): string {
  return markdown(
    [
      'embedded servers',
      'check: wall time, s',
      'CPU, s',
      'CPU a host, ms',
      'MB',
      'floor: wall time, s',
      'CPU, s',
      'MB',
      'CPU, check against floor',
    ],
    rows.map(({ hosts, check, floor }) => [
      String(hosts),
      check.wall.toFixed(2),
      check.cpu.toFixed(2),
      ((1000 * check.cpu) / hosts).toFixed(1),
      (check.rss * 1.048_576).toFixed(0),
      floor.wall.toFixed(2),
      floor.cpu.toFixed(2),
      (floor.rss * 1.048_576).toFixed(0),
      `${(check.cpu / floor.cpu).toFixed(2)} ×`,
    ]),
  );
}

export function goalsTable(goals: readonly Goal[]): string {
  return markdown(
    ['goal', ''],
    goals.map(({ text, reached }) => [text, reached ? 'reached' : '**missed**']),
  );
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

/**
 * Puts a text between the markers of a page, in the place of what stands there.
 * @param what the name that the markers have.
 * @throws when the page has no such markers.
 */
export function putBetweenMarkers(page: string, text: string, what = 'bench'): string {
  const [first, last] = [`<!-- ${what}: begin -->`, `<!-- ${what}: end -->`];
  const [begin, end] = [page.indexOf(first), page.indexOf(last)];
  if (begin === -1 || end < begin) {
    throw new Error(`The page has no ${first} … ${last}`);
  }
  return `${page.slice(0, begin + first.length)}\n\n${text}\n\n${page.slice(end)}`;
}
