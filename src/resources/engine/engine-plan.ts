import { MOST_DEFINITIONS } from '../../catalog/engine-limits.ts';
import {
  type Definition,
  type DeviceDefinitions,
  mergeDevices,
  mergeProperties,
  type Parsed,
  parseDevices,
  parseProperties,
  printDevices,
  printProperties,
  sameDevices,
  sameProperties,
} from '../../engine/values.ts';
import type { EnginePropertiesWanted, Property } from './engine-properties.ts';
import type { EngineKey } from './engine-shell.ts';

/** What is to be done about one stored value. `after` is the value wanted, in the engine's grammar. */
export type Plan =
  | { readonly kind: 'keep' }
  | { readonly kind: 'set'; readonly after: string }
  | { readonly kind: 'block'; readonly after: string; readonly message: string; readonly hint: string };

/** A key's part of what is wanted at one level. */
export interface Wishes {
  readonly isEmpty: boolean;
  /** The new value for a stored one. */
  plan(stored: string): Plan;
  /** The value that an engine without any definition would get, for people. */
  readonly alone: string;
}

/** The whole value is one argument of engine-config: 128 KiB at most (Linux: MAX_ARG_STRLEN), key and all. */
const MOST_BYTES = 120 * 1024;

/** What is wanted of one key, of those properties that `defines` lets through. */
export function wishesFor(
  key: EngineKey,
  wanted: EnginePropertiesWanted,
  defines: (property: Property) => boolean,
): Wishes {
  switch (key) {
    case 'UserDefinedVMProperties':
      return propertyWishes(key, wanted.vm.filter(defines));
    case 'UserDefinedNetworkCustomProperties':
      return propertyWishes(key, wanted.network.filter(defines));
    case 'CustomDeviceProperties':
      return deviceWishes(
        wanted.device.map(({ type, properties }) => ({ type, properties: properties.filter(defines) })),
      );
  }
}

function propertyWishes(key: EngineKey, properties: readonly Property[]): Wishes {
  return wishes<readonly Definition[]>(key, properties.length === 0, {
    parse: parseProperties,
    print: printProperties,
    same: sameProperties,
    count: definitions => definitions.length,
    merge: stored => mergeProperties(stored, properties),
  });
}

function deviceWishes(devices: EnginePropertiesWanted['device']): Wishes {
  const isEmpty = devices.every(({ properties }) => properties.length === 0);
  return wishes<readonly DeviceDefinitions[]>('CustomDeviceProperties', isEmpty, {
    parse: parseDevices,
    print: printDevices,
    same: sameDevices,
    count: all => all.reduce((sum, { properties }) => sum + properties.length, 0),
    merge: stored => mergeDevices(stored, devices),
  });
}

interface Grammar<Value> {
  parse(text: string): Parsed<Value>;
  print(value: Value): string;
  same(a: Value, b: Value): boolean;
  count(value: Value): number;
  merge(stored: Value): Value;
}

function wishes<Value>(key: EngineKey, isEmpty: boolean, grammar: Grammar<Value>): Wishes {
  const nothing = grammar.parse('');
  const alone = nothing.ok ? grammar.print(grammar.merge(nothing.value)) : '';
  return {
    isEmpty,
    alone,
    plan: stored => (isEmpty ? { kind: 'keep' } : planValue(key, stored, alone, grammar)),
  };
}

function planValue<Value>(key: EngineKey, stored: string, alone: string, grammar: Grammar<Value>): Plan {
  const found = grammar.parse(stored);
  if (!found.ok) {
    return {
      kind: 'block',
      after: alone,
      message: `The stored value cannot be read from here: ${excerpt(found.rest)}`,
      hint: 'It is left as it is. Mend it with `engine-config -s` on the host, then run again.',
    };
  }
  const merged = grammar.merge(found.value);
  if (grammar.same(found.value, merged)) {
    return { kind: 'keep' };
  }
  const after = grammar.print(merged);
  const trouble =
    cannotBeStored(key, stored, after, grammar.count(merged)) ?? misread(after, merged, grammar);
  return trouble === undefined ? { kind: 'set', after } : { kind: 'block', after, ...trouble };
}

function cannotBeStored(key: EngineKey, stored: string, after: string, count: number) {
  if (stored.includes('\ufffd')) {
    return {
      message: 'The stored value holds U+FFFD where other text was lost earlier',
      hint: 'It is left as it is. Write the lost text again with `LC_ALL=C.UTF-8 engine-config -s` on the host, then run again.',
    };
  }
  if (count > MOST_DEFINITIONS) {
    return {
      message: `${count} definitions in one value are more than engine-config survives`,
      hint: `Keep to ${MOST_DEFINITIONS} at most: remove those that no VM uses any more.`,
    };
  }
  if (Buffer.byteLength(after) > MOST_BYTES) {
    return {
      message: `All definitions of ${key} together have ${Buffer.byteLength(after)} bytes, more than one argument can hold`,
      hint: `Keep them below ${MOST_BYTES} bytes: shorten the expressions, or remove what no VM uses any more.`,
    };
  }
  if (after === '' && key === 'UserDefinedNetworkCustomProperties') {
    return {
      message: 'engine-config cannot empty the network properties',
      hint: 'Keep one definition, for instance one that nothing uses.',
    };
  }
  return undefined;
}

/** Catches a name or regex that the grammar has no way to write: it would become something else. */
function misread<Value>(after: string, merged: Value, grammar: Grammar<Value>) {
  const read = grammar.parse(after);
  return !after.includes('\0') && read.ok && grammar.same(read.value, merged)
    ? undefined
    : {
        message: "A name or regex wanted here cannot be written in the engine's grammar",
        hint: 'Names are letters, digits and `_`; a regex has no `;`, no NUL, and in a device property no `}}{type=`.',
      };
}

function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text === '' ? '(nothing between two `;`)' : text;
}
