import { HostError } from '../../core/failure.ts';
import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { startUp } from '../../engine/client/vm-cycle.ts';
import { totals } from '../../report/json.ts';
import { resultLines } from '../../report/vm/vm-lines.ts';
import { exitCode } from '../../run/exit-code.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import { type FoundVm, findVms } from './find-vms.ts';
import { runVms, untouched } from './run-vms.ts';
import { VM_TIMEOUT, type VmSetOptions } from './vm-options.ts';
import type { VmResult } from './vm-result.ts';
import { withEngine } from './with-engine.ts';

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
  return withEngine('vm start', options, async (api, { stop, abort }) => {
    const vms = await findVms(api, { patterns, search: options.search });
    const run = await runVms('vm start', vms, { serial: options.serial ?? 1, stop }, vm =>
      start(api, vm, options, abort),
    );
    const code = exitCode(run);
    if (options.json) {
      printDocument('vm start', {
        exitCode: code,
        totals: totals(run),
        stopped: run.stopped,
        vms: Object.fromEntries(run.hosts),
      });
    } else {
      const results = [...run.hosts].map(([label, result]) => ({ label, ...result }));
      process.stdout.write(resultLines('VM', results, pageLook()).join('\n').concat('\n'));
    }
    return code;
  });
}

async function start(
  api: EngineApi,
  vm: FoundVm,
  { vmTimeout = VM_TIMEOUT, json, quiet }: VmSetOptions,
  abort: AbortSignal,
): Promise<VmResult> {
  if (vm.now.status === 'up') {
    return untouched(vm, 'ok', null);
  }
  if (vm.now.status !== 'down') {
    return untouched(vm, 'failed', { kind: 'vm-not-down', message: `It is ${vm.now.status}, not down` });
  }
  const started = performance.now();
  const say = (what: string) => {
    if (!json && !quiet) {
      process.stderr.write(printable(`${vm.label}: ${what}\n`));
    }
  };
  try {
    await startUp(api, vm.id, { timeoutSeconds: vmTimeout, signal: abort, say });
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
    pending: false,
    ms: Math.round(performance.now() - started),
  };
}
