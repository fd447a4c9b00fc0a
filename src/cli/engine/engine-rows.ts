import { engineProperties } from '../../catalog/hook-properties.ts';
import { HOOKS, type Hook } from '../../catalog/hooks.ts';
import type { EngineValues } from '../../core/engine-values.ts';
import { type Definition, type Parsed, parseDevices, parseProperties } from '../../engine/values.ts';

/** A custom property of an engine, at all levels at which it is the same. */
export interface EngineRow {
  readonly name: string;
  /** `vm`, `network`, or `device` and its type. */
  readonly where: string;
  readonly regex: string;
  /** In order. */
  readonly levels: readonly string[];
  /** The hooks of the catalogue that read it. */
  readonly hooks: readonly string[];
}

/** A stored value that cannot be read as the engine reads it. */
export interface UnreadableValue {
  readonly key: string;
  readonly level: string;
  readonly value: string;
}

/** What an engine has, property by property, in the order of names. Of two definitions of one name the last counts. */
export function engineRows(
  values: EngineValues,
  hooks: readonly Hook[] = HOOKS,
): {
  readonly rows: readonly EngineRow[];
  readonly unreadable: readonly UnreadableValue[];
} {
  const rows = new Map<string, { row: Omit<EngineRow, 'levels'>; levels: string[] }>();
  const unreadable: UnreadableValue[] = [];
  for (const [key, byLevel] of Object.entries(values)) {
    for (const level of Object.keys(byLevel).toSorted(byNumber)) {
      const value = byLevel[level] ?? '';
      const read = definitionsOf(key, value);
      if (!read.ok) {
        unreadable.push({ key, level, value });
        continue;
      }
      for (const { where, name, regex } of read.value) {
        const id = JSON.stringify([where, name, regex]);
        const known = rows.get(id) ?? {
          row: { name, where, regex, hooks: hooksOf(where, name, hooks) },
          levels: [],
        };
        known.levels.push(level);
        rows.set(id, known);
      }
    }
  }
  const sorted = [...rows.values()].map(({ row, levels }) => ({ ...row, levels }));
  return { rows: sorted.toSorted(byName), unreadable };
}

function definitionsOf(
  key: string,
  value: string,
): Parsed<readonly (Definition & { readonly where: string })[]> {
  if (key !== 'CustomDeviceProperties') {
    const where = key === 'UserDefinedVMProperties' ? 'vm' : 'network';
    const read = parseProperties(value);
    return read.ok ? { ok: true, value: inForce(read.value).map(one => ({ ...one, where })) } : read;
  }
  const read = parseDevices(value);
  return read.ok
    ? {
        ok: true,
        value: read.value.flatMap(({ type, properties }) =>
          inForce(properties).map(one => ({ ...one, where: `device ${type}` })),
        ),
      }
    : read;
}

function inForce(definitions: readonly Definition[]): Definition[] {
  return [...new Map(definitions.map(one => [one.name, one])).values()];
}

/** The hooks of the catalogue that read a property; `where` is as in a row. */
export function hooksOf(where: string, name: string, hooks: readonly Hook[] = HOOKS): string[] {
  return hooks
    .filter(hook =>
      engineProperties(hook).some(
        property => property.name === name && placeOf(property.key, property.deviceType) === where,
      ),
    )
    .map(hook => hook.name);
}

function placeOf(key: string, deviceType: string | null): string {
  return deviceType === null
    ? key === 'UserDefinedVMProperties'
      ? 'vm'
      : 'network'
    : `device ${deviceType}`;
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function byName(a: EngineRow, b: EngineRow): number {
  return (
    a.name.localeCompare(b.name, 'en') ||
    a.where.localeCompare(b.where, 'en') ||
    byNumber(a.levels[0] ?? '', b.levels[0] ?? '')
  );
}
