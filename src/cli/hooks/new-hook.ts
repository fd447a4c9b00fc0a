import { resolve } from 'node:path';
import { hookFolder } from '../../authoring/new/hook-folder.ts';
import type { NewHook } from '../../authoring/new/new-hook.ts';
import { readTree } from '../../authoring/tree/read-tree.ts';
import { planHook } from '../../authoring/tree/tree-hook.ts';
import { InputError } from '../../core/input-error.ts';
import { jsonText } from '../../report/json.ts';
import { readVersion } from '../version.ts';
import { type HookWords, hookFrom, treeEventsOf, wordProblems } from './hook-words.ts';
import { makeFolder } from './make-folder.ts';
import { editTree, say, type TreeCommand, type TreeOptions, treeOf } from './tree-edit.ts';
import { undoTree } from './tree-undo.ts';

/** Options of `hooks new`. */
export interface NewHookOptions extends TreeOptions, HookWords {
  readonly dir?: string;
  readonly required?: boolean;
}

/**
 * The command `hooks new NAME`: a hook in a folder of its own, or in a checkout of VDSM where one was named or the current
 * folder lies in it, unless `--dir` says where its folder goes.
 *
 * @throws {InputError} for words that are wrong, a folder that is there, a checkout that is not known.
 */
export async function newHook(name: string, options: NewHookOptions): Promise<number> {
  if (options.tree !== undefined && options.dir !== undefined) {
    throw new InputError([
      { message: '--tree and --dir exclude each other', hint: 'Say where the hook is to be made once.' },
    ]);
  }
  const tree = options.dir === undefined ? await treeOf(options) : undefined;
  return tree === undefined ? inFolder(name, options) : inTree(name, tree, options);
}

async function inFolder(name: string, options: NewHookOptions): Promise<number> {
  const alone = (['required', 'undo'] as const).filter(option => options[option]);
  if (alone.length > 0) {
    throw new InputError(
      alone.map(option => ({
        message: `--${option} is for a checkout of VDSM, and there is none`,
        hint: 'Name one: --tree FOLDER.',
      })),
    );
  }
  const hook = hookFrom(name, options, { taken: true });
  const folder = resolve(options.dir ?? '.', name);
  const files = hookFolder(hook);
  const exitCode = await makeFolder(folder, files, options.check ?? false);
  if (options.json) {
    process.stdout.write(
      `${jsonText({
        hookfleet: readVersion(),
        command: 'hooks new',
        exitCode,
        folder,
        files: files.map(({ path }) => ({ path, action: 'make' })),
      })}\n`,
    );
    return exitCode;
  }
  process.stdout.write(files.map(({ path }) => `${name}/${path}\n`).join(''));
  say(options.check ? ['Nothing was made.'] : advice(hook, folder));
  return exitCode;
}

function advice({ name, points }: NewHook, folder: string): string[] {
  return [
    `Made ${folder}. Its README.md says how it gets to the hosts.`,
    ...points
      .filter(({ user }) => user === 'root')
      .map(point => `VDSM runs the scripts of ${point.name} as root.`),
    `Check it: hookfleet hooks lint ${name}`,
  ];
}

async function inTree(name: string, tree: string, options: NewHookOptions): Promise<number> {
  const command: TreeCommand = { name: 'hooks new', word: name, subject: `the hook ${name}`, tree };
  if (options.undo) {
    const problems = wordProblems(name);
    if (problems.length > 0) {
      throw new InputError(problems);
    }
    return undoTree(command, options);
  }
  const read = await readTree(tree, name);
  const hook = hookFrom(name, options, { taken: false, tree: treeEventsOf(read) });
  const changes = planHook(read, hook, {
    required: options.required ?? false,
    year: new Date().getFullYear(),
  });
  return editTree(command, changes, options, [
    `Made vdsm_hooks/${name}.`,
    ...(options.language === 'python'
      ? ['A script that calls execCmd also goes into execcmd-allowlist.txt, where the tree has it.']
      : []),
  ]);
}
