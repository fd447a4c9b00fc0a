import { InputError } from '../../core/input-error.ts';
import {
  differencesOf,
  mergeValues,
  type PropertyDifference,
  type PropertyWish,
} from '../../engine/custom-properties.ts';
import { checkValues, type Definitions } from '../../engine/property-check.ts';
import { hostsText } from '../../report/words.ts';
import type { FoundVm } from './find-vms.ts';
import { isPending, leftOut, noRestart, othersWait } from './restart-rules.ts';

/** What a command means to do with one VM. */
export interface VmPlan {
  readonly vm: FoundVm;
  readonly differences: readonly PropertyDifference[];
  /** Left out altogether, and why. */
  readonly leftOut: string | undefined;
  /** What it shall have would wait for its next start. */
  readonly pending: boolean;
  /** It is shut down and started. */
  readonly restart: boolean;
  /** Why it is not restarted, though that would be due. */
  readonly noRestart: string | undefined;
  /** Something that nobody wished for here comes with a restart. */
  readonly othersWait: boolean;
}

/** What is to be done about a VM as it was found. */
export function planVm(
  vm: FoundVm,
  { wishes, restart }: { readonly wishes: readonly PropertyWish[]; readonly restart: boolean },
): VmPlan {
  const wanted = mergeValues(vm.next.properties, wishes);
  const differences = differencesOf(vm.next.properties, wanted);
  const left = leftOut(vm);
  const pending = left === undefined && isPending(vm.now, wanted, wishes);
  const obstacle = pending && restart ? noRestart(vm) : undefined;
  return {
    vm,
    differences: left === undefined ? differences : [],
    leftOut: left,
    pending,
    restart: pending && restart && obstacle === undefined,
    noRestart: obstacle,
    othersWait: othersWait(vm, wishes),
  };
}

/** Whether anything is to be done. */
export function isDue({ differences, restart }: VmPlan): boolean {
  return differences.length > 0 || restart;
}

/**
 * Refuses what the engine would refuse, for all VMs that are to be changed, before any of them is.
 *
 * @throws {InputError} each fault once, with the VMs that it is about.
 */
export function refuseFaults(
  plans: readonly VmPlan[],
  wishes: readonly PropertyWish[],
  definitions: Definitions,
): void {
  const faults = new Map<string, { message: string; hint: string; labels: string[] }>();
  for (const { vm, differences } of plans) {
    const list = mergeValues(vm.next.properties, wishes);
    const found =
      differences.length === 0 || vm.level === undefined
        ? []
        : checkValues(list, wishes, vm.level, definitions);
    for (const { message, hint } of found) {
      const known = faults.get(message) ?? { message, hint, labels: [] };
      known.labels.push(vm.label);
      faults.set(message, known);
    }
  }
  if (faults.size > 0) {
    throw new InputError(
      [...faults.values()].map(({ message, hint, labels }) => ({
        message: `${hostsText(labels)}: ${message}`,
        hint,
      })),
    );
  }
}
