import { BUILT_IN, type Catalog, type HookProperties } from '../catalog/hooks.ts';

/** One custom property as the engine shall know it, or shall not. */
export type Property = {
  readonly name: string;
  /** Who wants it: `playbook`, or the hook that needs it. */
  readonly origin: string;
} & ({ readonly regex: string } | { readonly absent: true });

export interface DeviceProperties {
  /** A device type of the engine: `interface`, `disk` … */
  readonly type: string;
  readonly properties: readonly Property[];
}

/** The custom properties to be merged into the engine; those of other names are left alone. */
export interface EngineProperties {
  /** The cluster levels to be set, or every level that the engine has. */
  readonly levels: 'all' | readonly string[];
  readonly vm: readonly Property[];
  readonly device: readonly DeviceProperties[];
  readonly network: readonly Property[];
}

/** Properties as a playbook defines them: a regular expression, or the wish that there is none of that name. */
export type PropertyRules = Readonly<Record<string, string | { readonly state: 'absent' }>>;

/** What a playbook itself says about the engine's properties. */
export interface DeclaredProperties {
  readonly levels: 'all' | readonly string[];
  readonly vm?: PropertyRules | undefined;
  readonly device?: Readonly<Record<string, PropertyRules>> | undefined;
  readonly network?: PropertyRules | undefined;
}

/**
 * Joins what a playbook defines with what the given hooks need, by catalogue name. What the playbook says of a name
 * wins. A name that the engine predefines is never taken from a hook, and a hook that the catalogue does not know needs
 * nothing.
 */
export function resolveEngineProperties(
  declared: DeclaredProperties,
  hooks: readonly string[],
  catalog: Catalog = BUILT_IN,
): EngineProperties {
  const needs = hooks.map(name => ({ name, properties: needsOf(name, catalog) }));
  const gather = (own: PropertyRules | undefined, ofHook: (properties: HookProperties) => PropertyRules) =>
    merge([
      ...properties(own ?? {}, 'playbook'),
      ...needs.flatMap(hook => properties(ofHook(hook.properties), hook.name)),
    ]);
  const types = new Set([
    ...Object.keys(declared.device ?? {}),
    ...needs.flatMap(hook => Object.keys(hook.properties.device)),
  ]);
  return {
    levels: declared.levels,
    vm: gather(declared.vm, needed => needed.vm),
    device: [...types]
      .map(type => ({
        type,
        properties: gather(declared.device?.[type], needed => needed.device[type] ?? {}),
      }))
      .filter(device => device.properties.length > 0),
    network: gather(declared.network, needed => needed.network),
  };
}

function needsOf(hookName: string, catalog: Catalog): HookProperties {
  const hook = catalog.find(hookName);
  if (hook === undefined) {
    return { vm: {}, device: {}, network: {} };
  }
  const vm = Object.entries(hook.properties.vm).filter(([name]) => !hook.predefined.includes(name));
  return { ...hook.properties, vm: Object.fromEntries(vm) };
}

function properties(rules: PropertyRules, origin: string): Property[] {
  return Object.entries(rules).map(([name, rule]) =>
    typeof rule === 'string' ? { name, regex: rule, origin } : { name, absent: true, origin },
  );
}

/** Of several properties of one name the first stays. */
function merge(all: readonly Property[]): Property[] {
  const byName = new Map<string, Property>();
  for (const property of all) {
    if (!byName.has(property.name)) {
      byName.set(property.name, property);
    }
  }
  return [...byName.values()];
}
