import { idOf } from './ids.ts';
import { type Call, collection, type Reply } from './route.ts';

export interface VmWish {
  readonly name: string;
  /** `up` by default. */
  readonly status?: string;
  /** The name of its cluster; `Default` by default. */
  readonly cluster?: string;
  /** Its own compatibility level. */
  readonly ownLevel?: string;
  readonly origin?: string;
  readonly deleteProtected?: boolean;
  readonly stateless?: boolean;
  readonly runOnce?: boolean;
  /** The name of its pool. */
  readonly pool?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly tag?: string;
  readonly nics?: readonly { readonly name: string; readonly profile: string; readonly plugged?: boolean }[];
  /** What its guest, or a hook on its host, makes of it: by default it goes down and comes up. */
  readonly conduct?: 'ignores shutdown' | 'falls down again' | 'never gets up';
  /** Where two have the same name. */
  readonly id?: string;
}

/** What can be changed of a VM; a second thing beside the properties shows whether a change loses others. */
export interface Configuration {
  properties: Readonly<Record<string, string>>;
  memory: number;
}

/** A VM as it is at the moment. */
export interface VmState {
  readonly wish: VmWish;
  readonly id: string;
  /** What it runs with; where it is down, what it will start with. */
  running: Configuration;
  nextRun: Configuration | undefined;
  /** Statuses that are still to come, and when, by the clock of `performance.now()`. */
  ahead: { readonly at: number; readonly status: string }[];
  status: string;
  /** How often it was asked to. */
  readonly asked: { start: number; shutdown: number };
  /** Called after every change that was accepted: what somebody else does at that moment. */
  afterPut?: () => void;
}

/** The VMs that a search finds, as far as the tests search: several names, or name, tag, status and cluster. */
export function searched(vms: readonly VmState[], call: Call): Reply {
  const search = call.query.get('search') ?? '';
  const names = [...search.matchAll(/name="([^"]*)"/g)].map(([, name]) => name);
  const some = names.length === 0 ? vms : vms.filter(({ wish }) => names.includes(wish.name));
  const query = new URLSearchParams({
    ...Object.fromEntries(call.query),
    search: search.replaceAll(/name="[^"]*"( or )?/g, ''),
  });
  const wishOf = new Map(some.map(vm => [vm.id, vm.wish]));
  return collection(
    'vm',
    some.map(vm => vmJson(vm, vm.running, call)),
    { ...call, query },
    ({ id, name, status }, field, glob) => {
      const { tag, cluster = 'Default' } = wishOf.get(id) ?? {};
      return glob.test({ name, status, tag, cluster }[field] ?? '');
    },
  );
}

/** A VM with one of its configurations, as the engine writes it. */
export function vmJson(vm: VmState, { properties, memory }: Configuration, { query }: Call) {
  const { wish } = vm;
  const [major, minor] = wish.ownLevel?.split('.') ?? [];
  const list = Object.entries(properties).map(([name, value]) => ({ name, value }));
  return {
    id: vm.id,
    name: wish.name,
    status: vm.status,
    memory: String(memory),
    cluster: { id: idOf('cluster', wish.cluster ?? 'Default') },
    origin: wish.origin ?? 'ovirt',
    delete_protected: String(wish.deleteProtected ?? false),
    stateless: String(wish.stateless ?? false),
    run_once: String(wish.runOnce ?? false),
    ...(wish.pool === undefined ? {} : { vm_pool: { id: idOf('pool', wish.pool) } }),
    next_run_configuration_exists: String(vm.nextRun !== undefined),
    ...(major === undefined ? {} : { custom_compatibility_version: { major, minor } }),
    ...(list.length === 0 ? {} : { custom_properties: { custom_property: list } }),
    ...(query.get('follow') === 'nics' && wish.nics !== undefined
      ? {
          nics: {
            nic: wish.nics.map(({ name, profile, plugged = true }) => ({
              name,
              plugged: String(plugged),
              vnic_profile: { id: idOf('vnic profile', profile) },
            })),
          },
        }
      : {}),
  };
}
