import type { TreeChange } from './change.ts';
import { linesOf, type Splice } from './splice.ts';

/** Unchanged lines around a change, as `git diff` shows them. */
const CONTEXT = 3;

/** Changes as a patch that `git apply` and `patch -p1` take, its lines without line feeds. */
export function unifiedDiff(changes: readonly TreeChange[]): readonly string[] {
  return changes.flatMap(change => (change.kind === 'new' ? newFile(change) : edit(change)));
}

function newFile({ path, text, mode }: TreeChange & { kind: 'new' }): string[] {
  const lines = linesOf(text);
  return [
    `diff --git a/${path} b/${path}`,
    `new file mode 100${mode.toString(8)}`,
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +${range(1, lines.length)} @@`,
    ...lines.map(line => `+${line}`),
  ];
}

function edit({ path, before, splices }: TreeChange & { kind: 'edit' }): string[] {
  const old = linesOf(before);
  const lines = [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`];
  let shift = 0;
  for (const group of grouped(splices)) {
    const start = Math.max(0, (group[0]?.at ?? 0) - CONTEXT);
    const body: string[] = [];
    let at = start;
    for (const { at: from, remove, insert } of group) {
      body.push(...old.slice(at, from).map(line => ` ${line}`));
      body.push(...old.slice(from, from + remove).map(line => `-${line}`));
      body.push(...insert.map(line => `+${line}`));
      at = from + remove;
    }
    const end = Math.min(old.length, at + CONTEXT);
    body.push(...old.slice(at, end).map(line => ` ${line}`));
    const grown = group.reduce((sum, { remove, insert }) => sum + insert.length - remove, 0);
    lines.push(
      `@@ -${range(start + 1, end - start)} +${range(start + 1 + shift, end - start + grown)} @@`,
      ...body,
    );
    shift += grown;
  }
  return lines;
}

/** Splices in order; those whose context would touch stand together. */
function grouped(splices: readonly Splice[]): Splice[][] {
  const groups: Splice[][] = [];
  for (const splice of splices.toSorted((a, b) => a.at - b.at)) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && splice.at - (before.at + before.remove) <= 2 * CONTEXT) {
      last.push(splice);
    } else {
      groups.push([splice]);
    }
  }
  return groups;
}

function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${start},${count}`;
}
