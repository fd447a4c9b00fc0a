import type { Change } from '../../core/change.ts';
import type { Diff } from '../resource.ts';
import { type EnginePropertiesFound, isHealthy, storedAt } from './engine-found.ts';
import { isLeftBehind } from './engine-lock.ts';
import { digest, rewrittenRows } from './engine-marker.ts';
import { MARKER_FILE } from './engine-shell.ts';

/**
 * Whether ovirt-engine has to be restarted, or only waited for, once `writes` are made.
 *
 * A restart is needed when, after the writes, some value differs from the one that the running engine has read: that is
 * the marker's where the marker is of this very start, else the one found. So a write that an interrupted run made and
 * this one takes back needs none.
 *
 * A marker outlives its restart when a run is killed before the engine was seen healthy. The next run asks for the
 * health, and waits if it must. If the engine is healthy, or the marker's values were never changed, the marker has
 * served: it is cleared away.
 *
 * @param startsEngine the same play starts an engine that is stopped, before this.
 */
export function diffRestart(
  writes: readonly Change[],
  found: EnginePropertiesFound,
  startsEngine: boolean,
): Pick<Diff, 'changes' | 'blocked'> {
  const { marker, unit, health } = found;
  const isOfThisStart = marker !== null && marker.start === unit.start;
  const rewritten = marker === null ? [] : rewrittenRows(marker, row => storedAt(found, row));
  const loaded = (row: string) =>
    (isOfThisStart ? marker.digests[row] : undefined) ?? digest(storedAt(found, row) ?? '');
  const writtenRows = writes.map(({ id }) => id);
  const leftOver = isOfThisStart ? rewritten.filter(row => !writtenRows.includes(row)) : [];
  const runs = RUNNING.includes(unit.state);
  const needed = (change: Change) => (runs || startsEngine ? due(change) : stopped(change, unit.state));
  if (
    (leftOver.length > 0 && (runs || !startsEngine)) ||
    writes.some(({ id, after }) => digest(after ?? '') !== loaded(id)) ||
    (writes.length > 0 && !runs)
  ) {
    const before =
      writes.length > 0
        ? 'runs with the old properties'
        : 'still runs with the properties from before an interrupted run';
    return needed(change('restart', before, 'restarted and healthy'));
  }
  const isUnconfirmed = marker !== null && !isOfThisStart && rewritten.length > 0;
  if ((isUnconfirmed && (health === null || !isHealthy(health))) || leftOver.length > 0) {
    const answer = health === null || health.status === '000' ? 'no answer' : `HTTP ${health.status}`;
    return needed(change('wait-healthy', `restarted, but not healthy: ${answer}`, 'healthy'));
  }
  return marker !== null && writes.length === 0 && isNobodys(found) ? due(SERVED) : due();
}

function change(action: string, before: string, after: string): Change {
  return { resource: 'engine-properties', id: 'ovirt-engine', action, before, after };
}

const SERVED: Change = {
  resource: 'unfinished-file',
  id: MARKER_FILE,
  action: 'remove',
  before: 'left by a run that was cut off; no restart is due',
  after: null,
};

/** A marker may also be that of a run which is just at work. */
function isNobodys({ lock }: EnginePropertiesFound): boolean {
  return lock === null || isLeftBehind(lock);
}

/** On its way up counts as running, and on its way down too: a restart that was cut off goes on by itself. */
const RUNNING = ['active', 'activating', 'deactivating', 'reloading'];

function due(...changes: readonly Change[]): Pick<Diff, 'changes' | 'blocked'> {
  return { changes, blocked: [] };
}

function stopped(change: Change, state: string): Pick<Diff, 'changes' | 'blocked'> {
  const message = `ovirt-engine is ${state}, after an interrupted run has changed its properties`;
  const hint =
    'See `journalctl -u ovirt-engine` for the reason, start it with `systemctl start ovirt-engine`, and run again.';
  return { changes: [], blocked: [{ change, message, hint }] };
}
