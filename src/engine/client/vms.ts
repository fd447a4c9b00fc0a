import type { CustomProperty } from '../custom-properties.ts';
import type { EngineApi } from './api.ts';
import { type Level, versionOf } from './clusters.ts';
import { flag, items, member, optionalText, text } from './json.ts';

/** A VM as the engine has it, in one of its configurations: the one that it runs with, or that of its next run. */
export interface EngineVm {
  readonly id: string;
  readonly name: string;
  /** In the engine's words: `up`, `down`, `powering_up`, `wait_for_launch`, `paused`, `image_locked` … */
  readonly status: string;
  /** The id of its cluster. */
  readonly cluster: string | undefined;
  /** Its own compatibility level, which then counts instead of the cluster's. */
  readonly ownLevel: Level | undefined;
  /** `ovirt`; `managed_hosted_engine` and `hosted_engine` for the VM that the engine itself runs in. */
  readonly origin: string | undefined;
  readonly deleteProtected: boolean;
  /** What its guest writes is lost when it goes down. */
  readonly stateless: boolean;
  /** Of a pool, to which it goes back when it goes down. */
  readonly pooled: boolean;
  /** Runs with what was said at its start alone ("run once"). */
  readonly runOnce: boolean;
  /** Something waits for its next start: a configuration, or a vNIC that is out of sync (engine: VmMapper.java). */
  readonly nextRun: boolean;
  readonly properties: readonly CustomProperty[];
}

/** @param search in the engine's search language: `cluster=production and tag=canary`. @throws {EngineApiError} */
export async function listVms(api: EngineApi, search?: string): Promise<readonly EngineVm[]> {
  const found = await api.list('/vms', 'vm', search === undefined ? {} : { search });
  return found.map(toVm);
}

/** With what it runs, or, where it is down, with what it will start. @throws {EngineApiError} */
export async function getVm(api: EngineApi, id: string): Promise<EngineVm> {
  return toVm(await api.get(`/vms/${encodeURIComponent(id)}`));
}

/** With what it will start next time; where nothing is pending, the same as {@link getVm}. @throws {EngineApiError} */
export async function getNextRun(api: EngineApi, id: string): Promise<EngineVm> {
  return toVm(await api.get(`/vms/${encodeURIComponent(id)};next_run=true`));
}

/**
 * Replaces the whole list of a VM's properties. A VM that is not down gets it for its next run, on top of what waits for
 * that already: without `next_run` the engine would start from what runs, and drop the rest (engine: BackendVmResource.java).
 *
 * @throws {EngineApiError}
 */
export async function putVmProperties(
  api: EngineApi,
  vm: Pick<EngineVm, 'id' | 'status'>,
  list: readonly CustomProperty[],
): Promise<void> {
  const when = vm.status === 'down' ? '' : ';next_run=true';
  await api.put(`/vms/${encodeURIComponent(vm.id)}${when}`, propertiesBody(list));
}

/** Accepted does not mean done. @throws {EngineApiError} */
export async function askVm(api: EngineApi, id: string, action: 'start' | 'shutdown'): Promise<void> {
  await api.post(`/vms/${encodeURIComponent(id)}/${action}`, {});
}

/** A list as the engine takes it: what stands in it replaces all. */
export function propertiesBody(list: readonly CustomProperty[]): object {
  return { custom_properties: { custom_property: list.map(({ name, value }) => ({ name, value })) } };
}

/** Custom properties of a VM or a vNIC profile; where there are none the engine leaves the list out. */
export function propertiesOf(value: unknown): readonly CustomProperty[] {
  return items(member(value, 'custom_properties'), 'custom_property').map(one => ({
    name: text(one, 'name'),
    value: optionalText(one, 'value') ?? '',
  }));
}

function toVm(value: unknown): EngineVm {
  return {
    id: text(value, 'id'),
    name: text(value, 'name'),
    status: text(value, 'status'),
    cluster: optionalText(member(value, 'cluster'), 'id'),
    ownLevel: versionOf({ version: member(value, 'custom_compatibility_version') }),
    origin: optionalText(value, 'origin'),
    deleteProtected: flag(value, 'delete_protected'),
    stateless: flag(value, 'stateless'),
    pooled: optionalText(member(value, 'vm_pool'), 'id') !== undefined,
    runOnce: flag(value, 'run_once'),
    nextRun: flag(value, 'next_run_configuration_exists'),
    properties: propertiesOf(value),
  };
}
