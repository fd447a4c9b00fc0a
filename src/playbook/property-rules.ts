import { DEVICE_TYPES } from '../catalog/device-types.ts';
import { MOST_DEFINITIONS } from '../catalog/engine-limits.ts';
import { isHookEnvironment } from '../catalog/environment.ts';
import { isPredefined, PREDEFINED_NETWORK_PROPERTIES } from '../catalog/predefined.ts';
import type { Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import { entriesOf, isMapping, itemsOf } from './raw.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

/** The rules for cluster levels, device types and the names of properties, in every play of a document. */
export function propertyProblems(source: YamlSource): Problem[] {
  return itemsOf(source.value).flatMap((play, index) => {
    const path = [index, 'engine_properties'];
    const wanted = isMapping(play) ? play.engine_properties : undefined;
    return isMapping(wanted)
      ? [
          ...levelProblems([...path, 'cluster_levels'], wanted.cluster_levels, source),
          ...kindProblems(wanted, path, source),
        ]
      : [];
  });
}

function levelProblems(path: Path, levels: unknown, source: YamlSource): Problem[] {
  const seen = new Set<string>();
  return itemsOf(levels).flatMap((_, index) => {
    const place = source.place([...path, index]);
    const level = source.spelling([...path, index]);
    if (level === undefined) {
      return [];
    }
    if (!/^[1-9][0-9]*\.[0-9]+$/.test(level)) {
      return [{ place, message: `"${level}" is not a cluster level such as 4.7` }];
    }
    if (seen.has(level)) {
      return [{ place, message: `the cluster level ${level} stands twice` }];
    }
    seen.add(level);
    return [];
  });
}

function kindProblems(wanted: Readonly<Record<string, unknown>>, path: Path, source: YamlSource): Problem[] {
  const levels = itemsOf(wanted.cluster_levels).flatMap(
    (_, index) => source.spelling([...path, 'cluster_levels', index]) ?? [],
  );
  const overrides = wanted.override_predefined === true;
  const isPredefinedVm = (name: string) =>
    !overrides &&
    (levels.length === 0 ? isPredefined(name) : levels.some(level => isPredefined(name, level)));
  return [
    ...['vm', 'network', 'device'].flatMap(kind =>
      countProblems(wanted[kind], kind === 'device' ? 2 : 1, [...path, kind], source),
    ),
    ...nameProblems(wanted.vm, [...path, 'vm'], isPredefinedVm, source),
    ...nameProblems(
      wanted.network,
      [...path, 'network'],
      name => !overrides && PREDEFINED_NETWORK_PROPERTIES.includes(name),
      source,
    ),
    ...entriesOf(wanted.device).flatMap(([type, rules]) => {
      const devicePath = [...path, 'device', type];
      return [
        ...typeProblems(type, devicePath, source),
        ...nameProblems(rules, devicePath, () => false, source),
      ];
    }),
  ];
}

/** Definitions of one key of the engine: they share a value. @param depth how far down they stand. */
function countProblems(rules: unknown, depth: 1 | 2, path: Path, source: YamlSource): Problem[] {
  const groups = depth === 1 ? [rules] : entriesOf(rules).map(([, inner]) => inner);
  const count = groups.flatMap(group => entriesOf(group)).filter(([, rule]) => !isMapping(rule)).length;
  return count <= MOST_DEFINITIONS
    ? []
    : [
        {
          place: source.place(path, 'key'),
          message: `${count} definitions in one value are more than engine-config survives`,
          hint: `Keep to ${MOST_DEFINITIONS} at most, those of others in the engine included.`,
        },
      ];
}

function typeProblems(type: string, path: Path, source: YamlSource): Problem[] {
  const types: readonly string[] = DEVICE_TYPES;
  if (types.includes(type)) {
    return [];
  }
  const near = didYouMean(type, types);
  return [
    {
      place: source.place(path, 'key'),
      message: `the engine has no device type "${type}"`,
      hint: near === undefined ? `It has ${types.join(', ')}.` : `Did you mean "${near}"?`,
    },
  ];
}

function nameProblems(
  rules: unknown,
  path: Path,
  isEngines: (name: string) => boolean,
  source: YamlSource,
): Problem[] {
  return entriesOf(rules).flatMap(([name, rule]) => {
    const fault = isMapping(rule) ? absentNameFault(name) : nameFault(name, isEngines);
    return fault ? [{ place: source.place([...path, name], 'key'), ...fault }] : [];
  });
}

/** Whatever name the engine can hold can also be taken away again, a bad choice of earlier days included. */
function absentNameFault(name: string): Problem | undefined {
  return /^[A-Za-z0-9_]+$/.test(name) ? undefined : { message: `"${name}" cannot be the name of a property` };
}

/** Why a hook cannot have a property of this name; undefined for a good one. The engine's own properties of VMs may be read. */
export function propertyNameFault(kind: string, name: string): Problem | undefined {
  return nameFault(name, one => kind === 'network' && PREDEFINED_NETWORK_PROPERTIES.includes(one));
}

function nameFault(name: string, isEngines: (name: string) => boolean): Problem | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return {
      message: `"${name}" cannot be the name of a property`,
      hint: 'A name has letters (A to Z, a to z), digits and underscores, and does not begin with a digit.',
    };
  }
  if (isHookEnvironment(name)) {
    return {
      message: `a property cannot be called ${name}`,
      hint: 'VDSM puts properties into the environment of the hooks, where this name means something else. Choose another.',
    };
  }
  if (isEngines(name)) {
    return {
      message: `the engine defines the property ${name} by itself`,
      hint: 'Defining it again would override the definition of the engine. It can be used as it is: leave it out here, or say `override_predefined: true`.',
    };
  }
  return undefined;
}
