import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError, type Problem } from '../../core/input-error.ts';
import { replaceFile } from '../replace-file.ts';
import { printDocument } from '../terminal/page.ts';
import { say, type TreeCommand, type TreeOptions } from './tree-edit.ts';
import { forgetTree, type RecordedFile, readTreeRecord } from './tree-record.ts';

/**
 * Takes back what a command has done to a checkout: every file byte for byte as it was, those that were made gone.
 *
 * @returns the exit code: 3 where it was only shown.
 * @throws {InputError} where a file was changed since, or another one lies in a folder that was made; nothing is
 * taken back then.
 */
export async function undoTree(command: TreeCommand, options: TreeOptions): Promise<number> {
  const { tree, subject } = command;
  const record = await readTreeRecord(tree, subject);
  if (record === undefined) {
    throw new InputError([
      {
        message: `nothing is recorded that would have made ${subject} in ${tree}`,
        hint: 'It was made on another machine, by another user, or is undone already; git can show and take back what differs.',
      },
    ]);
  }
  const found = await Promise.all(record.files.map(file => lookAt(tree, file)));
  const problems = [
    ...found.flatMap(({ problem }) => problem ?? []),
    ...(await strangers(tree, record.files)),
  ];
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  const due = found.filter(({ done }) => !done).map(({ file }) => file);
  const exitCode = options.check && due.length > 0 ? 3 : 0;
  if (!options.check) {
    for (const { path, before } of due) {
      await (before === null ? rm(join(tree, path)) : replaceFile(join(tree, path), before));
    }
    for (const folder of madeFolders(record.files)) {
      await rmdir(join(tree, folder)).catch(() => {});
    }
    await forgetTree(tree, subject);
  }
  tell(command, due, options, exitCode);
  return exitCode;
}

interface Found {
  readonly file: RecordedFile;
  /** Whether it is as it was before. */
  readonly done: boolean;
  readonly problem?: Problem;
}

async function lookAt(tree: string, file: RecordedFile): Promise<Found> {
  const path = join(tree, file.path);
  const now = await readFile(path, 'utf8').catch(() => null);
  if (now === file.before || now === file.after) {
    return { file, done: now === file.before };
  }
  return {
    file,
    done: false,
    problem: {
      place: { file: path },
      message: now === null ? 'is gone since' : 'was changed since',
      hint: 'Nothing was taken back: it would lose that change. Undo a later command first, or take it back by hand.',
    },
  };
}

/** What lies in a folder that the command has made, and that it has not made. */
async function strangers(tree: string, files: readonly RecordedFile[]): Promise<Problem[]> {
  const made = new Set(files.map(({ path }) => path));
  const found = await Promise.all(
    madeFolders(files).map(async folder => {
      const names = await readdir(join(tree, folder)).catch(() => []);
      return names.map(name => `${folder}/${name}`);
    }),
  );
  return found
    .flat()
    .filter(path => !made.has(path))
    .map(path => ({
      place: { file: join(tree, path) },
      message: 'lies in a folder that goes, and was not made with it',
      hint: 'Nothing was taken back. Move it away first.',
    }));
}

/** Folders of which all was made: a hook's own, below vdsm_hooks. */
function madeFolders(files: readonly RecordedFile[]): readonly string[] {
  const folders = files
    .filter(({ path, before }) => before === null && /^vdsm_hooks\/[^/]+\/Makefile\.am$/.test(path))
    .map(({ path }) => dirname(path));
  return [...new Set(folders)];
}

function tell(
  { name, tree, subject }: TreeCommand,
  files: readonly RecordedFile[],
  { json, check }: TreeOptions,
  exitCode: number,
): void {
  const actions = files.map(({ path, before }) => ({
    path,
    action: before === null ? 'remove' : 'restore',
  }));
  if (json) {
    printDocument(name, { exitCode, tree, files: actions });
    return;
  }
  process.stdout.write(actions.map(({ path, action }) => `${action} ${path}\n`).join(''));
  say([check ? 'Nothing was changed.' : `${tree} is as it was before ${subject}.`]);
}
