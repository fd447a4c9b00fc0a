import type { HostWish } from './hosts.ts';
import { idOf } from './ids.ts';
import { ACCEPTED, actionFault, type Route } from './route.ts';

/** What VDSM tells of the hooks of a host: `event/name` to checksum. */
export type ReportedHooks = Readonly<Record<string, string>>;

export interface HostHooksWish {
  readonly hosts: readonly HostWish[];
  /** What the engine has on record from the start, by the name of the host. */
  readonly recorded?: Readonly<Record<string, ReportedHooks>>;
  /** What VDSM of a host tells when it is asked anew. */
  reported(host: string): ReportedHooks | Promise<ReportedHooks>;
  /** How many times the list is asked for after a refresh until the new one shows; 0 by default. */
  readonly looksUntilShown?: number;
}

/** `/hosts/ID/hooks` and `/hosts/ID/refresh`. */
export function hostHookRoutes({ hosts, recorded, reported, looksUntilShown = 0 }: HostHooksWish): Route[] {
  const shown = new Map(Object.entries(recorded ?? {}));
  const coming = new Map<string, { hooks: ReportedHooks; looks: number }>();
  const find = (id: string | undefined) => hosts.find(host => (host.id ?? idOf('host', host.name)) === id);
  return [
    {
      method: 'GET',
      path: /^\/hosts\/(?<id>[^/]+)\/hooks$/,
      answer({ params }) {
        const host = find(params.id);
        if (host === undefined) {
          return { status: 404 };
        }
        const next = coming.get(host.name);
        if (next !== undefined && next.looks-- <= 0) {
          shown.set(host.name, next.hooks);
          coming.delete(host.name);
        }
        const hooks = Object.entries(shown.get(host.name) ?? {}).map(([hook, checksum]) => {
          const [event_name = '', name = ''] = hook.split('/');
          return {
            id: idOf('hook', hook + checksum),
            name,
            event_name,
            md5: checksum,
            host: { id: params.id },
          };
        });
        // In no order, and an empty list leaves its key out.
        return { json: hooks.length === 0 ? {} : { hook: hooks.toReversed() } };
      },
    },
    {
      method: 'POST',
      path: /^\/hosts\/(?<id>[^/]+)\/refresh$/,
      async answer({ params }) {
        const host = find(params.id);
        if (host === undefined) {
          return { status: 404 };
        }
        if (!['up', 'maintenance', 'non_operational'].includes(host.status ?? 'up')) {
          return actionFault(
            409,
            'Cannot refresh Host capabilities. Operation can be performed only when Host status is Up, Maintenance or Non operational.',
          );
        }
        coming.set(host.name, { hooks: await reported(host.name), looks: looksUntilShown });
        return ACCEPTED;
      },
    },
  ];
}
