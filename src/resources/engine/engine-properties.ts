import type { Resource } from '../resource.ts';
import { diffEngine } from './engine-diff.ts';
import { type EnginePropertiesFound, readEngine } from './engine-found.ts';
import { valuesOf } from './engine-history.ts';
import { engineProbe } from './engine-probe.ts';
import { type EngineWish, engineSteps } from './engine-steps.ts';

/** The custom properties that an oVirt engine shall know. Those that are not named here are kept as they are. */
export interface EnginePropertiesWanted extends EngineWish {
  /** The cluster levels, as `4.7`; `all` means every level that the engine has. */
  readonly levels: 'all' | readonly string[];
  readonly vm: readonly Property[];
  /** By type of device: `interface`, `disk` … */
  readonly device: readonly { readonly type: string; readonly properties: readonly Property[] }[];
  readonly network: readonly Property[];
  /** The same play starts ovirt-engine where it is stopped, before this. */
  readonly startsEngine: boolean;
}

/** Names are unique within a list; of two the later counts. */
export type Property =
  | { readonly name: string; readonly regex: string; readonly origin: string }
  | { readonly name: string; readonly absent: true; readonly origin: string };

/**
 * Custom properties of an oVirt engine, kept with engine-config, and the one restart of ovirt-engine that a change of
 * them needs. An unchanged engine costs two calls of engine-config, three with network properties.
 */
export const enginePropertiesResource: Resource<EnginePropertiesWanted, EnginePropertiesFound> = {
  kind: 'engine-properties',
  probe: ({ network, healthUrl }) => engineProbe({ network: network.length > 0, healthUrl }),
  read: (reply, { run }) => readEngine(reply, run.id),
  diff: diffEngine,
  apply: engineSteps,
  subjects: () => [{ resource: 'engine-properties', id: '' }],
  engineValues: valuesOf,
};
