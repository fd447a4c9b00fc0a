import { isHookEnvironment } from '../../catalog/environment.ts';
import type { HookPoint } from '../../catalog/events.ts';
import type { Problem } from '../../core/input-error.ts';
import { isNetworkEvent } from '../new/new-hook.ts';

/** Custom properties by name. */
export type Properties = ReadonlyMap<string, string>;

/** The custom properties that a try is given. */
export interface GivenProperties {
  /** Of the VM; for a network event, of every network. */
  readonly vm: Properties;
  readonly device: Properties;
}

export type PropertyRead = { readonly properties: Properties } | { readonly problems: readonly Problem[] };

/** Reads `name=value` words; the value may be empty, and hold `=`. */
export function readProperties(words: readonly string[], option: string): PropertyRead {
  const pairs = words.map(word => {
    const at = word.indexOf('=');
    return {
      word,
      name: at === -1 ? word : word.slice(0, at),
      value: at === -1 ? undefined : word.slice(at + 1),
    };
  });
  const problems = pairs.flatMap(({ word, name, value }, i): Problem[] => {
    if (value === undefined) {
      return [{ message: `${option} ${word} has no value`, hint: `Give ${option} ${word}=VALUE.` }];
    }
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      return [
        {
          message: `"${name}" is no name for a custom property`,
          hint: 'Use letters, digits and _, no digit first.',
        },
      ];
    }
    if (isHookEnvironment(name)) {
      return [
        {
          message: `a custom property "${name}" would change how every script runs: that name means something in the environment`,
          hint: 'Choose another one.',
        },
      ];
    }
    return pairs.findIndex(one => one.name === name) < i
      ? [{ message: `${option} ${name} is given twice`, hint: 'Give it once.' }]
      : [];
  });
  return problems.length > 0
    ? { problems }
    : { properties: new Map(pairs.map(({ name, value }) => [name, value ?? ''])) };
}

/** What is wrong with giving these properties to the scripts of an event. */
export function propertyProblems(point: HookPoint, { vm, device }: GivenProperties): Problem[] {
  const noVm = point.properties === 'none' && !isNetworkEvent(point) && vm.size > 0;
  const noDevice = point.properties !== 'device' && device.size > 0;
  return [
    ...(noVm
      ? [
          {
            message: `--prop has no use: the scripts of ${point.name} get no custom properties`,
            hint: 'Leave it out.',
          },
        ]
      : []),
    ...(noDevice
      ? [
          {
            message: `--device-prop has no use: the scripts of ${point.name} get no properties of a device`,
            hint: point.properties === 'vm' ? 'Those of the VM are given with --prop.' : 'Leave it out.',
          },
        ]
      : []),
  ];
}

/** The properties in a script's environment: those of the VM win (lib/vdsm/common/hooks.py). Networks have theirs in the JSON. */
export function inEnvironment(
  point: HookPoint,
  { vm, device }: GivenProperties,
): Readonly<Record<string, string>> {
  return point.properties === 'none' ? {} : Object.fromEntries([...device, ...vm]);
}
