import type { Failure } from '../../core/failure.ts';
import type { RunResult } from '../../core/host-result.ts';
import type { VmResult } from './vm-result.ts';

/** All VMs of a command: as a run over hosts, so that outcomes and exit codes are those of a run. */
export interface VmRun extends RunResult {
  readonly hosts: ReadonlyMap<string, VmResult>;
}

/** A VM or a vNIC profile. */
interface One {
  readonly id: string;
  readonly label: string;
  readonly level: string | undefined;
}

/**
 * Takes VMs (or vNIC profiles) some at a time, in their order: the next ones begin when those before have come back. With
 * the first that has not, or with an interrupt, no further one is begun.
 */
export async function runVms<T extends One>(
  command: string,
  all: readonly T[],
  { serial, stop }: { readonly serial: number; readonly stop: AbortSignal },
  change: (one: T) => Promise<VmResult>,
): Promise<VmRun> {
  const hosts = new Map<string, VmResult>();
  let stopped: string | null = null;
  for (let first = 0; first < all.length; first += serial) {
    const some = all.slice(first, first + serial);
    const why = stopped;
    const results = await Promise.all(
      some.map(one => (stop.aborted ? interrupted(one) : why !== null ? notBegun(one, why) : change(one))),
    );
    for (const [index, { label }] of some.entries()) {
      const result = results[index];
      if (result !== undefined) {
        hosts.set(label, result);
      }
    }
    const bad = some.filter(({ label }) =>
      ['failed', 'unreachable'].includes(hosts.get(label)?.outcome ?? ''),
    );
    if (bad.length > 0 && first + serial < all.length) {
      stopped = `${bad.map(({ label }) => label).join(', ')} did not come to its end`;
    }
  }
  return { command, hosts, stopped, interrupted: stop.aborted };
}

function interrupted(one: One): VmResult {
  return untouched(one, 'cancelled', { kind: 'interrupted', message: 'Interrupted before it was begun' });
}

function notBegun(one: One, why: string): VmResult {
  return untouched(one, 'skipped', { kind: 'not-begun', message: `Not begun: ${why}` });
}

/** The result of a VM to which nothing is done. */
export function untouched(
  { id, level }: Omit<One, 'label'>,
  outcome: VmResult['outcome'],
  error: Pick<Failure, 'kind' | 'message'> | null,
): VmResult {
  const rest = { step: 'vm', command: null, exitCode: null, stderr: null, hint: null };
  return {
    outcome,
    changes: [],
    error: error === null ? null : { ...rest, ...error },
    notes: [],
    ms: 0,
    id,
    level: level ?? null,
    pending: false,
  };
}
