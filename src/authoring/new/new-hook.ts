import { isHookEnvironment } from '../../catalog/environment.ts';
import type { HookPoint } from '../../catalog/events.ts';
import { findHook } from '../../catalog/hooks.ts';
import { isPredefined, PREDEFINED_NETWORK_PROPERTIES } from '../../catalog/predefined.ts';
import type { Problem } from '../../core/input-error.ts';

export type Language = 'python' | 'sh';

export type PropertyKind = 'vm' | 'device' | 'network';

/** The custom property that switches a new hook on. */
export interface NewProperty {
  readonly name: string;
  /** The Java regex that the engine holds values against. */
  readonly regex: string;
  /** Which of the engine's definitions it belongs to, at least one; `device` ones have a type. */
  readonly kinds: readonly PropertyKind[];
  /** A value that the regex takes, for the test and the examples. */
  readonly value: string;
}

/** A hook that is to be made. */
export interface NewHook {
  readonly name: string;
  readonly points: readonly HookPoint[];
  readonly language: Language;
  readonly summary: string;
  /** Undefined where none of its events gets custom properties. */
  readonly property: NewProperty | undefined;
}

/** The name under which a script of a hook is installed; VDSM runs those of an event in the order of their names. */
export function scriptName(hook: Pick<NewHook, 'name'>): string {
  return `50_${hook.name}`;
}

/** What the custom property of an event belongs to: network events find theirs in their JSON. */
export function propertyKind(point: HookPoint): PropertyKind | undefined {
  if (point.properties !== 'none') {
    return point.properties;
  }
  return isNetworkEvent(point) ? 'network' : undefined;
}

/**
 * What the custom property of a hook with these events belongs to: of a VM, of a device, or, beside either, of a network.
 * Scripts of devices find the properties of the VM too, so beside a VM's none of a device is needed.
 */
export function propertyKinds(points: readonly HookPoint[]): PropertyKind[] {
  const found = new Set(points.map(propertyKind));
  return (['vm', 'device', 'network'] as const).filter(
    kind => found.has(kind) && !(kind === 'device' && found.has('vm')),
  );
}

/** Whether the JSON of an event is a request for networks, with the custom properties of each. */
export function isNetworkEvent({ name }: Pick<HookPoint, 'name'>): boolean {
  return /_network_setup(?:_fail)?$/.test(name);
}

/** What is wrong with the name of a new hook. */
export function nameProblem(name: string): Problem | undefined {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) {
    return {
      message: `"${name}" is no name for a hook`,
      hint: 'Use at most 40 small letters, digits and _, a letter first, as in site_audit.',
    };
  }
  return undefined;
}

/** What is wrong with a name where VDSM, or somebody else, already has a hook of it. */
export function takenProblem(name: string): Problem | undefined {
  return findHook(name) === undefined
    ? undefined
    : {
        message: `"${name}" is a hook of the catalogue, and its package installs scripts of that name`,
        hint: `Choose another name; \`hookfleet hooks show ${name}\` tells what that hook does.`,
      };
}

/** What is wrong with the name of a hook's custom property. */
export function propertyNameProblem(name: string, kind: PropertyKind): Problem | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return {
      message: `"${name}" is no name for a custom property`,
      hint: 'Use letters, digits and _, no digit first: VDSM puts it into the environment, and into the domain XML.',
    };
  }
  if (isHookEnvironment(name)) {
    return {
      message: `a custom property "${name}" would change how every script runs: that name means something in the environment`,
      hint: 'Choose another one, as in site_audit.',
    };
  }
  const predefined =
    kind === 'vm' ? isPredefined(name) : kind === 'network' && PREDEFINED_NETWORK_PROPERTIES.includes(name);
  return predefined
    ? { message: `the engine itself defines the ${kind} property "${name}"`, hint: 'Choose another one.' }
    : undefined;
}

const EXAMPLES = [
  'true',
  'on',
  'yes',
  '1',
  'a',
  'abc',
  'br0',
  '10',
  '1-2',
  'abc-1',
  '192.0.2.1',
  '00:1a:4a:16:01:51',
  'a=b',
  'a,b',
  '/a/b',
];

/** A value that a regex takes, of a few that are tried; `VALUE` where none fits, or where it is Java's alone. */
export function exampleValue(regex: string): string {
  try {
    const whole = new RegExp(`^(?:${regex})$`);
    return EXAMPLES.find(value => whole.test(value)) ?? 'VALUE';
  } catch {
    return 'VALUE';
  }
}
