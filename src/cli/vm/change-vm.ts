import type { Change } from '../../core/change.ts';
import { HostError } from '../../core/failure.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { poll, shutDown, startUp } from '../../engine/client/vm-cycle.ts';
import { putVmProperties } from '../../engine/client/vms.ts';
import {
  type CustomProperty,
  differencesOf,
  mergeValues,
  type PropertyWish,
} from '../../engine/custom-properties.ts';
import { type FoundVm, lookAgain } from './find-vms.ts';
import { isPending, lostAtShutdown, noRestart, othersWait } from './restart-rules.ts';
import { changesOf, restartOf, type VmResult } from './vm-result.ts';
import { interruptedAt, type Stage, troubleAt } from './vm-trouble.ts';

export interface ChangeOptions {
  readonly wishes: readonly PropertyWish[];
  /** Shut it down and start it, where what it shall have would wait for that else. */
  readonly restart: boolean;
  readonly timeoutSeconds: number;
  /** Leaves the VM as it is at that moment. */
  readonly abort: AbortSignal;
  /** Hears what is done to which VM. */
  readonly say: (label: string, what: string) => void;
  /** The command that starts a VM which was left down. */
  readonly startLine: (label: string) => string;
}

/** The change of one VM, from the look to the verification; every trouble is told in the result. */
export async function changeVm(api: EngineApi, vm: FoundVm, options: ChangeOptions): Promise<VmResult> {
  const started = performance.now();
  const changes: Change[] = [];
  const state: State = { pending: false, stage: 'as it was', notes: [] };
  let trouble: Pick<VmResult, 'outcome' | 'error'> | undefined;
  try {
    await work(api, vm, options, changes, state);
  } catch (error) {
    const start = options.startLine(vm.label);
    if (options.abort.aborted) {
      trouble = interruptedAt(state.stage, start);
    } else if (error instanceof HostError) {
      trouble = troubleAt(state.stage, error, start);
    } else {
      throw error;
    }
  }
  return {
    outcome: changes.length > 0 ? 'changed' : 'ok',
    error: null,
    ...trouble,
    changes,
    notes: state.notes,
    ms: Math.round(performance.now() - started),
    id: vm.id,
    level: vm.level ?? null,
    pending: state.pending,
  };
}

interface State {
  pending: boolean;
  stage: Stage;
  readonly notes: string[];
}

async function work(
  api: EngineApi,
  vm: FoundVm,
  { wishes, restart, say, abort, timeoutSeconds }: ChangeOptions,
  changes: Change[],
  state: State,
): Promise<void> {
  const found = await lookAgain(api, vm);
  const wanted = mergeValues(found.next.properties, wishes);
  const differences = differencesOf(found.next.properties, wanted);
  let { now } = found;
  if (differences.length > 0) {
    await putVmProperties(api, now, wanted);
    changes.push(...changesOf('vm-property', differences));
    const back = await lookAgain(api, vm);
    refuseOthers(wanted, back.next.properties);
    now = back.now;
  }
  state.pending = isPending(now, wanted, wishes);
  if (!state.pending || !restart) {
    return;
  }
  const obstacle = noRestart({ now });
  if (obstacle !== undefined) {
    state.notes.push(`not restarted: ${obstacle}`);
    return;
  }
  const cycle = (taken: Stage) => ({
    timeoutSeconds,
    signal: abort,
    say: (what: string) => say(vm.label, what),
    taken: () => {
      state.stage = taken;
    },
  });
  state.stage = 'asking';
  const down = await shutDown(api, vm.id, cycle('asked'));
  state.stage = 'down';
  // Only after it is down the engine takes what waits for the next start over.
  const same = (properties: readonly CustomProperty[]) => differencesOf(properties, wanted).length === 0;
  const taken = same(down.properties)
    ? down
    : await poll(api, vm.id, { timeoutSeconds: TAKEN_SECONDS, signal: abort, from: 'down' }, one =>
        same(one.properties),
      );
  await startUp(api, vm.id, cycle('starting'));
  state.stage = 'as it was';
  changes.push(restartOf(vm.label));
  state.notes.push(...lostAtShutdown(found.now).map(what => `${what} is lost`));
  if (othersWait(found, wishes)) {
    state.notes.push('what else waited for its next start has come with it');
  }
  state.pending = false;
  refuseOthers(wanted, (taken ?? down).properties);
}

/** In seconds; it takes the engine a moment. */
const TAKEN_SECONDS = 30;

/** @throws {HostError} where the list is not the one that was sent. */
function refuseOthers(wanted: readonly CustomProperty[], found: readonly CustomProperty[]): void {
  const differences = differencesOf(wanted, found);
  if (differences.length > 0) {
    const what = differences.map(
      ({ name, before, after }) => `${name} is ${valueText(after)}, and ${valueText(before)} was sent`,
    );
    throw new HostError('failed', {
      kind: 'vm-changed-meanwhile',
      step: 'read back',
      message: `Somebody else has changed the properties at the same time: ${what.join('; ')}`,
      hint: 'Agree with them, and run it again.',
    });
  }
}

function valueText(value: string | null): string {
  return value === null ? 'none' : `"${value}"`;
}
