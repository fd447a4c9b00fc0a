import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import type { PlanLine } from '../../report/vm/vm-lines.ts';
import { canAsk } from '../terminal/questions.ts';
import { changeVm } from './change-vm.ts';
import { readVmDefinitions } from './definitions.ts';
import { findVms } from './find-vms.ts';
import { lostAtShutdown } from './restart-rules.ts';
import { runVms, untouched, type VmRun } from './run-vms.ts';
import { isWanted, tellRun, VMS } from './tell-run.ts';
import { againLine, startLine, type Typed } from './vm-again.ts';
import { VM_TIMEOUT, type VmSetOptions } from './vm-options.ts';
import { isDue, planVm, refuseFaults, type VmPlan } from './vm-plan.ts';
import { changesOf, restartOf, type VmResult } from './vm-result.ts';
import { readSetWords, refuseUnclear, type SetWords } from './vm-words.ts';
import { type Interrupts, VMS_FINISH, withEngine } from './with-engine.ts';

/**
 * The command `vm set`: the custom properties of VMs, each VM's whole list read, merged and written back.
 *
 * @param typed the options that stand on the command line itself, for the next command to type.
 * @returns the exit code.
 * @throws {InputError} for words that mean nothing, and for what the engine would refuse: no VM is changed then.
 */
export async function setVms(words: readonly string[], options: VmSetOptions, typed: Typed): Promise<number> {
  const said = readSetWords(words, options.unset ?? []);
  refuseUnclear('vm set', said, options.search, options.restart ?? false);
  if (options.restart && !options.yes && !options.check && !canAsk(options)) {
    throw new InputError([
      {
        message: 'vm set --restart asks before it shuts VMs down, and nobody can answer here',
        hint: 'Look at it with --check, then give --yes.',
      },
    ]);
  }
  return withEngine(
    'vm set',
    options,
    async (api, interrupts) => {
      const run = await work(api, said, options, interrupts, label => startLine(label, typed));
      return report(run, options, again => againLine(again, said, typed));
    },
    VMS_FINISH,
  );
}

async function work(
  api: EngineApi,
  { patterns, wishes }: SetWords,
  options: VmSetOptions,
  interrupts: Interrupts,
  startCommand: (label: string) => string,
): Promise<VmRun> {
  const restart = options.restart ?? false;
  const vms = await findVms(api, { patterns, search: options.search });
  const plans = vms.map(vm => planVm(vm, { wishes, restart }));
  if (plans.some(({ differences }) => differences.length > 0)) {
    refuseFaults(plans, wishes, await readVmDefinitions(api));
  }
  const due = plans.filter(isDue);
  const asked = { due: due.length, lines: plans.filter(needsSaying).map(lineOf), question: question(due) };
  const agreed = await isWanted(asked, options, interrupts.stop);
  const run = await runVms(
    'vm set',
    agreed ? due.map(({ vm }) => vm) : [],
    { serial: options.serial ?? 1, stop: interrupts.stop },
    vm =>
      changeVm(api, vm, {
        wishes,
        restart,
        timeoutSeconds: options.vmTimeout ?? VM_TIMEOUT,
        abort: interrupts.abort,
        startLine: startCommand,
        say: (label, what) => tell(options, `${label}: ${what}`),
      }),
  );
  const all = plans.map(plan => [plan.vm.label, run.hosts.get(plan.vm.label) ?? asFound(plan)] as const);
  return { ...run, hosts: new Map(all) };
}

/** A VM to which nothing is to be done, or nothing is done. */
function asFound(plan: VmPlan): VmResult {
  if (plan.leftOut !== undefined) {
    return untouched(plan.vm, 'skipped', { kind: 'left-out', message: `Left out: ${plan.leftOut}` });
  }
  return {
    ...untouched(plan.vm, isDue(plan) ? 'drifted' : 'ok', null),
    changes: [
      ...changesOf('vm-property', plan.differences),
      ...(plan.restart ? [restartOf(plan.vm.label)] : []),
    ],
    notes: notesOf(plan),
    pending: plan.pending && !plan.restart,
  };
}

function report(run: VmRun, options: VmSetOptions, again: (labels: readonly string[]) => string): number {
  const code = tellRun(run, VMS, options);
  const pending = [...run.hosts]
    .filter(([, one]) => one.pending && one.notes.length === 0)
    .map(([label]) => label);
  if (pending.length > 0 && !options.restart && !options.check && !options.json) {
    process.stderr.write(
      `What waits comes with a shutdown and a start by the engine, and not with a reboot from within the guest:\n  ${printable(again(pending))}\n`,
    );
  }
  return code;
}

function needsSaying(plan: VmPlan): boolean {
  return isDue(plan) || plan.leftOut !== undefined || plan.noRestart !== undefined;
}

function lineOf(plan: VmPlan): PlanLine {
  const { vm, differences, leftOut } = plan;
  return {
    label: vm.label,
    changes: changesOf('vm-property', differences),
    notes: [
      ...(leftOut === undefined ? [] : [`left out: ${leftOut}`]),
      ...(plan.restart ? ['is shut down and started'] : []),
      ...notesOf(plan),
      ...(plan.pending && !plan.restart ? ['waits for its next start'] : []),
    ],
  };
}

function notesOf({ vm, noRestart, othersWait, restart }: VmPlan): string[] {
  return [
    ...(noRestart === undefined ? [] : [`not restarted: ${noRestart}`]),
    ...(restart ? lostAtShutdown(vm.now).map(what => `loses ${what}`) : []),
    ...(restart && othersWait ? ['what else waits for its next start comes with it'] : []),
  ];
}

function question(due: readonly VmPlan[]): string {
  const restarts = due.filter(({ restart }) => restart).length;
  const what = due.length === 1 ? 'Change this VM' : `Change these ${due.length} VMs`;
  return restarts === 0 ? `${what}?` : `${what}, and shut ${restarts} of them down and start them again?`;
}

function tell({ json, quiet }: VmSetOptions, line: string): void {
  if (!json && !quiet) {
    process.stderr.write(`${printable(line)}\n`);
  }
}
