import type { Place, Problem } from '../core/input-error.ts';
import type { Cluster, DataCenter } from '../engine/client/clusters.ts';
import type { EngineHost } from '../engine/client/hosts.ts';
import { engineGroups, KNOWN_STATES, statusGroup } from './engine-groups.ts';
import { nameFault } from './host-name.ts';
import type { Variable } from './inventory.ts';
import type { Statement, Statements } from './statement.ts';

/** What an engine has said of its hosts. */
export interface EngineReply {
  /** `engine+https://engine.example.org`: what places in errors and in `--explain` call it. */
  readonly file: string;
  /** `https://engine.example.org` */
  readonly engineUrl: string;
  readonly engineHosts: readonly EngineHost[];
  readonly clusters: readonly Cluster[];
  readonly dataCenters: readonly DataCenter[];
}

/** The group of all hosts of an engine, as playbooks call it. */
const HYPERVISORS = 'hypervisors';

/**
 * The hosts of an engine as an inventory. Groups: `hypervisors`, in it `data_center_NAME`, in these `cluster_NAME`, and
 * beside them `status_STATUS`; those of empty data centers and clusters, and of the states that a pattern is likely to name, are there too.
 * Names are made safe as Ansible does it for groups that it makes itself. Pure.
 */
export function readEngineInventory(reply: EngineReply): Statements {
  const { file, engineHosts: hosts, clusters, dataCenters } = reply;
  const place: Place = { file };
  const problems: Problem[] = [...sameNames(hosts, place), ...badNames(hosts, place)];
  const centers = engineGroups('data_center', dataCenters, place);
  const ofCluster = engineGroups('cluster', clusters, place);
  const section = (group: string): Statement => ({ kind: 'section', group, part: 'hosts', place });
  const child = (group: string, inner: string): Statement => ({ kind: 'child', group, child: inner, place });
  const states = [...new Set([...KNOWN_STATES, ...hosts.map(({ status }) => status)])].map(statusGroup);
  const statements: Statement[] = [
    section(HYPERVISORS),
    ...[...centers.names.values()].flatMap(name => [section(name), child(HYPERVISORS, name)]),
    ...clusters.flatMap(({ id, dataCenter }) => {
      const name = ofCluster.names.get(id) ?? '';
      return [section(name), child(centers.names.get(dataCenter ?? '') ?? HYPERVISORS, name)];
    }),
    ...states.map(section),
    ...hosts.flatMap((host): Statement[] => {
      const group = ofCluster.names.get(host.cluster ?? '') ?? HYPERVISORS;
      const variables = variablesOf(host, reply);
      return [
        { kind: 'hosts', group, names: [host.name], variables, place },
        { kind: 'hosts', group: statusGroup(host.status), names: [host.name], variables: [], place },
      ];
    }),
  ];
  return { statements, problems, warnings: [...centers.warnings, ...ofCluster.warnings] };
}

function variablesOf(host: EngineHost, { file, engineUrl, clusters, dataCenters }: EngineReply): Variable[] {
  const cluster = clusters.find(({ id }) => id === host.cluster);
  const center = dataCenters.find(({ id }) => id === cluster?.dataCenter);
  const values: Readonly<Record<string, string | undefined>> = {
    ansible_host: host.address,
    cluster_version: cluster?.version,
    engine_cluster: cluster?.name,
    engine_data_center: center?.name,
    engine_host_id: host.id,
    engine_host_status: host.status,
    engine_host_type: host.type,
    engine_url: engineUrl,
    vdsm_version: host.vdsmVersion,
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, text: value, source: value, value, place: { file } }],
  );
}

function sameNames(hosts: readonly EngineHost[], place: Place): Problem[] {
  const names = new Set(hosts.map(({ name }) => name));
  return [...names].flatMap(name => {
    const same = hosts.filter(host => host.name === name);
    return same.length === 1
      ? []
      : [
          {
            place,
            message: `the engine has ${same.length} hosts called "${name}": ${same.map(({ address }) => address).join(', ')}`,
            hint: 'Give each a name of its own, in the engine',
          },
        ];
  });
}

function badNames(hosts: readonly EngineHost[], place: Place): Problem[] {
  return hosts.flatMap(({ name }) => {
    const fault = nameFault(name);
    return fault === undefined ? [] : [{ place, ...fault }];
  });
}

/**
 * Hosts of one name in several engines: the later engine would give its address to the earlier one's host.
 *
 * @param replies what each engine has said, in the order of the inventories.
 */
export function sharedNames(replies: readonly EngineReply[]): Problem[] {
  const first = new Map<string, EngineReply>();
  return replies.flatMap(reply =>
    reply.engineHosts.flatMap(({ name }): Problem[] => {
      const other = first.get(name) ?? reply;
      first.set(name, other);
      return other.engineUrl === reply.engineUrl
        ? []
        : [
            {
              place: { file: reply.file },
              message: `the host "${name}" is in the engine at ${other.engineUrl} too`,
              hint: 'Call hookfleet once for each engine, or give the host another name in one of them',
            },
          ];
    }),
  );
}
