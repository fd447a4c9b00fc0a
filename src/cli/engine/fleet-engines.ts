import { BUILT_IN, type Catalog, type Hook } from '../../catalog/hooks.ts';
import type { EngineValues } from '../../core/engine-values.ts';
import type { HostResult, RunResult } from '../../core/host-result.ts';
import type { FleetEngine, FleetProperty, PropertyCell } from '../../report/fleet-engines.ts';
import { engineRows } from './engine-rows.ts';

/** The engines of a run with their custom properties, level by level, and what of them differs or was changed. */
export function fleetEngines({ hosts }: RunResult, { hooks }: Catalog = BUILT_IN): FleetEngine[] {
  return [...hosts].flatMap(([name, result]) =>
    result.engine === undefined ? [] : [fleetEngine(name, result, result.engine, hooks)],
  );
}

function fleetEngine(
  host: string,
  result: HostResult,
  found: EngineValues,
  known: readonly Hook[],
): FleetEngine {
  const drifted = result.outcome === 'drifted';
  const other = drifted ? wantedOf(found, result) : { ...found, ...result.engineBefore?.values };
  const levels = [...new Set([found, other].flatMap(values => Object.values(values).flatMap(Object.keys)))];
  const sorted = levels.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const [now, then] = [engineRows(found, known), engineRows(other, known)];
  const properties = new Map<string, Omit<FleetProperty, 'cells'>>();
  for (const { name, where, hooks } of [...now.rows, ...then.rows]) {
    properties.set(JSON.stringify([where, name]), { name, where, hooks });
  }
  const cellOf = (where: string, name: string, level: string): PropertyCell => {
    const at = ({ rows }: typeof now) =>
      rows.find(row => row.where === where && row.name === name && row.levels.includes(level))?.regex ?? null;
    return propertyCell(at(now), at(then), drifted);
  };
  return {
    host,
    levels: sorted,
    properties: [...properties.values()]
      .toSorted((a, b) => a.where.localeCompare(b.where, 'en') || a.name.localeCompare(b.name, 'en'))
      .map(one => ({ ...one, cells: sorted.map(level => cellOf(one.where, one.name, level)) })),
    unreadable: now.unreadable.map(({ key, level }) => `${key} ${level}`),
  };
}

/** What a check would have: the values found, with those of its changes. */
function wantedOf(found: EngineValues, { changes }: HostResult): EngineValues {
  const wanted = new Map(Object.entries(found).map(([key, levels]) => [key, { ...levels }]));
  for (const { resource, action, id, after } of changes) {
    const [key = '', level = ''] = id.split(' ');
    const levels = wanted.get(key);
    if (resource === 'engine-properties' && action === 'set' && levels && after !== null) {
      levels[level] = after;
    }
  }
  return Object.fromEntries(wanted);
}

function propertyCell(found: string | null, other: string | null, drifted: boolean): PropertyCell {
  if (found === other) {
    return { state: found === null ? 'none' : 'ok', found, other };
  }
  if (!drifted) {
    return { state: 'changed', found, other };
  }
  return { state: found === null ? 'missing' : other === null ? 'extra' : 'differs', found, other };
}
