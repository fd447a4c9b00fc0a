import type { Change } from '../core/change.ts';
import type { EngineValues } from '../core/engine-values.ts';
import type { HostFacts } from '../core/facts.ts';
import { HostError } from '../core/failure.ts';
import type { HostResult } from '../core/host-result.ts';
import { SCRIPT_LIMITS, type ScriptLimits } from '../core/script-limits.ts';
import type { Section } from '../core/section.ts';
import { type Sh, sh } from '../core/sh.ts';
import type { Session } from '../remote/script/session.ts';
import type { BoundResource, ResourcePlan } from '../resources/bound.ts';
import type { Blocked } from '../resources/resource.ts';
import { FACTS_PROBE, readFacts } from './host-facts.ts';
import { LOCK_PROBE } from './host-lock.ts';

/** What a host's probe means for everything that is wanted of it. */
export interface HostPlan {
  readonly parts: readonly ResourcePlan[];
  /** Who changed the host last, as its lock tells. */
  readonly lastHolder: string;
  readonly changes: readonly Change[];
  readonly blocked: readonly Blocked[];
  readonly unmanaged: readonly Change[];
  readonly notes: readonly string[];
  readonly facts: HostFacts;
  /** Undefined where no properties of an engine were looked at. */
  readonly engine: EngineValues | undefined;
}

/** What a probe asks a host, in one script: has it root's rights, who changed it last, which versions has it, then each resource's question. */
export function probeFragments(resources: readonly BoundResource[]): readonly Sh[] {
  const fragments = [WHO, LOCK_PROBE, FACTS_PROBE, ...resources.map(resource => resource.probe)];
  const last = fragments.at(-1) ?? FACTS_PROBE;
  const known = KNOWN_BY_LAST.get(last);
  if (known?.length === fragments.length && known.every((one, i) => one === fragments[i])) {
    return known;
  }
  KNOWN_BY_LAST.set(last, fragments);
  return fragments;
}

const WHO = sh`id -u`;

/** Hosts that are asked the same have one list of fragments, so that its script is made once. */
const KNOWN_BY_LAST = new WeakMap<Sh, readonly Sh[]>();

/**
 * Probes a host, in one exec, and asks whoever else has a say in what is due.
 *
 * @param limits how long the host may take.
 * @param last what else is run there, after the probe.
 * @throws {HostError} where the state cannot be told.
 */
export async function planHost(
  session: Session,
  resources: readonly BoundResource[],
  become: boolean,
  limits: ScriptLimits = SCRIPT_LIMITS,
  last: readonly Sh[] = [],
): Promise<HostPlan> {
  const probe = probeFragments(resources);
  const [who, lock, facts, ...replies] = await session.run(last.length === 0 ? probe : [...probe, ...last], {
    become,
    timeoutSeconds: limits.probeSeconds,
    stopAtFailure: false,
  });
  if (who?.stdout.trim() !== '0') {
    throw notRoot();
  }
  const plans = resources.map((resource, i) => resource.plan(replies[i] ?? NO_REPLY));
  const parts = await Promise.all(plans.map(consulted));
  return {
    parts,
    lastHolder: lock?.stdout ?? '',
    changes: parts.flatMap(part => part.changes),
    blocked: parts.flatMap(part => part.blocked),
    unmanaged: parts.flatMap(part => part.unmanaged ?? []),
    notes: parts.flatMap(part => part.notes),
    facts: readFacts(facts ?? NO_REPLY),
    engine: parts.find(part => part.engine !== undefined)?.engine,
  };
}

/** Whoever could not be asked: the host itself was reached. */
async function consulted(plan: ResourcePlan): Promise<ResourcePlan> {
  try {
    return (await plan.consult?.()) ?? plan;
  } catch (error) {
    throw error instanceof HostError ? new HostError('failed', error.failure) : error;
  }
}

/** What was seen of a host besides what differs. */
export function seenOn({ facts, engine }: HostPlan): Pick<HostResult, 'facts' | 'engine'> {
  return { facts, ...(engine === undefined ? {} : { engine }) };
}

function notRoot(): HostError {
  return new HostError('failed', {
    kind: 'become',
    step: 'become',
    message: 'The login user is not root, and the play does not say to become root',
    hint: 'Write `become: true` in the play, or give --become.',
  });
}

const NO_REPLY: Section = { stdout: '', stderr: '', exitCode: 127 };

/** What is left alone on purpose is told, but is nobody's failure. */
export function notesOf({ notes, unmanaged }: HostPlan): readonly string[] {
  const left = unmanaged.map(
    ({ resource, id }) =>
      `${resource} ${id} should not be there, and is left alone; \`unmanaged: remove\` in the play, run without --limit, takes away what is surely nobody's`,
  );
  return [...new Set([...notes, ...left])];
}
