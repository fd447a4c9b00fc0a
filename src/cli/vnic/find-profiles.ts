import type { EngineApi } from '../../engine/client/api.ts';
import { type Level, listDataCenters } from '../../engine/client/clusters.ts';
import {
  listNetworkFilters,
  listNetworks,
  listVnicProfiles,
  type VnicProfile,
} from '../../engine/client/vnic-profiles.ts';
import { chooseNamed, uniquePath } from '../vm/choose-named.ts';

/** A vNIC profile that a command is about. */
export interface FoundProfile {
  readonly id: string;
  /** `DATACENTER/NETWORK/PROFILE`, since names of profiles are not unique; its id where that does not tell either. */
  readonly label: string;
  readonly profile: VnicProfile;
  /** The level of its data center, whose definitions hold for it; undefined where the engine does not tell. */
  readonly level: Level | undefined;
  /** The name of its network filter. */
  readonly filter: string | undefined;
}

/**
 * The vNIC profiles that are named: `PROFILE`, `NETWORK/PROFILE`, `DATACENTER/NETWORK/PROFILE`, an id, or a glob of
 * one of these; each once.
 *
 * @throws {InputError} for a pattern that none matches, and for a name that several have. @throws {EngineApiError}
 */
export async function findProfiles(
  api: EngineApi,
  patterns: readonly string[],
): Promise<readonly FoundProfile[]> {
  const [dataCenters, networks, filters, profiles] = await Promise.all([
    listDataCenters(api),
    listNetworks(api),
    listNetworkFilters(api),
    listVnicProfiles(api),
  ]);
  const all = profiles.map(profile => {
    const network = networks.get(profile.network);
    const dataCenter = dataCenters.find(({ id }) => id === network?.dataCenter);
    return {
      id: profile.id,
      path: [dataCenter?.name ?? '-', network?.name ?? '-', profile.name].join('/'),
      profile,
      level: dataCenter?.version,
      filter: profile.filter === undefined ? undefined : (filters.get(profile.filter) ?? profile.filter),
    };
  });
  return chooseNamed(all, patterns, NAMING)
    .map(({ path, ...rest }): FoundProfile => ({ ...rest, label: uniquePath({ path, ...rest }, all) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
}

const NAMING = {
  noun: 'vNIC profile',
  which: 'Name the one that is meant as NETWORK/PROFILE or DATACENTER/NETWORK/PROFILE, or by its id.',
};
