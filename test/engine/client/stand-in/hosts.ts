import { idOf } from './ids.ts';
import { collection, type Route } from './route.ts';

export interface HostWish {
  readonly name: string;
  /** The name and `.example.org` by default. */
  readonly address?: string;
  /** `up` by default. */
  status?: string;
  /** The name of its cluster; `Default` by default. */
  readonly cluster?: string;
  readonly type?: string;
  /** Null for a host that never was connected. */
  readonly vdsm?: string | null;
  /** Where two have the same name. */
  readonly id?: string;
}

/** `/hosts` and `/hosts/ID`. */
export function hostRoutes(hosts: readonly HostWish[]): Route[] {
  return [
    {
      method: 'GET',
      path: /^\/hosts$/,
      answer: call =>
        collection('host', hosts.map(hostJson), call, (host, field, glob) =>
          field === 'name' ? glob.test(host.name) : field === 'status' && glob.test(host.status),
        ),
    },
    {
      method: 'GET',
      path: /^\/hosts\/(?<id>[^/]+)$/,
      answer: ({ params }) => {
        const host = hosts.map(hostJson).find(one => one.id === params.id);
        return host === undefined ? { status: 404 } : { json: host };
      },
    },
  ];
}

function hostJson({
  name,
  address,
  status = 'up',
  cluster = 'Default',
  type = 'rhel',
  vdsm = '4.50.5.1-1.el9',
  id,
}: HostWish) {
  return {
    id: id ?? idOf('host', name),
    name,
    address: address ?? `${name}.example.org`,
    status,
    type,
    cluster: { id: idOf('cluster', cluster) },
    ...(vdsm === null ? {} : { version: { full_version: `vdsm-${vdsm}`, major: '4', minor: '50' } }),
    os: { type: 'RHEL', version: { full_version: '9.4 - 1.el9' } },
  };
}
