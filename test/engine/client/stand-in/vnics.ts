import { idOf } from './ids.ts';
import { judge, listOf } from './properties.ts';
import { collection, fault, type Route } from './route.ts';

export interface ProfileWish {
  readonly name: string;
  /** The name of its network; `ovirtmgmt` by default. */
  readonly network?: string;
  /** The name of its data center; `Default` by default. */
  readonly dataCenter?: string;
  /** The name of its network filter; `vdsm-no-mac-spoofing` by default, null for none. */
  readonly filter?: string | null;
  readonly properties?: Readonly<Record<string, string>>;
}

/** A vNIC profile as it is at the moment. */
export interface ProfileState {
  readonly wish: ProfileWish;
  readonly id: string;
  properties: Readonly<Record<string, string>>;
  filter: string | null;
  /** Called after every change that was accepted: what somebody else does at that moment. */
  afterPut?: () => void;
}

export interface StandInVnics {
  readonly routes: readonly Route[];
  /** By `DATACENTER/NETWORK/PROFILE`. */
  profile(path: string): ProfileState;
}

const FILTERS = ['vdsm-no-mac-spoofing', 'clean-traffic', 'no-mac-spoofing'];

/**
 * `/vnicprofiles`, `/networks` and `/networkfilters`.
 *
 * @param definitions expressions by name, for interfaces, at the level of every data center; without it everything is taken.
 */
export function openVnics(
  profiles: readonly ProfileWish[],
  definitions?: Readonly<Record<string, string>>,
): StandInVnics {
  const states = profiles.map(
    (wish): ProfileState => ({
      wish,
      id: idOf('vnic profile', pathOf(wish)),
      properties: wish.properties ?? {},
      filter: wish.filter === undefined ? 'vdsm-no-mac-spoofing' : wish.filter,
    }),
  );
  const at = /^\/vnicprofiles\/(?<id>[^/]+)$/;
  const find = (id: string | undefined) => states.find(one => one.id === id);
  const networks = [...new Map(profiles.map(wish => [networkOf(wish), wish])).entries()].map(
    ([path, { network = 'ovirtmgmt', dataCenter = 'Default' }]) => ({
      id: idOf('network', path),
      name: network,
      data_center: { id: idOf('data center', dataCenter) },
    }),
  );
  const routes: Route[] = [
    {
      method: 'GET',
      path: /^\/vnicprofiles$/,
      answer: () => ({ json: states.length === 0 ? {} : { vnic_profile: states.map(profileJson) } }),
    },
    {
      method: 'GET',
      path: at,
      answer: ({ params }) => {
        const found = find(params.id);
        return found === undefined ? { status: 404 } : { json: profileJson(found) };
      },
    },
    {
      method: 'PUT',
      path: at,
      answer: ({ params, body }) => {
        const found = find(params.id);
        if (found === undefined) {
          return { status: 404 };
        }
        const { custom_properties: list, network_filter: filter } = body as {
          custom_properties?: unknown;
          network_filter?: { id?: string };
        };
        const properties = list === undefined ? undefined : listOf(body);
        const wrong =
          properties === undefined || definitions === undefined
            ? undefined
            : judge(
                properties,
                new Map(Object.entries(definitions)),
                'Cannot edit VM network interface profile.',
              );
        if (wrong !== undefined) {
          return fault(400, wrong);
        }
        found.properties = properties === undefined ? found.properties : Object.fromEntries(properties);
        if (filter !== undefined) {
          found.filter = FILTERS.find(name => idOf('network filter', name) === filter.id) ?? null;
        }
        const reply = { json: profileJson(found) };
        found.afterPut?.();
        return reply;
      },
    },
    { method: 'GET', path: /^\/networks$/, answer: call => collection('network', networks, call) },
    {
      method: 'GET',
      path: /^\/networkfilters$/,
      answer: () => ({
        json: { network_filter: FILTERS.map(name => ({ id: idOf('network filter', name), name })) },
      }),
    },
  ];
  return {
    routes,
    profile(path) {
      const found = states.find(({ wish }) => pathOf(wish) === path);
      if (found === undefined) {
        throw new Error(`no vNIC profile ${path}`);
      }
      return found;
    },
  };
}

function networkOf({ network = 'ovirtmgmt', dataCenter = 'Default' }: ProfileWish): string {
  return `${dataCenter}/${network}`;
}

function pathOf(wish: ProfileWish): string {
  return `${networkOf(wish)}/${wish.name}`;
}

function profileJson({ wish, id, properties, filter }: ProfileState) {
  const list = Object.entries(properties).map(([name, value]) => ({ name, value }));
  return {
    id,
    name: wish.name,
    network: { id: idOf('network', networkOf(wish)) },
    pass_through: { mode: 'disabled' },
    ...(filter === null ? {} : { network_filter: { id: idOf('network filter', filter) } }),
    ...(list.length === 0 ? {} : { custom_properties: { custom_property: list } }),
  };
}
