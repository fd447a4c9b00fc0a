import type { Host } from '../../core/host.ts';
import type { Place } from '../../core/input-error.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { type EngineHost, listEngineHosts } from '../../engine/client/hosts.ts';
import type { BoundResource, ResourcePlan } from '../../resources/bound.ts';
import { readVdsmView, seenByVdsm } from '../../resources/vdsm-view/vdsm-view-found.ts';
import type { RunPlay } from '../../run/run.ts';
import { type Guard, guarded, isRestart } from './engine-guard.ts';
import { leftOut, stateNotes } from './host-states.ts';
import { notLoaded } from './loaded-properties.ts';
import { settleRecord } from './recorded-hooks.ts';

/** A play with what only the engine can tell of its hosts. */
export interface ViewedPlay extends RunPlay {
  /** Hosts in one of these states are left out. */
  readonly skipStates?: { readonly states: readonly string[]; readonly place: Place };
}

/** How a run looks at what the engine sees. */
export interface View extends Guard {
  /** Undefined without access to the engine's API. */
  readonly api: EngineApi | undefined;
  /** The engine's own host in the inventory; undefined where that is not known. */
  readonly engineHost: string | undefined;
  /** Also what nobody has looked at is told, where there is no access. */
  readonly verbose: boolean;
}

/** Plays that also ask the engine, where there is access to it; where there is none, they tell what nobody has looked at. */
export function viewedPlays(plays: readonly ViewedPlay[], view: View): readonly RunPlay[] {
  const { api } = view;
  if (api === undefined) {
    return plays.map(play => ({
      ...play,
      resourcesOf: host => play.resourcesOf(host).map(resource => unasked(resource, view)),
    }));
  }
  const hosts = hostsOf(api);
  return plays.map(({ skipStates, ...play }) => ({
    ...play,
    ...(skipStates ? { leavesOut: (host: Host) => leftOut(host, skipStates.states, hosts) } : {}),
    remarksOn: host => stateNotes(host, hosts),
    resourcesOf: host =>
      play.resourcesOf(host).map(resource => asked(resource, host, { ...view, api, hosts })),
  }));
}

// A host's state may change within a run; what a batch of hosts asks at once is asked once.
const KEPT_MS = 10_000;

function hostsOf(api: EngineApi): () => Promise<readonly EngineHost[]> {
  let last: { readonly at: number; readonly hosts: Promise<readonly EngineHost[]> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > KEPT_MS) {
      last = { at: performance.now(), hosts: listEngineHosts(api) };
    }
    return last.hosts;
  };
}

interface Asking extends View {
  readonly api: EngineApi;
  hosts(): Promise<readonly EngineHost[]>;
}

function asked(resource: BoundResource, host: Host, asking: Asking): BoundResource {
  const { api, apply, engineHost, patience } = asking;
  switch (resource.kind) {
    case 'engine-properties':
      if (engineHost !== undefined && host.name !== engineHost) {
        return unasked(resource, asking);
      }
      return {
        ...resource,
        plan(reply) {
          const plan = resource.plan(reply);
          return {
            ...plan,
            consult: async () => ({
              ...(await guarded(plan, api, asking)),
              settle: async (made, tell) => {
                if (plan.engine === undefined || !apply || !made.some(isOfEngine)) {
                  return NOTHING;
                }
                tell('ask the engine for the properties that it has loaded');
                return { ...NOTHING, error: await notLoaded(api, plan.engine, patience) };
              },
            }),
          };
        },
      };
    case 'vdsm-view':
      return {
        ...resource,
        plan: reply => ({
          ...resource.plan(reply),
          settle(_, tell) {
            tell('compare with what the engine has on record');
            return settleRecord(host, seenByVdsm(readVdsmView(reply)), { ...asking, refresh: apply });
          },
        }),
      };
    default:
      return resource;
  }
}

/** What is told where nobody can be asked. */
function unasked(resource: BoundResource, { apply, verbose }: View): BoundResource {
  switch (resource.kind) {
    case 'engine-properties':
      if (!verbose) {
        return resource;
      }
      return {
        ...resource,
        plan(reply) {
          const plan = resource.plan(reply);
          return apply
            ? {
                ...plan,
                settle: async made => ({ ...NOTHING, notes: made.some(isRestart) ? [NOT_ASKED] : [] }),
              }
            : { ...plan, notes: [...plan.notes, ...(plan.changes.some(isRestart) ? [NOT_ASKED] : [])] };
        },
      };
    case 'vdsm-view':
      return { ...resource, plan: reply => withNote(resource.plan(reply), NOT_COMPARED) };
    default:
      return resource;
  }
}

function withNote(plan: ResourcePlan, note: string): ResourcePlan {
  return { ...plan, notes: [...plan.notes, note] };
}

function isOfEngine({ resource }: { readonly resource: string }): boolean {
  return resource === 'engine-properties';
}

const NOTHING = { changes: [], notes: [], error: null };

const NOT_ASKED =
  'Without access to the API of the engine (--engine-url, --engine-user) nobody looks whether it is at work, whether removed properties are used, and whether it has loaded the new ones';

const NOT_COMPARED =
  'Without access to the API of the engine (--engine-url, --engine-user) its record of the hooks is not compared';
