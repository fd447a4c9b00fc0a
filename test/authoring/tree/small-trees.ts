import { fileURLToPath } from 'node:url';
import type { NewHook } from '../../../src/authoring/new/new-hook.ts';
import { type TreeChange, textAfter } from '../../../src/authoring/tree/change.ts';
import { readTree, type VdsmTree } from '../../../src/authoring/tree/read-tree.ts';
import { findHookPoint, type HookPoint } from '../../../src/catalog/events.ts';

/** Small trees in the two shapes of VDSM. */
export const SHAPES = ['today', 'y2014'] as const;

export type Shape = (typeof SHAPES)[number];

/** The folder of a small tree. */
export function treeFolder(shape: Shape): string {
  return fileURLToPath(new URL(`../trees/${shape}`, import.meta.url));
}

/** A small tree as it is read for a hook. */
export function smallTree(shape: Shape, hook?: string): Promise<VdsmTree> {
  return readTree(treeFolder(shape), hook);
}

/** A hook for some events of the catalogue. */
export function hookAt(
  name: string,
  events: readonly string[],
  language: NewHook['language'] = 'python',
): NewHook {
  const points = events
    .map(event => findHookPoint(event))
    .filter((point): point is HookPoint => point !== undefined);
  const property = { name, regex: '^(true|false)$', kinds: ['vm'], value: 'true' } as const;
  return { name, points, language, summary: 'Paints guests', property };
}

/** The tree with changes made, in memory. */
export function changed(tree: VdsmTree, changes: readonly TreeChange[]): VdsmTree {
  const files = new Map(tree.files);
  for (const change of changes) {
    files.set(change.path, textAfter(change));
  }
  return { ...tree, files };
}

/** The lines around one of a text, with the line itself. */
export function around(
  text: string | undefined,
  line: string,
  before: number,
  after: number,
): readonly string[] {
  const lines = (text ?? '').split('\n');
  const at = lines.indexOf(line);
  return at === -1 ? [] : lines.slice(Math.max(0, at - before), at + after + 1);
}
