import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type TreeChange, textAfter } from '../../authoring/tree/change.ts';
import { findTree } from '../../authoring/tree/read-tree.ts';
import { unifiedDiff } from '../../authoring/tree/unified-diff.ts';
import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { sh } from '../../core/sh.ts';
import { makePaint } from '../../report/paint.ts';
import { replaceFile } from '../replace-file.ts';
import { confirm } from '../terminal/confirm.ts';
import { printDocument } from '../terminal/page.ts';
import { canAsk } from '../terminal/questions.ts';
import { recordTree } from './tree-record.ts';

/** Options of the commands that change a checkout of VDSM. */
export interface TreeOptions {
  readonly tree?: string;
  readonly undo?: boolean;
  readonly yes?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

/** A command that changes a checkout. */
export interface TreeCommand {
  /** `hooks new` */
  readonly name: string;
  /** `site_audit` */
  readonly word: string;
  /** What is made, for messages: `the hook site_audit`. */
  readonly subject: string;
  readonly tree: string;
}

/** The checkout to work on: the one that was named, or that the current folder lies in; undefined where there is none. */
export async function treeOf({ tree }: TreeOptions): Promise<string | undefined> {
  return tree === undefined ? findTree('.') : ((await findTree(tree)) ?? resolve(tree));
}

/**
 * Shows changes of a checkout as a patch, asks where there is somebody to ask, and makes them.
 *
 * @param next lines on what is left to do, for after the change.
 * @returns the exit code: 3 where changes were only shown.
 */
export async function editTree(
  command: TreeCommand,
  changes: readonly TreeChange[],
  options: TreeOptions,
  next: readonly string[],
): Promise<number> {
  const shown = options.check === true && changes.length > 0;
  if (!options.json) {
    printPatch(unifiedDiff(changes));
  }
  if (changes.length === 0) {
    say([`${command.subject} is in ${command.tree} already: nothing to do.`]);
  } else if (!shown) {
    if (canAsk(options) && !(await confirm(question(changes), new AbortController().signal))) {
      say(['Nothing was changed.']);
      return 3;
    }
    await makeChanges(command, changes);
  }
  const exitCode = shown ? 3 : 0;
  if (options.json) {
    printChanges(command, changes, exitCode);
  } else if (!shown && changes.length > 0) {
    say([...next, `Undo: ${undoLine(command)}`]);
  }
  return exitCode;
}

/** Writes a patch to stdout, coloured on a terminal. */
export function printPatch(lines: readonly string[]): void {
  const paint = makePaint(process.stdout, process.env);
  const text = lines.map(line => {
    const safe = printable(line);
    if (/^(?:diff |new file|deleted file|--- |\+\+\+ |@@ )/.test(line)) {
      return paint.bold(safe);
    }
    const mark = safe.slice(0, 1);
    return mark === '+' || mark === '-' ? paint.sign(mark) + safe.slice(1) : safe;
  });
  process.stdout.write(text.map(line => `${line}\n`).join(''));
}

/** Lines for people, on stderr. */
export function say(lines: readonly string[]): void {
  process.stderr.write(lines.map(line => `${printable(line)}\n`).join(''));
}

/** The JSON document of a command that changes a checkout. */
export function printChanges(
  { name, tree }: TreeCommand,
  changes: readonly TreeChange[],
  exitCode: number,
): void {
  printDocument(name, {
    exitCode,
    tree,
    files: changes.map(({ kind, path }) => ({ path, action: kind === 'new' ? 'make' : 'change' })),
    diff: unifiedDiff(changes)
      .map(line => `${line}\n`)
      .join(''),
  });
}

function undoLine({ name, word, tree }: TreeCommand): string {
  return sh`hookfleet ${name.split(' ')} ${word} --tree ${tree} --undo`.text;
}

function question(changes: readonly TreeChange[]): string {
  const count = changes.length;
  return count === 1 ? 'Change this file?' : `Make and change these ${count} files?`;
}

/** @throws {InputError} where a file is no longer what it was when the changes were planned. */
async function makeChanges({ tree, subject }: TreeCommand, changes: readonly TreeChange[]): Promise<void> {
  for (const change of changes) {
    const file = join(tree, change.path);
    const now = await readFile(file, 'utf8').catch(() => undefined);
    if (now !== (change.kind === 'new' ? undefined : change.before)) {
      throw new InputError([
        { place: { file }, message: 'was changed in the meantime, so nothing was', hint: 'Run it again.' },
      ]);
    }
  }
  await recordTree(tree, subject, changes);
  for (const change of changes) {
    const file = join(tree, change.path);
    if (change.kind === 'new') {
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, change.text);
      if (change.mode === 0o755) {
        await chmod(file, change.mode);
      }
    } else {
      await replaceFile(file, textAfter(change));
    }
  }
}
