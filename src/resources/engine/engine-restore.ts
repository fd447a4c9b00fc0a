import type { Change } from '../../core/change.ts';
import type { EngineValues } from '../../core/engine-values.ts';
import type { Blocked, Resource } from '../resource.ts';
import { type EnginePropertiesFound, readEngine, rowId, storedAt } from './engine-found.ts';
import { engineProbe } from './engine-probe.ts';
import { ENGINE_KEYS } from './engine-shell.ts';
import { type EngineWish, engineSteps } from './engine-steps.ts';
import { diffWrites } from './engine-writes.ts';

/** A state that an engine had, to be brought back byte for byte. */
export interface EngineRestoreWanted extends EngineWish {
  readonly values: EngineValues;
}

/**
 * The properties of an engine as its history has them. A level that the engine has got since then is left alone; one
 * that it has no more cannot be brought back.
 */
export const engineRestoreResource: Resource<EngineRestoreWanted, EnginePropertiesFound> = {
  kind: 'engine-properties',

  probe: ({ values, healthUrl }) =>
    engineProbe({ network: values.UserDefinedNetworkCustomProperties !== undefined, healthUrl }),

  read: (reply, { run }) => readEngine(reply, run.id),

  diff({ values }, found) {
    const rows = ENGINE_KEYS.flatMap(key =>
      Object.entries(values[key] ?? {}).map(([level, value]) => ({ key, level, value })),
    );
    const changes: Change[] = [];
    const blocked: Blocked[] = [];
    for (const { key, level, value } of rows) {
      const stored = storedAt(found, rowId(key, level));
      const change: Change = {
        resource: 'engine-properties',
        id: rowId(key, level),
        action: 'set',
        before: stored ?? null,
        after: value,
      };
      const trouble = stored === undefined ? NO_ROW : cannotBeEmptied(key, value) ? NOT_EMPTY : undefined;
      if (stored !== value) {
        if (trouble === undefined) {
          changes.push(change);
        } else {
          blocked.push({ change, ...trouble });
        }
      }
    }
    const diff = diffWrites(changes, found, false);
    const saved = new Set(rows.map(({ level }) => level));
    const later = Object.keys(found.values.UserDefinedVMProperties ?? {}).filter(level => !saved.has(level));
    return {
      changes: diff.changes,
      blocked: [...blocked, ...diff.blocked],
      notes: [
        ...later.map(level => `The engine has got the cluster level ${level} since then; it is left alone`),
        ...diff.notes,
      ],
    };
  },

  apply: engineSteps,
};

const NO_ROW = {
  message: 'The engine has no such value any more, since it has no such cluster level',
  hint: 'It is left out. Nothing can use the properties of a level that the engine does not have.',
};

/** engine: CustomPropertiesValueHelper.java wants one property at least. */
function cannotBeEmptied(key: string, value: string): boolean {
  return key === 'UserDefinedNetworkCustomProperties' && value === '';
}

const NOT_EMPTY = {
  message: 'engine-config cannot empty the network properties',
  hint: 'Those that are there stay; a definition that nothing uses does no harm.',
};
