import { InputError, type Problem } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { type Level, listDataCenters } from '../../engine/client/clusters.ts';
import {
  listNetworkFilters,
  listNetworks,
  listVnicProfiles,
  type VnicProfile,
} from '../../engine/client/vnic-profiles.ts';
import { globToRegExp, isGlob } from '../../inventory/glob.ts';

/** A vNIC profile that a command is about. */
export interface FoundProfile {
  readonly id: string;
  /** `DATACENTER/NETWORK/PROFILE`: names of profiles are not unique. */
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
  const all = profiles.map((profile): FoundProfile => {
    const network = networks.get(profile.network);
    const dataCenter = dataCenters.find(({ id }) => id === network?.dataCenter);
    return {
      id: profile.id,
      label: [dataCenter?.name ?? '-', network?.name ?? '-', profile.name].join('/'),
      profile,
      level: dataCenter?.version,
      filter: profile.filter === undefined ? undefined : (filters.get(profile.filter) ?? profile.filter),
    };
  });
  return matching(all, patterns).toSorted((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
}

function matching(all: readonly FoundProfile[], patterns: readonly string[]): readonly FoundProfile[] {
  const chosen = new Set<FoundProfile>();
  const problems: Problem[] = [];
  for (const pattern of patterns) {
    const matches = matcherOf(pattern);
    const some = all.filter(({ id, label }) => id === pattern || matches(tail(label, pattern)));
    if (some.length === 0) {
      problems.push(noneFault(pattern, all));
    } else if (some.length > 1 && !isGlob(pattern)) {
      problems.push({
        message: `${some.length} vNIC profiles are called ${pattern}: ${some.map(({ label }) => label).join(', ')}`,
        hint: 'Name the one that is meant as NETWORK/PROFILE or DATACENTER/NETWORK/PROFILE.',
      });
    }
    for (const one of some) {
      chosen.add(one);
    }
  }
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return [...chosen];
}

/** As many of the last parts of a path as the pattern has. */
function tail(path: string, pattern: string): string {
  return path.split('/').slice(-pattern.split('/').length).join('/');
}

function matcherOf(pattern: string): (name: string) => boolean {
  if (!isGlob(pattern)) {
    return name => name === pattern;
  }
  try {
    const glob = globToRegExp(pattern);
    return name => glob.test(name);
  } catch {
    throw new InputError([{ message: `"${pattern}" is no pattern of names` }]);
  }
}

function noneFault(pattern: string, all: readonly FoundProfile[]): Problem {
  const near = didYouMean(
    pattern,
    all.map(({ label }) => tail(label, pattern)),
  );
  return {
    message: isGlob(pattern)
      ? `no vNIC profile matches ${pattern}`
      : `the engine shows no vNIC profile ${pattern} to this user; a property is name=value`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  };
}
