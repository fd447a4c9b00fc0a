import { type Splice, spliced } from './splice.ts';

/** A file of a tree that is made, or one that gets other lines; paths are relative to the tree, with `/`. */
export type TreeChange =
  | {
      readonly kind: 'new';
      readonly path: string;
      readonly text: string;
      readonly mode: 0o644 | 0o755;
    }
  | {
      readonly kind: 'edit';
      readonly path: string;
      readonly before: string;
      readonly splices: readonly Splice[];
    };

/** The text of the file once the change is made. */
export function textAfter(change: TreeChange): string {
  return change.kind === 'new' ? change.text : spliced(change.before, change.splices);
}
