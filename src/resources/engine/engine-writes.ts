import type { Change } from '../../core/change.ts';
import type { Blocked, Diff } from '../resource.ts';
import type { EnginePropertiesFound } from './engine-found.ts';
import { hostedNote } from './engine-hosted.ts';
import { isLeftBehind, leftLockChange, lockHolder, lockMeaning } from './engine-lock.ts';
import { diffRestart } from './engine-restart.ts';

/**
 * What an engine needs for the values to be written: what was left behind goes, then the writes, then the restart or
 * the wait. Where something speaks against writing, no value is written at all.
 *
 * @param startsEngine the same play starts an engine that is stopped, before this.
 */
export function diffWrites(
  sets: readonly Change[],
  found: EnginePropertiesFound,
  startsEngine: boolean,
): Diff {
  const obstacle = sets.length > 0 ? obstacleToWriting(found, startsEngine) : undefined;
  const writes = obstacle === undefined ? sets : [];
  const engine = diffRestart(writes, found, startsEngine);
  const note = engine.changes.some(({ action }) => action === 'restart')
    ? hostedNote(found.hosted)
    : undefined;
  const { lock } = found;
  return {
    changes: [...(lock && isLeftBehind(lock) ? [leftLockChange(lock)] : []), ...writes, ...engine.changes],
    blocked: [
      ...(obstacle === undefined ? [] : sets.map(change => ({ change, ...obstacle }))),
      ...engine.blocked,
    ],
    notes: [
      ...(lock && !isLeftBehind(lock)
        ? [`The engine is locked by ${lockHolder(lock)}: ${lockMeaning(lock)}`]
        : []),
      ...(note === undefined ? [] : [note]),
    ],
  };
}

function obstacleToWriting(
  { unit, charmap }: EnginePropertiesFound,
  startsEngine: boolean,
): Pick<Blocked, 'message' | 'hint'> | undefined {
  if (unit.state !== 'active' && !startsEngine) {
    return {
      message: `ovirt-engine is ${unit.state}, and a change of properties does not start it`,
      hint: 'Start it (`service: {name: ovirt-engine, state: started}` in the play), then run again.',
    };
  }
  if (charmap !== 'UTF-8') {
    return {
      message: 'The host has no locale C.UTF-8; without it engine-config destroys text that is not ASCII',
      hint: 'Install it: the package glibc-common or glibc-langpack-en brings it.',
    };
  }
  return undefined;
}
