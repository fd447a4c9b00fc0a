import { InputError } from '../../core/input-error.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { type InstalledHook, installPlaybook, needsEngine } from '../../playbook/install-playbook.ts';
import { parsePlaybook } from '../../playbook/playbook.ts';
import { LOCK_WAIT_SECONDS } from '../../resources/package/dnf-shell.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { FleetOptions } from '../options/options.ts';
import { resolveRerun, withRerun } from '../runs/rerun.ts';
import { runPlays } from './run-plays.ts';
import { selectPlays } from './select-plays.ts';

export interface InstallOptions extends FleetOptions {
  readonly printPlaybook?: boolean;
}

/**
 * The command `install`: the whole story of a hook without a playbook of one's own. It is a playbook all the same, made
 * here, and goes the way of every other; `--print-playbook` writes it out.
 *
 * @param words names of hooks, each as `NAME` or `NAME@VERSION`, where the version is a range as in a playbook.
 * @returns the exit code.
 * @throws {InputError} for unknown hooks, an inventory without the hosts, and hooks that need an engine where there is none.
 */
export async function install(words: readonly string[], options: InstallOptions): Promise<number> {
  const inventory = await readInventory(options);
  const hooks = words.map(word => {
    const [name = '', ...version] = word.split('@');
    return {
      name,
      version: version.length === 0 ? undefined : version.join('@'),
      allowDowngrade: options.allowDowngrade,
    };
  });
  const engine = enginePattern(
    hooks.map(({ name }) => name),
    inventory,
    options,
  );
  return runMade({ name: 'install', words, hooks, engine }, inventory, options);
}

/**
 * The command `remove`: takes the packages of hooks away. The engine's properties stay, because VMs may carry a value.
 *
 * @returns the exit code.
 * @throws {InputError} for unknown hooks, and for an inventory without the hosts.
 */
export async function remove(words: readonly string[], options: InstallOptions): Promise<number> {
  const inventory = await readInventory(options);
  const hooks = words.map(name => ({ name, absent: true }));
  return runMade({ name: 'remove', words, hooks, engine: undefined }, inventory, options);
}

interface Made {
  readonly name: 'install' | 'remove';
  readonly words: readonly string[];
  readonly hooks: readonly InstalledHook[];
  readonly engine: string | undefined;
}

async function runMade(
  { name, words, hooks, engine }: Made,
  inventory: Inventory,
  options: InstallOptions,
): Promise<number> {
  const text = installPlaybook({ hooks, hosts: options.hosts ?? hypervisors(inventory, engine), engine });
  if (options.printPlaybook) {
    await withoutPlaces(async () => parsePlaybook(text, name));
    process.stdout.write(text);
    return 0;
  }
  const rerun = await resolveRerun({ name, words }, options, inventory);
  const prepare = { dnfLockWaitSeconds: options.dnfLockWait ?? LOCK_WAIT_SECONDS, namedOnly: true };
  const selection = await withoutPlaces(async () =>
    selectPlays(parsePlaybook(text, name), inventory, options, prepare, rerun),
  );
  const changes = options.check !== true;
  return runPlays({ name, words, changes }, selection, inventory, withRerun(options, rerun));
}

/** A place in a playbook that the user never wrote would say nothing. */
async function withoutPlaces<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(error.problems.map(({ place: _, ...problem }) => problem))
      : error;
  }
}

/** The engine host: what the user says, else the group `engine`. */
function enginePattern(
  hooks: readonly string[],
  inventory: Inventory,
  { engine }: InstallOptions,
): string | undefined {
  if (typeof engine === 'string') {
    return engine;
  }
  const inSight = engine !== false && inventory.groups.has('engine');
  const needy = hooks.filter(needsEngine);
  if (!inSight && engine !== false && needy.length > 0) {
    throw new InputError([
      {
        message: `${needy.join(', ')} ${needy.length === 1 ? 'needs' : 'need'} custom properties in the engine, and the inventory has no group "engine"`,
        hint: 'Name the engine host with --engine PATTERN, or say --no-engine to leave the properties out.',
      },
    ]);
  }
  return inSight ? 'engine' : undefined;
}

function hypervisors(inventory: Inventory, engine: string | undefined): string {
  if (inventory.groups.has('hypervisors')) {
    return 'hypervisors';
  }
  return engine === undefined && !inventory.groups.has('engine') ? 'all' : `all:!${engine ?? 'engine'}`;
}
