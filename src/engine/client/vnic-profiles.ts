import type { CustomProperty } from '../custom-properties.ts';
import type { EngineApi } from './api.ts';
import { flag, items, member, optionalText, text } from './json.ts';
import { propertiesBody, propertiesOf } from './vms.ts';

export interface VnicProfile {
  readonly id: string;
  readonly name: string;
  /** The id of its network. */
  readonly network: string;
  /** The id of its network filter; undefined for none. */
  readonly filter: string | undefined;
  readonly properties: readonly CustomProperty[];
}

/** A VM that is not down, with a vNIC of a profile. */
export interface ProfileUser {
  readonly vm: string;
  readonly vnic: string;
}

/** @throws {EngineApiError} */
export async function listVnicProfiles(api: EngineApi): Promise<readonly VnicProfile[]> {
  return (await api.list('/vnicprofiles', 'vnic_profile')).map(toProfile);
}

/** @throws {EngineApiError} */
export async function getVnicProfile(api: EngineApi, id: string): Promise<VnicProfile> {
  return toProfile(await api.get(`/vnicprofiles/${encodeURIComponent(id)}`));
}

/** Networks by id; of each the id of its data center. @throws {EngineApiError} */
export async function listNetworks(
  api: EngineApi,
): Promise<ReadonlyMap<string, { readonly name: string; readonly dataCenter: string | undefined }>> {
  const found = await api.list('/networks', 'network');
  return new Map(
    found.map(one => [
      text(one, 'id'),
      { name: text(one, 'name'), dataCenter: optionalText(member(one, 'data_center'), 'id') },
    ]),
  );
}

/** Names of network filters (`vdsm-no-mac-spoofing`) by id. @throws {EngineApiError} */
export async function listNetworkFilters(api: EngineApi): Promise<ReadonlyMap<string, string>> {
  const found = await api.list('/networkfilters', 'network_filter');
  return new Map(found.map(one => [text(one, 'id'), text(one, 'name')]));
}

/**
 * Changes a profile: the whole list of its properties, and its network filter, which an empty element takes away
 * (engine: VnicProfileMapper.java). What is left out stays.
 *
 * @throws {EngineApiError}
 */
export async function putVnicProfile(
  api: EngineApi,
  id: string,
  change: { readonly properties?: readonly CustomProperty[]; readonly noFilter?: boolean },
): Promise<void> {
  await api.put(`/vnicprofiles/${encodeURIComponent(id)}`, {
    ...(change.properties === undefined ? {} : propertiesBody(change.properties)),
    ...(change.noFilter ? { network_filter: {} } : {}),
  });
}

/** The plugged vNICs of a profile in VMs that are not down: they keep what they were started with. @throws {EngineApiError} */
export async function runningUsers(api: EngineApi, profile: string): Promise<readonly ProfileUser[]> {
  const found = await api.list('/vms', 'vm', { search: 'status != down', follow: 'nics' });
  return found
    .filter(vm => text(vm, 'status') !== 'down')
    .flatMap(vm =>
      items(member(vm, 'nics'), 'nic')
        .filter(nic => optionalText(member(nic, 'vnic_profile'), 'id') === profile && flag(nic, 'plugged'))
        .map(nic => ({ vm: text(vm, 'name'), vnic: text(nic, 'name') })),
    );
}

function toProfile(value: unknown): VnicProfile {
  return {
    id: text(value, 'id'),
    name: text(value, 'name'),
    network: text(member(value, 'network'), 'id'),
    filter: optionalText(member(value, 'network_filter'), 'id'),
    properties: propertiesOf(value),
  };
}
