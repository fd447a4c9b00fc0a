import { isPredefined } from '../../catalog/predefined.ts';
import type { Change } from '../../core/change.ts';
import type { Blocked, Diff } from '../resource.ts';
import { type EnginePropertiesFound, rowId, storedAt } from './engine-found.ts';
import { wishesFor } from './engine-plan.ts';
import type { EnginePropertiesWanted, Property } from './engine-properties.ts';
import { ENGINE_KEYS, type EngineKey } from './engine-shell.ts';
import { diffWrites } from './engine-writes.ts';

/** What is still needed for the wanted properties: writes, then the restart or the wait that they need. */
export function diffEngine(wanted: EnginePropertiesWanted, found: EnginePropertiesFound): Diff {
  const engineLevels = levelsOf(found);
  const levels = wanted.levels === 'all' ? engineLevels : wanted.levels;
  const rows = ENGINE_KEYS.flatMap(key =>
    levels.filter(level => engineLevels.includes(level)).map(level => diffRow(key, level, wanted, found)),
  );
  const diff = diffWrites(
    rows.flatMap(row => row.changes),
    found,
    wanted.startsEngine,
  );
  return {
    changes: diff.changes,
    blocked: [
      ...levels.filter(level => !engineLevels.includes(level)).map(level => noSuchLevel(level, engineLevels)),
      ...rows.flatMap(row => row.blocked),
      ...diff.blocked,
    ],
    notes: [...predefinedNotes(wanted, levels), ...diff.notes],
  };
}

/** The cluster levels of an engine, in order. */
export function levelsOf({ values }: EnginePropertiesFound): readonly string[] {
  const levels = new Set(Object.values(values).flatMap(rows => Object.keys(rows)));
  return [...levels].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function diffRow(
  key: EngineKey,
  level: string,
  wanted: EnginePropertiesWanted,
  found: EnginePropertiesFound,
): Pick<Diff, 'changes' | 'blocked'> {
  const wishes = wishesFor(key, wanted, property => !isLeftToEngine(key, property, level));
  const stored = storedAt(found, rowId(key, level));
  const change = (after: string): Change => ({
    resource: 'engine-properties',
    id: rowId(key, level),
    action: 'set',
    before: stored ?? null,
    after,
  });
  if (wishes.isEmpty) {
    return { changes: [], blocked: [] };
  }
  if (stored === undefined) {
    return { changes: [], blocked: [noSuchRow(change(wishes.alone), key)] };
  }
  const plan = wishes.plan(stored);
  return {
    changes: plan.kind === 'set' ? [change(plan.after)] : [],
    blocked:
      plan.kind === 'block' ? [{ change: change(plan.after), message: plan.message, hint: plan.hint }] : [],
  };
}

function noSuchRow(change: Change, key: EngineKey): Blocked {
  return {
    change,
    message: `The engine has this cluster level, but no ${key} for it`,
    hint: 'engine-config changes rows and never makes one; engine-setup does, so run it to its end.',
  };
}

function noSuchLevel(level: string, engineLevels: readonly string[]): Blocked {
  return {
    change: {
      resource: 'engine-properties',
      id: `cluster level ${level}`,
      action: 'set',
      before: null,
      after: level,
    },
    message: `This engine has no cluster level ${level}`,
    hint: `It has ${engineLevels.join(', ')}: correct cluster_levels, or leave it out to mean all of them.`,
  };
}

/** A definition of a predefined name would override the engine's own; only the user may decide so, never a hook. */
function isLeftToEngine(key: EngineKey, property: Property, level: string): boolean {
  return (
    key === 'UserDefinedVMProperties' && property.origin !== 'playbook' && isPredefined(property.name, level)
  );
}

function predefinedNotes({ vm }: EnginePropertiesWanted, levels: readonly string[]): readonly string[] {
  return vm.flatMap(property => {
    const at = levels.filter(level => isLeftToEngine('UserDefinedVMProperties', property, level));
    return at.length === 0
      ? []
      : [
          `${property.name} (${property.origin}) is predefined by the engine at ${at.join(', ')}, and left to it`,
        ];
  });
}
