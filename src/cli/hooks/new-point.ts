import { join } from 'node:path';
import { exampleCall } from '../../authoring/tree/hook-functions.ts';
import {
  functionsOf,
  type NewPoint,
  newPoint,
  planPoint,
  pointNameProblem,
} from '../../authoring/tree/new-point.ts';
import { readTree } from '../../authoring/tree/read-tree.ts';
import { InputError } from '../../core/input-error.ts';
import { editTree, type TreeCommand, type TreeOptions, treeOf } from './tree-edit.ts';
import { undoTree } from './tree-undo.ts';

/** Options of `hooks new-point`. */
export interface NewPointOptions extends TreeOptions {
  readonly input?: NewPoint['input'];
}

/**
 * The command `hooks new-point EVENT`: a hook point in a checkout of VDSM.
 * @throws {InputError} for a name that is none, and where there is no checkout that is known.
 */
export async function makePoint(event: string, options: NewPointOptions): Promise<number> {
  const problem = pointNameProblem(event);
  if (problem) {
    throw new InputError([problem]);
  }
  const tree = await treeOf(options);
  if (tree === undefined) {
    throw new InputError([
      {
        message: 'the current folder is in no checkout of VDSM',
        hint: 'Name one: --tree FOLDER.',
      },
    ]);
  }
  const command: TreeCommand = {
    name: 'hooks new-point',
    word: event,
    subject: `the hook point ${event}`,
    tree,
  };
  if (options.undo) {
    return undoTree(command, options);
  }
  const read = await readTree(tree);
  const point = newPoint(event, options.input);
  return editTree(command, planPoint(read, point), options, [
    `Left to do: the call where it happens, as in ${exampleCall(point)} (${join(tree, functionsOf(read))} has the function).`,
  ]);
}
