import type { Place, Problem } from '../core/input-error.ts';
import type { Variable } from './inventory.ts';
import { shortJson } from './python-json.ts';
import { type PythonValue, pythonDict } from './python-value.ts';

/** A value of a YAML or JSON file, with the place where it stands. */
export type DataNode = ScalarNode | ListNode | DictNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  /** Everything that has no parts of its own to look at; an encrypted value too. */
  readonly value: PythonValue;
  /** As it is written, without its quotes; of null nothing. */
  readonly text: string;
  readonly place: Place;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly DataNode[];
  readonly place: Place;
}

export interface DictNode {
  readonly kind: 'dict';
  /** A key that is text stands once, where it stood first, with the value that it had last. */
  readonly entries: readonly DictEntry[];
  readonly place: Place;
}

export interface DictEntry {
  readonly key: DataNode;
  readonly value: DataNode;
}

/** A whole file as data, or what keeps it from being read. */
export interface DataFile {
  /** Undefined where something is wrong. */
  readonly root: DataNode | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** The value as Python has it, for the export. */
export function pythonValue(node: DataNode): PythonValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(pythonValue);
    case 'dict':
      return pythonDict(node.entries.map(({ key, value }) => [pythonValue(key), pythonValue(value)]));
  }
}

/** The text of a key, or undefined where the key is a number, a boolean or the like. */
export function keyText({ key }: DictEntry): string | undefined {
  return key.kind === 'scalar' && typeof key.value === 'string' ? key.value : undefined;
}

/** Null, or nothing behind the colon. */
export function isNull(node: DataNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** What a value is, for an error: `a list`. */
export function kindOf(node: DataNode): string {
  if (node.kind !== 'scalar') {
    return node.kind === 'list' ? 'a list' : 'a mapping';
  }
  return node.value === null ? 'empty' : typeof node.value === 'string' ? 'text' : `the value ${node.text}`;
}

/** Joins pairs as Python does: the first place of a key that is text, and its last value. */
export function uniqueEntries(entries: readonly DictEntry[]): DictEntry[] {
  const unique = new Map<unknown, DictEntry>();
  for (const entry of entries) {
    const text = keyText(entry);
    const first = text === undefined ? undefined : unique.get(text);
    unique.set(text ?? entry, first === undefined ? entry : { key: first.key, value: entry.value });
  }
  return [...unique.values()];
}

/** The pairs of a mapping as variables; a name that is no text is a problem. */
export function readVariables({ entries }: DictNode): { variables: Variable[]; problems: Problem[] } {
  const variables: Variable[] = [];
  const problems: Problem[] = [];
  for (const entry of entries) {
    const name = keyText(entry);
    if (name === undefined) {
      problems.push({
        place: entry.key.place,
        message: 'The name of a variable must be text',
        hint: 'Put it in quotes, if it is meant to be a variable',
      });
    } else {
      variables.push(toVariable(name, entry));
    }
  }
  return { variables, problems };
}

function toVariable(name: string, { key, value: node }: DictEntry): Variable {
  const value = pythonValue(node);
  const text = node.kind === 'scalar' ? node.text : shortJson(value);
  return { name, text, source: text, value, place: key.place };
}
