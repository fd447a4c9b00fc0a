import { join } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import type { TreeChange } from './change.ts';
import type { VdsmTree } from './read-tree.ts';
import type { Splice } from './splice.ts';

/** One change that is wanted of a file of the tree. */
export interface WantedEdit {
  readonly path: string;
  /** Undefined where the file has no place for it. */
  readonly make: (text: string) => readonly Splice[] | undefined;
  /** What the file must have for it, as a noun. */
  readonly needs: string;
}

/**
 * Makes the edits of a tree's files: one change a file, none where all stands there already.
 *
 * @throws {InputError} with every place that was not found: such a tree is not known here, and nothing is guessed.
 */
export function editsOf({ folder, files }: VdsmTree, wanted: readonly WantedEdit[]): readonly TreeChange[] {
  const found = wanted.map(({ path, make, needs }) => {
    const before = files.get(path);
    return { path, before, needs, splices: before === undefined ? undefined : make(before) };
  });
  const lacking = found.filter(({ splices }) => splices === undefined);
  if (lacking.length > 0) {
    throw new InputError(
      lacking.map(({ path, before, needs }) => ({
        place: { file: join(folder, path) },
        message: before === undefined ? 'is not there' : `has no ${needs}`,
        hint: 'Trees of VDSM from 2014 to today are known; in another one this change is made by hand.',
      })),
    );
  }
  return [...new Set(wanted.map(({ path }) => path))].flatMap(path => {
    const splices = found.filter(one => one.path === path).flatMap(one => one.splices ?? []);
    const before = files.get(path);
    return splices.length === 0 || before === undefined
      ? []
      : [{ kind: 'edit' as const, path, before, splices }];
  });
}
