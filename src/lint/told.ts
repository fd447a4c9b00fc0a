import { engineProperties } from '../catalog/hook-properties.ts';
import { HOOKS } from '../catalog/hooks.ts';
import { readPython } from './python/lines.ts';

const CATALOGUE = new Set(HOOKS.flatMap(hook => engineProperties(hook).map(property => property.name)));

/**
 * Whether a property is named where the users of a hook look: in the texts beside it, in the catalogue, or in what the
 * script itself says of it in a comment or docstring (`name=…`, `property name`, `'name'`).
 *
 * @param beside README and the like, as one text.
 */
export function declaredIn(beside: string, script: Uint8Array): (property: string) => boolean {
  const words = new Set(beside.match(/[A-Za-z_]\w*/g) ?? []);
  const text = Buffer.from(script).toString('utf8');
  const told = `${comments(text)}\n${docstrings(text)}`;
  return property => words.has(property) || CATALOGUE.has(property) || isTold(told, property);
}

function comments(text: string): string {
  return text
    .split('\n')
    .filter(line => /^\s*#/.test(line))
    .join('\n');
}

function docstrings(text: string): string {
  const { literals } = readPython(text);
  return literals
    .filter(one => one.value.includes('\n'))
    .map(one => one.value)
    .join('\n');
}

function isTold(told: string, property: string): boolean {
  return (
    /^\w{1,80}$/.test(property) &&
    new RegExp(`(?:\\bpropert(?:y|ies):? |['"\`])${property}\\b|\\b${property} ?=`).test(told)
  );
}
