import { engineProperties } from '../catalog/hook-properties.ts';
import { HOOKS } from '../catalog/hooks.ts';
import { didYouMean } from '../core/suggest.ts';
import type { CustomProperty, PropertyWish } from './custom-properties.ts';
import { javaMatches } from './java-match.ts';
import { readJavaRegex } from './java-regex.ts';
import { type Definition, mergeProperties, parseProperties } from './values.ts';

/** What the engine defines for VMs, by level. A level whose value cannot be read is missing. */
export type Definitions = ReadonlyMap<string, readonly Definition[]>;

/** What the engine would refuse, or could not take, and what to do about it. */
export interface PropertyFault {
  readonly name: string;
  readonly message: string;
  readonly hint: string;
}

/** VmBase.java: the column of a VM's properties, as `name=value;…`. */
const LONGEST_LIST = 4000;

/**
 * Joins the texts of `PredefinedVMProperties` and `UserDefinedVMProperties`, by level: of two of one name the user's own
 * counts, as in the engine (VmPropertiesUtils.java).
 */
export function joinDefinitions(
  predefined: ReadonlyMap<string, string>,
  own: ReadonlyMap<string, string>,
): Definitions {
  const levels = new Set([...predefined.keys(), ...own.keys()]);
  return new Map(
    [...levels].flatMap(level => {
      const [first, second] = [predefined, own].map(texts => parseProperties(texts.get(level) ?? ''));
      return first?.ok && second?.ok ? [[level, mergeProperties(first.value, second.value)] as const] : [];
    }),
  );
}

/**
 * What the engine would refuse of a VM's whole list: it judges all of it, whatever was changed. A level that is not among
 * the definitions is not judged, nor is a value of which only Java can tell whether it matches.
 *
 * @param list as it shall become.
 * @param level the VM's effective level: its own, else its cluster's.
 */
export function checkValues(
  list: readonly CustomProperty[],
  wishes: readonly PropertyWish[],
  level: string,
  definitions: Definitions,
): readonly PropertyFault[] {
  const known = definitions.get(level);
  const wished = new Set(wishes.map(({ name }) => name));
  const length = list.reduce((sum, { name, value }) => sum + name.length + value.length + 2, 0);
  return [
    ...(known === undefined
      ? []
      : list.flatMap(one => {
          const definition = known.find(({ name }) => name === one.name);
          return definition === undefined
            ? [undefinedFault(one, wished.has(one.name), level, definitions)]
            : valueFaults(one, wished.has(one.name), definition.regex);
        })),
    ...(length > LONGEST_LIST
      ? [
          {
            name: '',
            message: `all properties together have ${length} characters, and the engine keeps ${LONGEST_LIST}`,
            hint: 'Shorten a value, or take a property away with --unset.',
          },
        ]
      : []),
  ];
}

function undefinedFault(
  { name }: CustomProperty,
  isWished: boolean,
  level: string,
  definitions: Definitions,
): PropertyFault {
  const here = (definitions.get(level) ?? []).map(one => one.name);
  const elsewhere = [...definitions].filter(([, known]) => known.some(one => one.name === name));
  const near = isWished ? didYouMean(name, here) : undefined;
  const levels = elsewhere.map(([other]) => other);
  return {
    name,
    message: isWished
      ? `the property ${name} is not defined at level ${level}`
      : `the property ${name}, which is there already, is not defined at level ${level} any more: the engine refuses every list with it`,
    hint: [
      ...(near === undefined ? [] : [`Did you mean "${near}"?`]),
      levels.length > 0 ? `It is defined at ${levels.join(', ')}.` : 'No level defines it.',
      ...(isWished ? [] : [`Take it away with --unset ${name}, or define it.`]),
      howToDefine(name, level),
    ].join(' '),
  };
}

/** The command that defines a VM property. */
function howToDefine(name: string, level: string): string {
  const hook = HOOKS.find(
    one =>
      one.status !== 'removed' &&
      engineProperties(one).some(
        ({ key, ...rest }) => key === 'UserDefinedVMProperties' && rest.name === name,
      ),
  );
  return hook === undefined
    ? `To define it: \`engine_properties: {cluster_levels: [${level}], vm: {${name}: REGEX}}\` in a play, then hookfleet apply PLAYBOOK.`
    : `To define it: hookfleet install ${hook.name}.`;
}

function valueFaults({ name, value }: CustomProperty, isWished: boolean, regex: string): PropertyFault[] {
  const { fault } = readJavaRegex(regex);
  if (fault !== undefined) {
    return [
      {
        name,
        message: `the definition of ${name} cannot be used: ${fault}`,
        hint: `The engine fails on it: ${regex}`,
      },
    ];
  }
  return javaMatches(regex, value) === false
    ? [
        {
          name,
          message: `"${value}" is no value of ${name}${isWished ? '' : ', which is there already'}`,
          hint: `The whole of it must match ${regex}`,
        },
      ]
    : [];
}
