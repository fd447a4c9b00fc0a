import { DEVICE_TYPES } from '../catalog/device-types.ts';
import { HOOK_POINTS } from '../catalog/events.ts';
import { findHook } from '../catalog/hooks.ts';
import type { Place, Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import { propertyNameFault } from './property-rules.ts';
import { entriesOf, isMapping, itemsOf, type Mapping } from './raw.ts';
import type { YamlSource } from './yaml-source.ts';

/** What is wrong with the hooks of a site's catalogue beyond the shape of single values, over all of its files. */
export function siteCatalogProblems(sources: readonly YamlSource[]): Problem[] {
  const entries = sources.flatMap(source =>
    itemsOf(source.value).flatMap((item, index) => (isMapping(item) ? [{ item, index, source }] : [])),
  );
  return [...entries.flatMap(entryProblems), ...clashes(entries)];
}

interface Entry {
  readonly item: Mapping;
  readonly index: number;
  readonly source: YamlSource;
}

function entryProblems({ item, index, source }: Entry): Problem[] {
  const at = (...path: (string | number)[]) => source.place([index, ...path]);
  const keyAt = (key: string) => source.place([index, key], 'key');
  return [
    ...(item.package === undefined && item.source === undefined
      ? [
          {
            place: at(),
            message: `nothing says where the hook "${String(item.name)}" comes from`,
            hint: 'Give it package: NAME, or source: the folder of its scripts.',
          },
        ]
      : []),
    ...['package', 'files', 'other_files', 'requires', 'conflicts']
      .filter(key => item.source !== undefined && item[key] !== undefined)
      .map(key => ({
        place: keyAt(key),
        message: `${key} is for hooks that come as packages, and this one is a folder of scripts (source)`,
        hint: `Leave out ${key} or source.`,
      })),
    ...(item.broken_since !== undefined && item.broken === undefined
      ? [{ place: keyAt('broken_since'), message: 'broken_since goes with broken: a sentence on the defect' }]
      : []),
    ...itemsOf(item.files).flatMap((file, i) => {
      const path = isMapping(file) ? file.path : file;
      return eventProblem(typeof path === 'string' ? (path.split('/')[0] ?? '') : '', at('files', i));
    }),
    ...propertyProblems(item.properties, [index, 'properties'], source),
  ];
}

const EVENTS = HOOK_POINTS.map(({ name }) => name);

function eventProblem(event: string, place: Place): Problem[] {
  if (EVENTS.includes(event)) {
    return [];
  }
  const near = didYouMean(event, EVENTS);
  return [
    {
      place,
      message: `unknown event "${event}": VDSM has no such hook folder`,
      hint: near === undefined ? '`hookfleet hooks events` lists all of them.' : `Did you mean "${near}"?`,
    },
  ];
}

function propertyProblems(
  properties: unknown,
  path: readonly (string | number)[],
  source: YamlSource,
): Problem[] {
  if (!isMapping(properties)) {
    return [];
  }
  const types: readonly string[] = DEVICE_TYPES;
  const groups = [
    ...['vm', 'network'].map(kind => ({ at: [...path, kind], rules: properties[kind], kind })),
    ...entriesOf(properties.device).map(([type, rules]) => ({
      at: [...path, 'device', type],
      rules,
      kind: 'device',
    })),
  ];
  return [
    ...entriesOf(properties.device)
      .filter(([type]) => !types.includes(type))
      .map(([type]) => ({
        place: source.place([...path, 'device', type], 'key'),
        message: `the engine has no device type "${type}"`,
        hint: `It has ${types.join(', ')}.`,
      })),
    ...groups.flatMap(({ at, rules, kind }) =>
      entriesOf(rules).flatMap(([name]) => {
        const fault = propertyNameFault(kind, name);
        return fault === undefined ? [] : [{ place: source.place([...at, name], 'key'), ...fault }];
      }),
    ),
  ];
}

/** A name or package that two hooks have would mean either of them; hookfleet's own cannot be replaced. */
function clashes(entries: readonly Entry[]): Problem[] {
  const first = new Map<string, Place>();
  return entries.flatMap(({ item, index, source }) => {
    const names = [...new Set([item.name, item.package])].filter(name => typeof name === 'string');
    return names.flatMap(name => {
      const place = source.place([index, item.name === name ? 'name' : 'package']);
      const known = findHook(name);
      const earlier = first.get(name);
      first.set(name, earlier ?? place);
      if (known !== undefined) {
        return [
          {
            place,
            message: `"${name}" is ${known.name === name ? 'a hook' : `the package of ${known.name}`} of hookfleet's own catalogue`,
            hint: 'Give yours another name: a playbook must mean one of the two.',
          },
        ];
      }
      return earlier === undefined
        ? []
        : [
            {
              place,
              message: `"${name}" stands twice in the catalogue: in ${earlier.file}, line ${earlier.line} too`,
            },
          ];
    });
  });
}
