import type { Subject } from '../core/change.ts';
import type { EngineValues } from '../core/engine-values.ts';
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
  /** The steps that make the plan's changes. */
  steps(): readonly Step[];
}

/** Ties a resource to its wanted state, so that resources of different kinds fit into one list. */
export function bind<Wanted, Found>(resource: Resource<Wanted, Found>, wanted: Wanted): BoundResource {
  return {
    kind: resource.kind,
    probe: resource.probe(wanted),
    subjects: resource.subjects?.(wanted) ?? [],
    plan(reply) {
      const found = resource.read(reply, wanted);
      const diff = resource.diff(wanted, found);
      return {
        ...diff,
        engine: resource.engineValues?.(found),
        steps: () => resource.apply(diff.changes, wanted, found),
      };
    },
  };
}
