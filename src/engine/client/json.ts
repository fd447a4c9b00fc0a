import { EngineApiError } from './engine-api-error.ts';

/*
 * Readers of the engine's JSON. It leaves out what has no value, gives numbers and booleans as text or as what they are
 * (that differs between versions), and a reference to another object as `{href, id}`.
 */

/** A member of an object, whatever it is; undefined where there is none, or no object. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** A text that may be missing; a number or a boolean counts as its text. */
export function optionalText(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string'
    ? found
    : typeof found === 'number' || typeof found === 'boolean'
      ? String(found)
      : undefined;
}

/** @throws {EngineApiError} `engine-answer` where there is no such text. */
export function text(value: unknown, name: string): string {
  const found = optionalText(value, name);
  if (found === undefined) {
    throw new EngineApiError('engine-answer', {
      message: `The engine's answer has no "${name}" where one is promised`,
    });
  }
  return found;
}

/** Whether a member is true; one that is left out is not. */
export function flag(value: unknown, name: string): boolean {
  return optionalText(value, name) === 'true';
}

/** A whole number; undefined where there is none. */
export function optionalInteger(value: unknown, name: string): number | undefined {
  const found = optionalText(value, name);
  return found !== undefined && /^-?[0-9]{1,15}$/.test(found) ? Number(found) : undefined;
}

/** The items of a collection; an empty one leaves its key out. One item may stand without a list around it. */
export function items(value: unknown, key: string): readonly unknown[] {
  const found = member(value, key);
  return Array.isArray(found) ? found : found === undefined || found === null ? [] : [found];
}
