import { isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { Place, Problem } from '../core/input-error.ts';
import { explainYamlError } from './yaml-errors.ts';
import { convertTree, type Path } from './yaml-tree.ts';

/** A YAML file as plain values, with the way back from each value to its place and its spelling. */
export interface YamlSource {
  readonly value: unknown;
  /** Faults that do not keep the value from being judged too: a key that stands twice, an unknown alias, a tag. */
  readonly problems: readonly Problem[];
  /** Where a value stands, or its key. For a value that is missing: where its container stands. */
  place(path: Path, at?: 'value' | 'key'): Place;
  /** A scalar as it is written, so that 4.10 is not 4.1; undefined for anything else. */
  spelling(path: Path): string | undefined;
}

/** Reads one YAML 1.2 document. Pure: broken YAML gives the problems alone. */
export function readYaml(text: string, file: string): YamlSource | { readonly broken: readonly Problem[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col };
  };
  const textLines = text.split('\n');
  const explained = [...document.errors, ...document.warnings].map(error => {
    const place = placeAt(error.pos[0]);
    return { place, ...explainYamlError(error, textLines[(place.line ?? 1) - 1] ?? '') };
  });
  if (document.errors.length > 0) {
    return { broken: firstOfEachLine(explained) };
  }

  const faults: Problem[] = [];
  const placeOf = (node: Node): Place => placeAt(node.range?.[0] ?? 0);
  const tree = convertTree(document, (node, message, hint) => {
    faults.push({ place: placeOf(node), message, ...(hint === undefined ? {} : { hint }) });
  });

  function place(path: Path, at: 'value' | 'key' = 'value'): Place {
    const origin = tree.originOf(path);
    const node = at === 'key' || isEmpty(origin?.value) ? (origin?.key ?? origin?.value) : origin?.value;
    if (node) {
      return placeOf(node);
    }
    return path.length > 0
      ? place(path.slice(0, -1))
      : document.contents
        ? placeOf(document.contents)
        : { file };
  }

  return {
    value: tree.value,
    problems: [...explained, ...faults],
    place,
    spelling: path => {
      const node = tree.resolve(tree.originOf(path)?.value);
      return isScalar(node) ? (node.source ?? String(node.value)) : undefined;
    },
  };
}

/** A key without a value has a node that stands nowhere in particular. */
function isEmpty(node: Node | undefined): boolean {
  return node === undefined || (isScalar(node) && node.value === null && node.source === '');
}

/** The first fault of a line is the cause, the others follow from it. */
function firstOfEachLine(problems: readonly (Problem & { place: Place })[]): Problem[] {
  const firsts = new Map<number | undefined, Problem>();
  for (const problem of problems) {
    if (!firsts.has(problem.place.line)) {
      firsts.set(problem.place.line, problem);
    }
  }
  return [...firsts.values()];
}
