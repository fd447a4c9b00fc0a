import type { EngineApi } from './api.ts';
import { type Level, listClusters, listDataCenters, versionOf } from './clusters.ts';
import { flag, items, member, optionalText, text } from './json.ts';

/** Something that carries values of custom properties. */
export interface PropertyUser {
  readonly kind: 'VM' | 'template' | 'pool' | 'vNIC profile';
  readonly name: string;
  /** The level whose definitions hold for it; undefined where the engine does not tell. */
  readonly level: Level | undefined;
  /** The names of its properties. */
  readonly properties: ReadonlySet<string>;
}

/**
 * The VMs, templates and pools that carry custom properties, also those that a VM gets at its next start. Their level is
 * their own compatibility version, else that of their cluster.
 *
 * @throws {EngineApiError}
 */
export async function listVmPropertyUsers(api: EngineApi): Promise<readonly PropertyUser[]> {
  const [clusters, vms, templates, pools] = await Promise.all([
    listClusters(api),
    api.list('/vms', 'vm'),
    api.list('/templates', 'template'),
    api.list('/vmpools', 'vm_pool'),
  ]);
  const levels = new Map(clusters.map(({ id, version }) => [id, version]));
  const poolNames = new Map(pools.map(pool => [text(pool, 'id'), text(pool, 'name')]));
  const levelOf = (value: unknown) =>
    versionOf({ version: member(value, 'custom_compatibility_version') }) ??
    levels.get(optionalText(member(value, 'cluster'), 'id') ?? '');
  const users: PropertyUser[] = [];
  for (const vm of vms) {
    const pool = poolNames.get(optionalText(member(vm, 'vm_pool'), 'id') ?? '');
    const who =
      pool === undefined
        ? { kind: 'VM' as const, name: text(vm, 'name') }
        : { kind: 'pool' as const, name: pool };
    users.push({ ...who, level: levelOf(vm), properties: propertiesOf(vm) });
    if (flag(vm, 'next_run_configuration_exists')) {
      const next = await api.get(`/vms/${encodeURIComponent(text(vm, 'id'))};next_run`);
      users.push({ ...who, level: levelOf(next), properties: propertiesOf(next) });
    }
  }
  users.push(
    ...templates.map(template => ({
      kind: 'template' as const,
      name: text(template, 'name'),
      level: levelOf(template),
      properties: propertiesOf(template),
    })),
  );
  return users.filter(({ properties }) => properties.size > 0);
}

/**
 * The vNIC profiles that carry custom properties. Their level is that of the data center of their network (engine:
 * VnicProfileValidator.java).
 *
 * @throws {EngineApiError}
 */
export async function listProfilePropertyUsers(api: EngineApi): Promise<readonly PropertyUser[]> {
  const [dataCenters, networks, profiles] = await Promise.all([
    listDataCenters(api),
    api.list('/networks', 'network'),
    api.list('/vnicprofiles', 'vnic_profile'),
  ]);
  const levels = new Map(dataCenters.map(({ id, version }) => [id, version]));
  const dataCenterOf = new Map(
    networks.map(network => [text(network, 'id'), optionalText(member(network, 'data_center'), 'id')]),
  );
  return profiles
    .map(profile => ({
      kind: 'vNIC profile' as const,
      name: text(profile, 'name'),
      level: levels.get(dataCenterOf.get(optionalText(member(profile, 'network'), 'id') ?? '') ?? ''),
      properties: propertiesOf(profile),
    }))
    .filter(({ properties }) => properties.size > 0);
}

function propertiesOf(value: unknown): ReadonlySet<string> {
  const properties = items(member(value, 'custom_properties'), 'custom_property');
  return new Set(properties.map(property => text(property, 'name')));
}
