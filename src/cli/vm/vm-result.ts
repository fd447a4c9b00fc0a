import type { Change } from '../../core/change.ts';
import type { HostResult } from '../../core/host-result.ts';
import type { PropertyDifference } from '../../engine/custom-properties.ts';

/** How a VM, or a vNIC profile, ended: as a host does, by the same outcomes. */
export interface VmResult extends HostResult {
  /** The engine's id of it. */
  readonly id: string;
  /** The level whose definitions hold for it; null where the engine does not tell. */
  readonly level: string | null;
  /** Whether what it shall have waits for its next start. */
  readonly pending: boolean;
}

/** Differences as changes of a report. */
export function changesOf(
  resource: 'vm-property' | 'vnic-property',
  differences: readonly PropertyDifference[],
): Change[] {
  return differences.map(({ name, before, after }) => ({
    resource,
    id: name,
    action: after === null ? 'unset' : 'set',
    before,
    after,
  }));
}

/** A VM that was, or is to be, shut down and started. */
export function restartOf(label: string): Change {
  return { resource: 'vm', id: label, action: 'restart', before: null, after: null };
}
