import { idOf } from './ids.ts';
import type { LoadedOptions } from './options.ts';
import { listOf, refusal } from './properties.ts';
import { ACCEPTED, actionFault, type Call, fault, type Reply, type Route } from './route.ts';
import { type Configuration, searched, type VmState, type VmWish, vmJson } from './vm-answers.ts';

export interface VmsWish {
  readonly vms: readonly VmWish[];
  /** Levels of clusters by name; 4.7 by default. */
  readonly levels?: Readonly<Record<string, string>>;
  /** The definitions that the engine judges by, asked at every change; without it, it takes everything. */
  readonly loaded?: () => LoadedOptions | Promise<LoadedOptions>;
  /** How long each status on the way up or down lasts; 150 by default. */
  readonly stepMs?: number;
}

export interface StandInVms {
  readonly routes: readonly Route[];
  /** By name; the first one of that name. */
  vm(name: string): VmState;
}

/** `/vms`, `/vms/ID` with `next_run`, `start` and `shutdown`: properties, the next run, and a life cycle that takes its time. */
export function openVms({ vms, levels = {}, loaded, stepMs = 150 }: VmsWish): StandInVms {
  const states = vms.map(
    (wish): VmState => ({
      wish,
      id: wish.id ?? idOf('vm', wish.name),
      running: { properties: wish.properties ?? {}, memory: 1024 },
      nextRun: undefined,
      ahead: [],
      status: wish.status ?? 'up',
      asked: { start: 0, shutdown: 0 },
    }),
  );
  const levelOf = ({ wish }: VmState) => wish.ownLevel ?? levels[wish.cluster ?? 'Default'] ?? '4.7';
  const withVm = (call: Call, answer: (vm: VmState) => Reply | Promise<Reply>) => {
    const vm = states.find(({ id }) => id === call.params.id);
    if (vm === undefined) {
      return { status: 404 };
    }
    settle(vm);
    return answer(vm);
  };
  const at = (action: string) => new RegExp(`^/vms/(?<id>[^/]+)${action}$`);
  const routes: Route[] = [
    {
      method: 'GET',
      path: /^\/vms$/,
      answer: call => {
        states.forEach(settle);
        return searched(states, call);
      },
    },
    {
      method: 'GET',
      path: at(''),
      answer: call =>
        withVm(call, vm => {
          const next = call.matrix.has('next_run') || call.query.has('next_run');
          return { json: vmJson(vm, next ? (vm.nextRun ?? vm.running) : vm.running, call) };
        }),
    },
    {
      method: 'PUT',
      path: at(''),
      answer: call =>
        withVm(call, async vm => {
          if (/hosted_engine$/.test(vm.wish.origin ?? '')) {
            return fault(409, 'Cannot edit VM. The hosted engine VM has no next run.');
          }
          const properties = listOf(call.body);
          const level = levelOf(vm);
          const wrong = loaded === undefined ? undefined : refusal(properties, await loaded(), level);
          if (wrong !== undefined) {
            return fault(400, wrong);
          }
          // As BackendVmResource.java does it: without next_run from what runs, so that what waited already is lost.
          const base = call.matrix.has('next_run') ? (vm.nextRun ?? vm.running) : vm.running;
          const changed = { ...base, properties: Object.fromEntries(properties) };
          if (vm.status === 'down') {
            vm.running = changed;
          } else {
            vm.nextRun = same(changed, vm.running) ? undefined : changed;
          }
          const reply = { json: vmJson(vm, changed, call) };
          vm.afterPut?.();
          return reply;
        }),
    },
    {
      method: 'POST',
      path: at('/shutdown'),
      answer: call =>
        withVm(call, vm => {
          vm.asked.shutdown += 1;
          if (vm.status !== 'up') {
            return actionFault(409, 'Cannot shutdown VM. VM is not running.');
          }
          const ends = vm.wish.conduct === 'ignores shutdown' ? 'up' : 'down';
          vm.ahead = steps(stepMs, ['powering_down', ends, ...(ends === 'down' ? ['next run taken'] : [])]);
          return ACCEPTED;
        }),
    },
    {
      method: 'POST',
      path: at('/start'),
      answer: call =>
        withVm(call, vm => {
          vm.asked.start += 1;
          if (vm.status !== 'down') {
            return actionFault(409, 'Cannot run VM. VM is running.');
          }
          if (vm.ahead.length > 0) {
            return actionFault(
              409,
              'Cannot run VM. Related operation is currently in progress. Please try again later.',
            );
          }
          const { conduct } = vm.wish;
          vm.status = 'wait_for_launch';
          vm.ahead = steps(stepMs, [
            ...(conduct === 'falls down again' ? ['down'] : ['powering_up']),
            ...(conduct === undefined ? ['up'] : []),
          ]);
          return ACCEPTED;
        }),
    },
  ];
  return {
    routes,
    vm(name) {
      const found = states.find(({ wish }) => wish.name === name);
      if (found === undefined) {
        throw new Error(`no VM ${name}`);
      }
      settle(found);
      return found;
    },
  };
}

function steps(stepMs: number, statuses: readonly string[]) {
  return statuses.map((status, index) => ({ at: performance.now() + (index + 1) * stepMs, status }));
}

/** Brings a VM to where it is by now. */
function settle(vm: VmState): void {
  const now = performance.now();
  for (const { status } of vm.ahead.filter(({ at }) => at <= now)) {
    if (status === 'next run taken') {
      vm.running = vm.nextRun ?? vm.running;
      vm.nextRun = undefined;
    } else {
      vm.status = status;
    }
  }
  vm.ahead = vm.ahead.filter(({ at }) => at > now);
}

function same(a: Configuration, b: Configuration): boolean {
  const sorted = ({ properties, memory }: Configuration) =>
    JSON.stringify([Object.entries(properties).toSorted(), memory]);
  return sorted(a) === sorted(b);
}
