import { z } from 'zod';
import type { Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** Turns what the schema found into problems, each with the place where it was written. */
export function schemaProblems(schema: Schema, issues: readonly Issue[], source: YamlSource): Problem[] {
  return issues.flatMap(issue => explain(schema, issue, [], source));
}

function explain(schema: Schema, issue: Issue, base: Path, source: YamlSource): Problem[] {
  const path = [...base, ...issue.path.map(step => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(mappingAt(schema, path)?.shape ?? {});
    return issue.keys.map(key => ({
      place: source.place([...path, key], 'key'),
      ...explainKey(key, known),
    }));
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find(branch => !branch.some(isWrongType));
    if (meant) {
      return meant.flatMap(inner => explain(schema, inner, path, source));
    }
  }
  const hint: unknown = issue.code === 'custom' ? issue.params?.hint : undefined;
  return [
    {
      place: source.place(path),
      message: subject(path, issue.message) + issue.message,
      ...(typeof hint === 'string' ? { hint } : {}),
    },
  ];
}

/** Whether a branch of a union is out of the question; else its other problems are what the user wants to hear. */
function isWrongType(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function subject(path: Path, message: string): string {
  const keys = path.filter(step => typeof step === 'string').join('.');
  return keys === '' ? '' : `${keys}${message.startsWith('is missing') ? ' ' : ': '}`;
}

function explainKey(key: string, known: readonly string[]): Problem {
  const near = didYouMean(key, known);
  return {
    message: `unknown key "${key}"`,
    hint: near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean "${near}"?`,
  };
}

/** The schema of the mapping that a path leads to. */
function mappingAt(schema: Schema, path: Path): z.ZodObject | undefined {
  if (schema instanceof z.ZodOptional) {
    return mappingAt(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodUnion) {
    return firstDefined(schema.options, option => mappingAt(option, path));
  }
  const [step, ...rest] = path;
  if (step === undefined) {
    return schema instanceof z.ZodObject ? schema : undefined;
  }
  if (typeof step === 'number') {
    return schema instanceof z.ZodArray ? mappingAt(schema.element, rest) : undefined;
  }
  if (schema instanceof z.ZodRecord) {
    return mappingAt(schema.valueType, rest);
  }
  const inner = schema instanceof z.ZodObject ? schema.shape[step] : undefined;
  return inner && mappingAt(inner, rest);
}

function firstDefined<Item, Result>(
  items: readonly Item[],
  find: (item: Item) => Result | undefined,
): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
