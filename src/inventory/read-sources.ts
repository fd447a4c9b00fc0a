import { accessSync, constants, existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError, type Problem } from '../core/input-error.ts';
import type { EngineAsking } from './ask-engine.ts';
import { byCodePoint } from './code-point-order.ts';
import { decode } from './decode.ts';
import { isEngineSource } from './engine-source.ts';
import { isProgram } from './program-file.ts';
import { runScript } from './run-script.ts';
import type { Source } from './source.ts';
import { closedProblem, isEncrypted, type Vault } from './vault.ts';

export interface ReadOptions {
  readonly vault?: Vault | undefined;
  /** How long a program that prints an inventory may take. */
  readonly scriptTimeoutMs: number;
  /** A program is not run, and counts as an empty file. */
  readonly plainOnly: boolean;
  readonly engine?: EngineAsking | undefined;
}

/** Sources, or what kept them from being read. */
export interface ReadSources {
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Names that Ansible passes over in a folder (INVENTORY_IGNORE_EXTS in lib/ansible/config/base.yml). */
const IGNORED_NAME = /^(?:\..*|host_vars|group_vars|vars_plugins)$/s;
const IGNORED_ENDING = /(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/;
/** Of these, the endings that an inventory may well have. */
const SURPRISING_ENDING = /\.(?:ini|cfg)$/;

/** Whether `-i` is given hosts, and no file: a comma is in it, and there is no such file (plugins/inventory/host_list.py). */
export function isHostList(path: string): boolean {
  return path.includes(',') && !isEngineSource(path) && !existsSync(path);
}

/**
 * Reads what one `-i` names: a file, a program that prints an inventory, a folder of both in the order of their names,
 * a list of hosts, or an engine.
 */
export async function readSources(path: string, options: ReadOptions): Promise<ReadSources> {
  if (isEngineSource(path)) {
    return readEngine(path, options);
  }
  return isHostList(path)
    ? { sources: [{ hostList: path }], problems: [], warnings: [] }
    : readPath(path, options, []);
}

async function readEngine(path: string, { engine, plainOnly }: ReadOptions): Promise<ReadSources> {
  if (plainOnly) {
    return { sources: [], problems: [], warnings: [] };
  }
  if (engine === undefined) {
    return failed({ place: { file: path }, message: 'An engine is not asked here' });
  }
  try {
    // The HTTP client takes its time to load, and most inventories are files.
    const { askEngine } = await import('./ask-engine.ts');
    return { sources: [await askEngine(path, engine)], problems: [], warnings: [] };
  } catch (error) {
    if (error instanceof InputError) {
      return failed(...error.problems);
    }
    throw error;
  }
}

/** @param above the folders that the path was found in, outermost first, without symbolic links. */
async function readPath(path: string, options: ReadOptions, above: readonly string[]): Promise<ReadSources> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) {
      return await readFolder(path, options, above);
    }
    // A pipe that nobody writes to would be waited for without end; one that is named itself is meant so.
    return above.length > 0 && !status.isFile()
      ? failed({ place: { file: path }, message: 'This is no file', hint: 'Move it out of the folder' })
      : { sources: [await readSource(path, options)], problems: [], warnings: [] };
  } catch (error) {
    return failed(...(error instanceof InputError ? error.problems : [unreadable(path, error, above)]));
  }
}

function failed(...problems: readonly Problem[]): ReadSources {
  return { sources: [], problems, warnings: [] };
}

async function readFolder(
  folder: string,
  options: ReadOptions,
  above: readonly string[],
): Promise<ReadSources> {
  const here = await realpath(folder);
  if (above.includes(here)) {
    return failed({ place: { file: folder }, message: 'The link leads back to a folder that it is in' });
  }
  const names = (await readdir(folder)).sort(byCodePoint).filter(name => !IGNORED_NAME.test(name));
  const used = names.filter(name => !IGNORED_ENDING.test(name));
  const passedOver = names.filter(name => SURPRISING_ENDING.test(name));
  const why = 'In a folder Ansible passes over .ini and .cfg; name the file itself, or take the ending away';
  if (above.length === 0 && used.length === 0) {
    const message = 'The folder has no inventory in it';
    return failed({ place: { file: folder }, message, ...(passedOver.length > 0 ? { hint: why } : {}) });
  }
  const read = await Promise.all(used.map(name => readPath(join(folder, name), options, [...above, here])));
  return {
    sources: read.flatMap(({ sources }) => sources),
    problems: read.flatMap(({ problems }) => problems),
    warnings: [
      ...passedOver.map(name => ({
        place: { file: join(folder, name) },
        message: 'The file is not read',
        hint: why,
      })),
      ...read.flatMap(({ warnings }) => warnings),
    ],
  };
}

async function readSource(file: string, { vault, scriptTimeoutMs, plainOnly }: ReadOptions): Promise<Source> {
  const bytes = await readFile(file);
  if (isProgram(bytes) && isExecutable(file)) {
    return plainOnly ? { file, text: '' } : runScript(resolve(file), file, scriptTimeoutMs);
  }
  const text = decode(bytes, file);
  if (!isEncrypted(text)) {
    return { file, text };
  }
  if (vault === undefined) {
    throw new InputError([closedProblem({ file }, 'The inventory')]);
  }
  return { file, text: await vault.open(text, { file }), secret: true };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function unreadable(file: string, error: unknown, above: readonly string[]): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const place = { file };
  switch (code) {
    case 'ENOENT':
      return above.length > 0
        ? { place, message: 'The link leads nowhere' }
        : {
            place,
            message: 'There is no such inventory',
            hint: 'A list of hosts has a comma in it: host1,',
          };
    case 'EACCES':
      return { place, message: 'The inventory may not be read by this user' };
    default:
      return {
        place,
        message: `The inventory cannot be read: ${error instanceof Error ? error.message : error}`,
      };
  }
}
