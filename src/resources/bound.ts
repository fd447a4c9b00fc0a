import type { Change, Subject } from '../core/change.ts';
import type { EngineValues } from '../core/engine-values.ts';
import type { Failure } from '../core/failure.ts';
import { rememberReadings } from '../core/readings.ts';
import type { Section } from '../core/section.ts';
import type { Sh } from '../core/sh.ts';
import type { Diff, Resource, Step } from './resource.ts';

/** A resource together with what is wanted of it: what the run engine carries to a host, whatever its kind. */
export interface BoundResource {
  readonly kind: string;
  readonly probe: Sh;
  /** What the probe looks at, as far as the resource tells. */
  readonly subjects?: readonly Subject[];
  /**
   * What a probe's reply means for the state wanted.
   * @throws {HostError} where the reply shows that the state cannot be told.
   */
  plan(reply: Section): ResourcePlan;
}

export interface ResourcePlan extends Diff {
  /** Of the engine: its properties as they were found. */
  readonly engine?: EngineValues | undefined;
  /** The steps that make the plan's changes, or those given of them. */
  steps(changes?: readonly Change[]): readonly Step[];
  /**
   * Asks somebody else than the host what speaks against the plan, before it is shown or made.
   * @returns the plan, perhaps with changes held back.
   * @throws {HostError}
   */
  consult?(): Promise<ResourcePlan>;
  /**
   * Sees to what belongs to this and is not on the host: in a check how it differs, in an apply what is made of it.
   * @param made what was changed on the host before, of all kinds.
   * @throws {HostError}
   */
  settle?(made: readonly Change[], tell: (step: string) => void): Promise<Settled>;
}

/** What was found elsewhere than on the host, or changed there. */
export interface Settled {
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
  /** Why it is not as it should be; what was done before that stands in `changes`. */
  readonly error: Failure | null;
}

/** Ties a resource to its wanted state, so that resources of different kinds fit into one list. */
export function bind<Wanted, Found>(resource: Resource<Wanted, Found>, wanted: Wanted): BoundResource {
  return {
    kind: resource.kind,
    probe: resource.probe(wanted),
    subjects: resource.subjects?.(wanted) ?? [],
    plan: rememberReadings(reply => {
      const found = resource.read(reply, wanted);
      const diff = resource.diff(wanted, found);
      return {
        ...diff,
        engine: resource.engineValues?.(found),
        steps: (changes = diff.changes) => resource.apply(changes, wanted, found),
      };
    }),
  };
}
