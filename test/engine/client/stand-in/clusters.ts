import { idOf } from './ids.ts';
import { collection, type Route } from './route.ts';

export interface ClusterWish {
  readonly name: string;
  /** `4.7` by default. */
  readonly version?: string;
  /** The name of its data center; `Default` by default, null for none. */
  readonly dataCenter?: string | null;
}

export interface DataCenterWish {
  readonly name: string;
  readonly version?: string;
}

/** `/clusters` and `/datacenters`; what the wishes name is there too. */
export function clusterRoutes(
  clusters: readonly ClusterWish[],
  dataCenters: readonly DataCenterWish[],
): Route[] {
  return [
    {
      method: 'GET',
      path: /^\/clusters$/,
      answer: call => collection('cluster', clusters.map(clusterJson), call),
    },
    {
      method: 'GET',
      path: /^\/datacenters$/,
      answer: call => collection('data_center', dataCenters.map(dataCenterJson), call),
    },
  ];
}

function clusterJson({ name, version = '4.7', dataCenter = 'Default' }: ClusterWish) {
  return {
    id: idOf('cluster', name),
    name,
    version: versionJson(version),
    ...(dataCenter === null ? {} : { data_center: { id: idOf('data center', dataCenter) } }),
  };
}

function dataCenterJson({ name, version = '4.7' }: DataCenterWish) {
  return { id: idOf('data center', name), name, version: versionJson(version), status: 'up' };
}

/** Numbers come as text in the engine's JSON. */
function versionJson(version: string) {
  const [major, minor] = version.split('.');
  return { major, minor };
}
