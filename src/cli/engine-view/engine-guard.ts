import { setTimeout as sleep } from 'node:timers/promises';
import { INSTALLING_STATES } from '../../catalog/host-states.ts';
import type { Change } from '../../core/change.ts';
import { HostError } from '../../core/failure.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { EngineApiError } from '../../engine/client/engine-api-error.ts';
import { listEngineHosts } from '../../engine/client/hosts.ts';
import { listRunningJobs } from '../../engine/client/jobs.ts';
import { listProfilePropertyUsers, listVmPropertyUsers } from '../../engine/client/property-users.ts';
import type { ResourcePlan } from '../../resources/bound.ts';
import type { Blocked } from '../../resources/resource.ts';
import type { Patience } from './loaded-properties.ts';
import { removalsIn, usersOf } from './property-removals.ts';

/** How the changes of an engine are guarded. */
export interface Guard {
  /** Whether changes are made; a check only tells. */
  readonly apply: boolean;
  /** The engine is restarted whatever it is at work on. */
  readonly restartBusyEngine: boolean;
  /** Definitions go though something has values of them. */
  readonly removeUsedProperties: boolean;
  /** How long short jobs are waited for before an apply; those of a refresh that this run has asked for are such. */
  readonly patience: Patience;
}

const MOST_SECONDS = 5;

type Obstacle = Pick<Blocked, 'message' | 'hint'>;

/**
 * A plan for an engine after the engine itself was asked. Where it is at work on something that a restart would cut off,
 * or something still has a value of a property that is to go, nothing is written and nothing restarted.
 *
 * @throws {HostError} in an apply, where the engine cannot be asked.
 */
export async function guarded(plan: ResourcePlan, api: EngineApi, guard: Guard): Promise<ResourcePlan> {
  const notes: string[] = [];
  const obstacles: Obstacle[] = [];
  try {
    const used = await usedRemovals(plan.changes, api);
    if (used !== undefined) {
      if (guard.removeUsedProperties) {
        notes.push(`${used.message}. They go all the same: --remove-used-properties`);
      } else {
        obstacles.push(used);
      }
    }
    const busy = plan.changes.some(isRestart) ? await atWork(api, guard) : undefined;
    if (busy !== undefined) {
      if (guard.restartBusyEngine) {
        notes.push(`${busy.message}. It is restarted all the same: --restart-busy-engine`);
      } else if (guard.apply) {
        obstacles.push(busy);
      } else {
        notes.push(`${busy.message}. An apply would not begin now`);
      }
    }
  } catch (error) {
    if (guard.apply || !(error instanceof HostError)) {
      throw error;
    }
    notes.push(`The engine could not be asked what speaks against the change: ${error.failure.message}`);
  }
  const told = { ...plan, notes: [...plan.notes, ...notes] };
  return obstacles.length === 0 ? told : heldBack(told, obstacles);
}

function heldBack(plan: ResourcePlan, obstacles: readonly Obstacle[]): ResourcePlan {
  const isHeld = ({ resource }: Change) => resource === 'engine-properties';
  const kept = plan.changes.filter(change => !isHeld(change));
  const obstacle = {
    message: obstacles.map(({ message }) => message).join('; '),
    hint: obstacles.map(({ hint }) => hint).join(' '),
  };
  return {
    ...plan,
    changes: kept,
    blocked: [...plan.blocked, ...plan.changes.filter(isHeld).map(change => ({ change, ...obstacle }))],
    steps: () => plan.steps(kept),
  };
}

export function isRestart({ resource, action }: Change): boolean {
  return resource === 'engine-properties' && action === 'restart';
}

// More names make no sentence.
const MOST_NAMES = 20;

async function usedRemovals(changes: readonly Change[], api: EngineApi): Promise<Obstacle | undefined> {
  const removals = removalsIn(changes);
  const [vms, profiles] = await Promise.all([
    removals.some(removal => removal.of === 'vm') ? listVmPropertyUsers(api) : [],
    removals.some(removal => removal.of === 'profile') ? listProfilePropertyUsers(api) : [],
  ]);
  const used = removals.flatMap(removal => {
    const users = usersOf(removal, removal.of === 'vm' ? vms : profiles);
    const names = [...new Set(users.map(({ kind, name }) => `${kind} ${name}`))].toSorted();
    return names.length === 0 ? [] : [`${removal.name} at ${removal.level} by ${listed(names)}`];
  });
  return used.length === 0
    ? undefined
    : {
        message: `Properties that are to go are still used: ${used.join('; ')}`,
        hint: 'A VM with a value of a property that is not defined does not start. Take the values away first (`hookfleet vm set NAME --unset PROPERTY`, `hookfleet vnic set`; of templates and pools in the Administration Portal), or give --remove-used-properties.',
      };
}

async function atWork(api: EngineApi, { apply, patience }: Guard): Promise<Obstacle | undefined> {
  const until = performance.now() + (apply ? Math.min(patience.seconds, MOST_SECONDS) * 1000 : 0);
  let work = await workOf(api);
  while (work.length > 0 && performance.now() < until) {
    await sleep(patience.everyMs, undefined, { signal: patience.signal });
    work = await workOf(api);
  }
  return work.length === 0
    ? undefined
    : {
        message: `The engine is at work, and a restart would cut that off: ${listed(work)}`,
        hint: 'Run this again when that is done, or give --restart-busy-engine.',
      };
}

/** Nothing where the web server answers, and the engine behind it does not: what does not run is at no work. */
async function workOf(api: EngineApi): Promise<readonly string[]> {
  try {
    const [hosts, jobs] = await Promise.all([listEngineHosts(api), listRunningJobs(api)]);
    return [
      ...hosts
        .filter(({ status }) => INSTALLING_STATES.includes(status))
        .map(({ name, status }) => `host ${name} is in the state ${status}`),
      ...jobs.map(({ description }) => `job "${description}"`),
    ];
  } catch (error) {
    if (error instanceof EngineApiError && error.failure.kind === 'engine-unreachable' && error.status) {
      return [];
    }
    throw error;
  }
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
