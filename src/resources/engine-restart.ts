import type { Change } from '../core/change.ts';
import { type EnginePropertiesFound, isHealthy, storedAt } from './engine-found.ts';
import { digest, rewrittenRows } from './engine-marker.ts';
import type { Diff } from './resource.ts';

/**
 * Whether ovirt-engine has to be restarted, or only waited for, once `writes` are made.
 *
 * A restart is needed when, after the writes, some value differs from the one that the running engine has read: that is
 * the marker's where the marker is of this very start, else the one found. So a write that an interrupted run made and
 * this one takes back needs none.
 *
 * A marker outlives its restart when a run is killed before the engine was seen healthy. The next run asks for the
 * health, and waits if it must. If the engine is healthy, nothing is left to do: the marker of an earlier start can
 * never come true again, so it is no drift, stays, and is replaced by the next write. The same holds for a marker
 * whose values were never changed.
 */
export function diffRestart(
  writes: readonly Change[],
  found: EnginePropertiesFound,
): Pick<Diff, 'changes' | 'blocked'> {
  const { marker, unit, health } = found;
  const isOfThisStart = marker !== null && marker.start === unit.start;
  const rewritten = marker === null ? [] : rewrittenRows(marker, row => storedAt(found, row));
  const loaded = (row: string) =>
    (isOfThisStart ? marker.digests[row] : undefined) ?? digest(storedAt(found, row) ?? '');
  const writtenRows = writes.map(({ id }) => id);
  const leftOver = isOfThisStart ? rewritten.filter(row => !writtenRows.includes(row)) : [];
  if (leftOver.length > 0 || writes.some(({ id, after }) => digest(after ?? '') !== loaded(id))) {
    const before =
      writes.length > 0
        ? 'runs with the old properties'
        : 'still runs with the properties from before an interrupted run';
    return unlessStopped(change('restart', before, 'restarted and healthy'), unit.state);
  }
  const isUnconfirmed = marker !== null && !isOfThisStart && rewritten.length > 0;
  if (!isUnconfirmed || (health !== null && isHealthy(health))) {
    return { changes: [], blocked: [] };
  }
  const answer = health === null || health.status === '000' ? 'no answer' : `HTTP ${health.status}`;
  return unlessStopped(
    change('wait-healthy', `restarted, but not healthy: ${answer}`, 'healthy'),
    unit.state,
  );
}

function change(action: string, before: string, after: string): Change {
  return { resource: 'engine-properties', id: 'ovirt-engine', action, before, after };
}

/** On its way up counts as running, and on its way down too: a restart that was cut off goes on by itself. */
const RUNNING = ['active', 'activating', 'deactivating', 'reloading'];

function unlessStopped(needed: Change, state: string): Pick<Diff, 'changes' | 'blocked'> {
  if (RUNNING.includes(state)) {
    return { changes: [needed], blocked: [] };
  }
  const message = `ovirt-engine is ${state}, after an interrupted run has changed its properties`;
  const hint =
    'See `journalctl -u ovirt-engine` for the reason, start it with `systemctl start ovirt-engine`, and run again.';
  return { changes: [], blocked: [{ change: needed, message, hint }] };
}
