import { InputError } from '../../core/input-error.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { type Level, listClusters, listDataCenters } from '../../engine/client/clusters.ts';
import { type EngineVm, getNextRun, getVm, listVms } from '../../engine/client/vms.ts';
import { chooseNamed, uniquePath } from './choose-named.ts';

/** A VM that a command is about. */
export interface FoundVm {
  readonly id: string;
  /** Its name; `DC/NAME` where another data center has one of that name too; its id where that does not tell either. */
  readonly label: string;
  readonly cluster: string | undefined;
  /** As it runs; where it is down, as it will start. */
  readonly now: EngineVm;
  /** As it will start next time: the same, where nothing is pending. */
  readonly next: EngineVm;
  /** Whose definitions hold for its next start; undefined where the engine does not tell. */
  readonly level: Level | undefined;
}

/** Which VMs: names, globs, ids and `DC/NAME`, or a search in the engine's own language. */
export interface VmWish {
  readonly patterns: readonly string[];
  readonly search?: string | undefined;
}

/**
 * The VMs that are wished for, by their labels, each once.
 *
 * @throws {InputError} for a pattern that no VM matches, and for a name that several have. @throws {EngineApiError}
 */
export async function findVms(api: EngineApi, { patterns, search }: VmWish): Promise<readonly FoundVm[]> {
  const [dataCenters, clusters, vms] = await Promise.all([
    listDataCenters(api),
    listClusters(api),
    candidates(api, { patterns, search }),
  ]);
  const placeOf = (vm: EngineVm) => {
    const cluster = clusters.find(({ id }) => id === vm.cluster);
    const dataCenter = dataCenters.find(({ id }) => id === cluster?.dataCenter);
    return { cluster, path: `${dataCenter?.name ?? '-'}/${vm.name}` };
  };
  const all = vms.map(vm => ({ id: vm.id, vm, ...placeOf(vm) }));
  const chosen = search === undefined ? chooseNamed(all, patterns, NAMING) : all;
  if (chosen.length === 0) {
    throw new InputError([{ message: `the search finds no VM: ${search}` }]);
  }
  const shared = new Set(
    all.map(({ vm }) => vm.name).filter((name, index, names) => names.indexOf(name) !== index),
  );
  const found = await Promise.all(
    chosen.map(async (one): Promise<FoundVm> => {
      const { vm, cluster } = one;
      const next = await nextOf(api, vm);
      return {
        id: vm.id,
        label: shared.has(vm.name) ? uniquePath(one, all) : vm.name,
        cluster: cluster?.name,
        now: vm,
        next,
        level: next.ownLevel ?? cluster?.version,
      };
    }),
  );
  return found.toSorted((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
}

const NAMING = { noun: 'VM', which: 'Name the one that is meant with its data center, or by its id.' };

/** A few plain names are asked for by themselves; where one of them is not found, all VMs are looked through. */
async function candidates(api: EngineApi, { patterns, search }: VmWish): Promise<readonly EngineVm[]> {
  const arePlain = patterns.length <= MOST_NAMES && patterns.every(one => /^[A-Za-z0-9._-]+$/.test(one));
  if (search === undefined && arePlain) {
    const vms = await listVms(api, patterns.map(name => `name="${name}"`).join(' or '));
    if (patterns.every(pattern => vms.some(({ name }) => name === pattern))) {
      return vms;
    }
  }
  return listVms(api, search);
}

const MOST_NAMES = 20;

/** The same VM once more, as it is by now. @throws {EngineApiError} */
export async function lookAgain(api: EngineApi, vm: FoundVm): Promise<Pick<FoundVm, 'now' | 'next'>> {
  const now = await getVm(api, vm.id);
  return { now, next: await nextOf(api, now) };
}

/** What a VM that is down starts with is what it has. */
async function nextOf(api: EngineApi, vm: EngineVm): Promise<EngineVm> {
  return vm.nextRun && vm.status !== 'down' ? getNextRun(api, vm.id) : vm;
}
