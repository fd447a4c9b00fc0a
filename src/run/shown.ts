import type { Change } from '../core/change.ts';
import type { HostResult, RunResult } from '../core/host-result.ts';
import { UNFINISHED_FILE } from '../resources/files/unfinished-files.ts';

/** What the user has seen of the changes to come, over the whole fleet. */
export type Shown = ReadonlySet<string>;

/**
 * What a preview has shown. A change is known again by its kind of resource, by what is done, and by the hook, package,
 * unit or key that it is about: the first word of its id. On which host, in which of a hook's files and from which
 * state does not count, since that may move between the preview and a host's turn.
 */
export function shownBy(preview: RunResult): Shown {
  return new Set([...preview.hosts.values()].flatMap((host: HostResult) => host.changes.map(identity)));
}

/** The changes of a plan that nobody has seen. What a killed run left behind is hookfleet's own, and is not asked about. */
export function notShown(changes: readonly Change[], shown: Shown): readonly Change[] {
  return changes.filter(change => change.resource !== UNFINISHED_FILE && !shown.has(identity(change)));
}

/** The words with which a person would tell of a change: `vdsm-hook diskunmap: downgrade`. */
export function identity({ resource, id, action }: Change): string {
  return `${resource} ${id.split(' ')[0]}: ${action}`;
}
