import { DEVICE_TYPES } from '../catalog/device-types.ts';

/**
 * The grammar of the engine's custom property values, read as the engine reads them (engine:
 * VmPropertiesUtils.java, DevicePropertiesUtils.java, CustomPropertiesValueHelper.java). No escape exists: a `;` always
 * ends a regex, and everything else belongs to it, blanks and line feeds included.
 */

/** A custom property: its name, and the Java regex that the whole of a value must match. */
export interface Definition {
  readonly name: string;
  readonly regex: string;
}

/** The custom properties of one type of device. */
export interface DeviceDefinitions {
  readonly type: string;
  readonly properties: readonly Definition[];
}

/** What shall become of one property: defined so, or gone. Properties that no wish names are kept. */
export type Wish = Definition | { readonly name: string; readonly absent: true };

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  /** `rest` is the text that cannot be read: a definition, or all from where the reading stopped. */
  | { readonly ok: false; readonly rest: string };

/**
 * Reads a value of `UserDefinedVMProperties` or `UserDefinedNetworkCustomProperties`: `name=regex;name=regex`, with at
 * most one `;` at the end. Definitions come as they stand; of two with the same name the engine uses the last.
 */
export function parseProperties(text: string): Parsed<readonly Definition[]> {
  if (text === '') {
    return { ok: true, value: [] };
  }
  const definitions: Definition[] = [];
  for (const item of (text.endsWith(';') ? text.slice(0, -1) : text).split(';')) {
    const [, name, regex] = /^([A-Za-z0-9_]+)=(.*)$/s.exec(item) ?? [];
    if (name === undefined || regex === undefined) {
      return { ok: false, rest: item };
    }
    definitions.push({ name, regex });
  }
  return { ok: true, value: definitions };
}

/** Writes definitions as {@link parseProperties} reads them, without a `;` at the end. */
export function printProperties(definitions: readonly Definition[]): string {
  return definitions.map(({ name, regex }) => `${name}=${regex}`).join(';');
}

/**
 * Reads a value of `CustomDeviceProperties`: `{type=T;prop={name=regex;…}}`, joined by `;`, in the order of
 * {@link DEVICE_TYPES}, each at most once. Stricter than engine-config in one point: it also takes `}}{type=`, which the engine then
 * misreads without a word; here that cannot be read.
 */
export function parseDevices(text: string): Parsed<readonly DeviceDefinitions[]> {
  const trap = text.indexOf('}}{type=');
  if (trap >= 0) {
    return { ok: false, rest: text.slice(trap) };
  }
  const devices: DeviceDefinitions[] = [];
  let position = 0;
  let lastRank = -1;
  while (position < text.length) {
    const unreadable = { ok: false, rest: text.slice(position) } as const;
    const [head, type] = /^\{type=([a-z]+);prop=\{/.exec(unreadable.rest) ?? [];
    if (head === undefined || type === undefined || rank(type) <= lastRank) {
      return unreadable;
    }
    const start = position + head.length;
    const end = endOfDevice(text, start);
    if (end === undefined) {
      return unreadable;
    }
    const properties = parseProperties(text.slice(start, end));
    if (!properties.ok) {
      return properties;
    }
    devices.push({ type, properties: properties.value });
    lastRank = rank(type);
    position = end + '}};'.length;
  }
  return { ok: true, value: devices };
}

/** Writes devices as {@link parseDevices} reads them: types in the engine's order, those without properties left out. */
export function printDevices(devices: readonly DeviceDefinitions[]): string {
  return devices
    .filter(({ properties }) => properties.length > 0)
    .toSorted((a, b) => rank(a.type) - rank(b.type))
    .map(({ type, properties }) => `{type=${type};prop={${printProperties(properties)}}}`)
    .join(';');
}

/** Brings the wishes into stored definitions. What no wish names stays, in its order; new names come last. */
export function mergeProperties(
  stored: readonly Definition[],
  wishes: readonly Wish[],
): readonly Definition[] {
  const merged = new Map(stored.map(({ name, regex }) => [name, regex]));
  for (const wish of wishes) {
    if ('absent' in wish) {
      merged.delete(wish.name);
    } else {
      merged.set(wish.name, wish.regex);
    }
  }
  return [...merged].map(([name, regex]) => ({ name, regex }));
}

/** As {@link mergeProperties}, per device type; types that are left without a property go. */
export function mergeDevices(
  stored: readonly DeviceDefinitions[],
  wishes: readonly { readonly type: string; readonly properties: readonly Wish[] }[],
): readonly DeviceDefinitions[] {
  const merged = new Map(stored.map(({ type, properties }) => [type, mergeProperties(properties, [])]));
  for (const { type, properties } of wishes) {
    merged.set(type, mergeProperties(merged.get(type) ?? [], properties));
  }
  return [...merged]
    .map(([type, properties]) => ({ type, properties }))
    .filter(({ properties }) => properties.length > 0)
    .toSorted((a, b) => rank(a.type) - rank(b.type));
}

/** Whether both mean the same to the engine: order and definitions that a later one overrides do not count. */
export function sameProperties(a: readonly Definition[], b: readonly Definition[]): boolean {
  const left = new Map(a.map(({ name, regex }) => [name, regex]));
  const right = new Map(b.map(({ name, regex }) => [name, regex]));
  return left.size === right.size && [...left].every(([name, regex]) => right.get(name) === regex);
}

/** As {@link sameProperties}, per device type; a type without properties counts as not there. */
export function sameDevices(a: readonly DeviceDefinitions[], b: readonly DeviceDefinitions[]): boolean {
  return [...a, ...b].every(({ type }) => sameProperties(propertiesOf(a, type), propertiesOf(b, type)));
}

function propertiesOf(devices: readonly DeviceDefinitions[], type: string): readonly Definition[] {
  return devices.find(device => device.type === type)?.properties ?? [];
}

function rank(type: string): number {
  return (DEVICE_TYPES as readonly string[]).indexOf(type);
}

/** Where the properties end that begin at `start`: before the next `}};{type=`, else before the `}}` or `}};` that ends the value. */
function endOfDevice(text: string, start: number): number | undefined {
  const next = text.indexOf('}};{type=', start);
  if (next >= 0) {
    return next;
  }
  const ending = ['}};', '}}'].find(closing => text.endsWith(closing));
  const end = text.length - (ending?.length ?? 0);
  return ending !== undefined && end >= start ? end : undefined;
}
