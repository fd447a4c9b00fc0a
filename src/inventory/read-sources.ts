import { accessSync, constants, existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError, type Problem } from '../core/input-error.ts';
import { byCodePoint } from './code-point-order.ts';
import { decode } from './decode.ts';
import { runScript } from './run-script.ts';
import type { Source } from './source.ts';
import { closedProblem, isEncrypted, type Vault } from './vault.ts';

export interface ReadOptions {
  readonly vault?: Vault | undefined;
  /** How long a program that prints an inventory may take. */
  readonly scriptTimeoutMs: number;
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
const MOST_FOLDERS = 40;

/** Whether `-i` is given hosts, and no file: a comma is in it, and there is no such file (plugins/inventory/host_list.py). */
export function isHostList(path: string): boolean {
  return path.includes(',') && !existsSync(path);
}

/**
 * Reads what one `-i` names: a file, a program that prints an inventory, a folder of both in the order of their names,
 * or a list of hosts.
 */
export async function readSources(path: string, options: ReadOptions, depth = 0): Promise<ReadSources> {
  if (depth === 0 && isHostList(path)) {
    return { sources: [{ hostList: path }], problems: [], warnings: [] };
  }
  try {
    if ((await stat(path)).isDirectory()) {
      return await readFolder(path, options, depth);
    }
    return { sources: [await readSource(path, options)], problems: [], warnings: [] };
  } catch (error) {
    const problems = error instanceof InputError ? error.problems : [unreadable(path, error)];
    return { sources: [], problems, warnings: [] };
  }
}

async function readFolder(folder: string, options: ReadOptions, depth: number): Promise<ReadSources> {
  const names = (await readdir(folder)).sort(byCodePoint).filter(name => !IGNORED_NAME.test(name));
  const used = names.filter(name => !IGNORED_ENDING.test(name));
  const passedOver = names.filter(name => SURPRISING_ENDING.test(name));
  const why = 'In a folder Ansible passes over .ini and .cfg; name the file itself, or take the ending away';
  if (depth > MOST_FOLDERS || (depth === 0 && used.length === 0)) {
    const message = depth > 0 ? 'The folder is nested too deeply' : 'The folder has no inventory in it';
    return {
      sources: [],
      problems: [{ place: { file: folder }, message, ...(passedOver.length > 0 ? { hint: why } : {}) }],
      warnings: [],
    };
  }
  const read = await Promise.all(used.map(name => readSources(join(folder, name), options, depth + 1)));
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

async function readSource(file: string, { vault, scriptTimeoutMs }: ReadOptions): Promise<Source> {
  const bytes = await readFile(file);
  if (isProgram(bytes) && isExecutable(file)) {
    return runScript(resolve(file), file, scriptTimeoutMs);
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

/**
 * A script or a binary. Ansible tries to run every executable file, and goes on with its text where the system cannot;
 * an executable bit alone (files from a share of Windows all have it) makes no program here either.
 */
function isProgram(bytes: Buffer): boolean {
  return (
    bytes.subarray(0, 2).toString('latin1') === '#!' || bytes.subarray(0, 4).toString('latin1') === '\x7fELF'
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function unreadable(file: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const place = { file };
  switch (code) {
    case 'ENOENT':
      return {
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
