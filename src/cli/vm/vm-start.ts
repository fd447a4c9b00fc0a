import { HostError } from '../../core/failure.ts';
import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { startUp, waitUntilUp } from '../../engine/client/vm-cycle.ts';
import { getVm } from '../../engine/client/vms.ts';
import { type FoundVm, findVms } from './find-vms.ts';
import { runVms, untouched } from './run-vms.ts';
import { tellRun, VMS } from './tell-run.ts';
import { VM_TIMEOUT, type VmSetOptions } from './vm-options.ts';
import type { VmResult } from './vm-result.ts';
import { type Interrupts, VMS_FINISH, withEngine } from './with-engine.ts';

/**
 * The command `vm start`: brings VMs up that are down, as a restart does that was left in the middle.
 *
 * @returns the exit code.
 * @throws {InputError} where no VM is named, or one is that is not there.
 */
export async function startVms(patterns: readonly string[], options: VmSetOptions): Promise<number> {
  if (patterns.length > 0 === (options.search !== undefined)) {
    throw new InputError([{ message: 'vm start wants the names of VMs, or --search WORDS' }]);
  }
  const work = async (api: EngineApi, { stop, abort }: Interrupts) => {
    const vms = await findVms(api, { patterns, search: options.search });
    const run = await runVms('vm start', vms, { serial: options.serial ?? 1, stop }, vm =>
      start(api, vm, options, abort),
    );
    return tellRun(run, VMS, options);
  };
  return withEngine('vm start', options, work, VMS_FINISH);
}

/** On its way up already: it is only waited for. */
const COMING = ['wait_for_launch', 'powering_up'];

async function start(
  api: EngineApi,
  vm: FoundVm,
  { vmTimeout = VM_TIMEOUT, json, quiet }: VmSetOptions,
  abort: AbortSignal,
): Promise<VmResult> {
  const started = performance.now();
  const say = (what: string) => {
    if (!json && !quiet) {
      process.stderr.write(printable(`${vm.label}: ${what}\n`));
    }
  };
  const options = { timeoutSeconds: vmTimeout, signal: abort, say };
  try {
    const { status } = await getVm(api, vm.id);
    if (status === 'up') {
      return untouched(vm, 'ok', null);
    }
    if (COMING.includes(status)) {
      await waitUntilUp(api, vm.id, options);
      return untouched(vm, 'ok', null);
    }
    if (status !== 'down') {
      return untouched(vm, 'failed', { kind: 'vm-not-down', message: `It is ${status}, not down` });
    }
    await startUp(api, vm.id, options);
  } catch (error) {
    if (abort.aborted) {
      return untouched(vm, 'cancelled', { kind: 'interrupted', message: 'Interrupted while it starts' });
    }
    if (error instanceof HostError) {
      return { ...untouched(vm, error.outcome, null), error: error.failure };
    }
    throw error;
  }
  return {
    ...untouched(vm, 'changed', null),
    changes: [{ resource: 'vm', id: vm.label, action: 'start', before: null, after: null }],
    ms: Math.round(performance.now() - started),
  };
}
