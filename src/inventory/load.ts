import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { formatProblem, InputError, type Problem } from '../core/input-error.ts';
import type { EngineAsking } from './ask-engine.ts';
import { sharedNames } from './engine-inventory.ts';
import { isEngineSource } from './engine-source.ts';
import type { Inventory } from './inventory.ts';
import { type Names, parseInventory } from './parse.ts';
import { isHostList, readSources } from './read-sources.ts';
import { readVarsFolder } from './vars-files.ts';
import type { VarsFolders } from './vars-layers.ts';
import type { Vault } from './vault.ts';

export interface LoadOptions {
  /** Where the playbook stands: group_vars/ and host_vars/ there hold too. */
  readonly playbookFolder?: string | undefined;
  readonly vault?: Vault | undefined;
  /** How long a program that prints an inventory may take; 120 s by default. */
  readonly scriptTimeoutMs?: number;
  /** Runs no program and asks no engine: what they would say is left out. */
  readonly plainOnly?: boolean;
  /** For inventories that are engines; without it they are problems. */
  readonly engine?: EngineAsking;
}

/**
 * Reads the inventories, in the order given, with group_vars/ and host_vars/ beside them and beside the playbook. A
 * later inventory adds to the earlier ones and overrides them.
 *
 * @throws {InputError} for everything that cannot be read, else for everything that is wrong in what the inventories say.
 */
export async function loadInventory(paths: readonly string[], options: LoadOptions = {}): Promise<Inventory> {
  const { vault, playbookFolder, scriptTimeoutMs = 120_000, plainOnly = false, engine } = options;
  if (paths.length === 0) {
    throw new InputError([{ message: 'No inventory is given', hint: 'Name one with --inventory FILE' }]);
  }
  const read = await Promise.all(
    paths.map(path => readSources(path, { vault, scriptTimeoutMs, plainOnly, engine })),
  );
  const replies = read.flatMap(one => one.sources).filter(one => 'engineHosts' in one);
  throwIfAny([
    ...new Map(
      [...read.flatMap(one => one.problems), ...sharedNames(replies)].map(one => [formatProblem(one), one]),
    ).values(),
  ]);
  const warnings = read.flatMap(one => one.warnings);
  const readVars = (names: Names): VarsFolders => {
    const folders = lastOfEach([
      ...besidePaths(paths),
      ...(playbookFolder === undefined ? [] : [playbookFolder]),
    ]);
    const beside = playbookFolder === undefined ? folders : folders.slice(0, -1);
    const inventory = beside.map(folder => readVarsFolder(folder, names));
    const playbook = folders.slice(beside.length).map(folder => readVarsFolder(folder, names));
    const all = [...inventory, ...playbook];
    warnings.push(...all.flatMap(one => one.warnings));
    throwIfAny(all.flatMap(one => one.problems));
    return {
      inventory: inventory.map(({ folder }) => folder),
      playbook: playbook.map(({ folder }) => folder),
    };
  };
  const inventory = parseInventory(
    read.flatMap(({ sources }) => sources),
    readVars,
  );
  return {
    ...inventory,
    warnings: [...inventory.warnings, ...warnings],
    ...(vault === undefined ? {} : { vault }),
  };
}

/** The folders of the inventories, in their order. */
function besidePaths(paths: readonly string[]): string[] {
  return paths
    .filter(path => !isHostList(path) && !isEngineSource(path))
    .map(path => (statSync(path).isDirectory() ? path : dirname(path)));
}

/** A folder that comes twice counts where it comes last, which is where it overrides. */
function lastOfEach(folders: readonly string[]): string[] {
  const absolute = folders.map(folder => resolve(folder));
  return folders.filter((_, i) => !absolute.includes(resolve(folders[i] ?? ''), i + 1));
}

function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) {
    throw new InputError(problems);
  }
}
