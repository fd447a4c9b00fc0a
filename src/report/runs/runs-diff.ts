import type { Change } from '../../core/change.ts';
import { type FactChange, factChanges } from '../../core/facts.ts';
import type { HostResult, RunResult } from '../../core/host-result.ts';
import type { Outcome } from '../../core/outcome.ts';

/** What is otherwise in a later run than in an earlier one. */
export interface RunsDiff {
  /** Hosts that only the later one has. */
  readonly appeared: readonly string[];
  /** Hosts that only the earlier one has. */
  readonly vanished: readonly string[];
  /** Hosts of both with a difference. */
  readonly hosts: ReadonlyMap<string, HostDiff>;
}

export interface HostDiff {
  /** Null where it is the same; a host that was changed came out as one that was ok. */
  readonly outcome: { readonly before: Outcome; readonly after: Outcome } | null;
  /** Drift that the later run found and the earlier one did not. */
  readonly newDrift: readonly Change[];
  /** Drift that the later run did not find any more. */
  readonly goneDrift: readonly Change[];
  readonly facts: readonly FactChange[];
}

/** Compares two runs host by host. Drift is compared where both have seen it: of a host that failed nothing is known. */
export function diffRuns(earlier: RunResult, later: RunResult): RunsDiff {
  const hosts = new Map<string, HostDiff>();
  for (const [name, after] of later.hosts) {
    const before = earlier.hosts.get(name);
    const diff = before === undefined ? undefined : diffHost(before, after);
    if (diff !== undefined) {
      hosts.set(name, diff);
    }
  }
  return {
    appeared: [...later.hosts.keys()].filter(name => !earlier.hosts.has(name)),
    vanished: [...earlier.hosts.keys()].filter(name => !later.hosts.has(name)),
    hosts,
  };
}

/** Whether anything differs at all. */
export function isSame({ appeared, vanished, hosts }: RunsDiff): boolean {
  return appeared.length === 0 && vanished.length === 0 && hosts.size === 0;
}

function diffHost(before: HostResult, after: HostResult): HostDiff | undefined {
  const [stateBefore, stateAfter] = [stateOf(before), stateOf(after)];
  const outcome = stateBefore === stateAfter ? null : { before: before.outcome, after: after.outcome };
  const [driftBefore, driftAfter] = [driftOf(before), driftOf(after)];
  const seen = driftBefore !== undefined && driftAfter !== undefined;
  const newDrift = seen ? without(driftAfter, driftBefore) : [];
  const goneDrift = seen ? without(driftBefore, driftAfter) : [];
  const facts = before.facts && after.facts ? factChanges(before.facts, after.facts) : [];
  return outcome === null && newDrift.length + goneDrift.length + facts.length === 0
    ? undefined
    : { outcome, newDrift, goneDrift, facts };
}

function stateOf({ outcome }: HostResult): Outcome {
  return outcome === 'changed' ? 'ok' : outcome;
}

/** Undefined where the run does not tell: the changes of an apply were made, and are no drift. */
function driftOf({ outcome, changes }: HostResult): readonly Change[] | undefined {
  switch (outcome) {
    case 'drifted':
      return changes;
    case 'ok':
    case 'changed':
      return [];
    default:
      return undefined;
  }
}

function without(changes: readonly Change[], others: readonly Change[]): readonly Change[] {
  const known = new Set(others.map(keyOf));
  return changes.filter(change => !known.has(keyOf(change)));
}

function keyOf({ resource, id, action, before, after }: Change): string {
  return JSON.stringify([resource, id, action, before, after]);
}
