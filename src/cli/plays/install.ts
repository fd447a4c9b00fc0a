import type { Catalog } from '../../catalog/hooks.ts';
import { InputError, type Problem } from '../../core/input-error.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { type InstalledHook, installPlaybook, needsEngine } from '../../playbook/install-playbook.ts';
import { parsePlaybook } from '../../playbook/playbook.ts';
import { MADE_PLAYBOOK } from '../../resources/files/hook-script.ts';
import { LOCK_WAIT_SECONDS } from '../../resources/package/dnf-shell.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { FleetOptions } from '../options/options.ts';
import { readCatalog } from '../options/read-catalog.ts';
import { resolveRerun, withRerun } from '../runs/rerun.ts';
import { allOrProblems } from './gather-problems.ts';
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
  const [inventory, catalog] = await allOrProblems([readInventory(options), readCatalog(options)]);
  const { acceptRisk = [] } = options;
  const idOf = (name: string) => catalog.find(name)?.name ?? name;
  const accepted = new Set(acceptRisk.map(idOf));
  const hooks = words.map(word => {
    const [name = '', ...version] = word.split('@');
    return {
      name,
      version: version.length === 0 ? undefined : version.join('@'),
      allowDowngrade: options.allowDowngrade,
      acceptRisk: accepted.delete(idOf(name)),
    };
  });
  refuseIdleConsent([...accepted], words);
  const engine = enginePattern(
    hooks.filter(({ name }) => needsEngine(name, catalog)).map(({ name }) => name),
    inventory,
    options,
  );
  return runMade({ name: 'install', words, hooks, engine, catalog }, inventory, options);
}

/**
 * The command `remove`: takes the packages of hooks away. The engine's properties stay, because VMs may carry a value.
 *
 * @returns the exit code.
 * @throws {InputError} for unknown hooks, and for an inventory without the hosts.
 */
export async function remove(words: readonly string[], options: InstallOptions): Promise<number> {
  const [inventory, catalog] = await allOrProblems([readInventory(options), readCatalog(options)]);
  const hooks = words.map(name => ({ name, absent: true }));
  return runMade({ name: 'remove', words, hooks, engine: undefined, catalog }, inventory, options);
}

/** Consent to a hook that is not installed is a slip of the keys, most likely in the name. */
function refuseIdleConsent(names: readonly string[], words: readonly string[]): void {
  if (names.length > 0) {
    throw new InputError(
      names.map(name => ({
        message: `--accept-risk ${name}: ${name} is none of the hooks to install (${words.join(', ')})`,
        hint: 'Name the hook itself, once for each: hookfleet install vhostmd --accept-risk vhostmd',
      })),
    );
  }
}

interface Made {
  readonly name: 'install' | 'remove';
  readonly words: readonly string[];
  readonly hooks: readonly InstalledHook[];
  readonly engine: string | undefined;
  readonly catalog: Catalog;
}

async function runMade(
  { name, words, hooks, engine, catalog }: Made,
  inventory: Inventory,
  options: InstallOptions,
): Promise<number> {
  const hosts = options.hosts ?? hypervisors(inventory, engine);
  const text = installPlaybook({ hooks, hosts, engine, catalog });
  if (options.printPlaybook) {
    await withoutPlaces(async () => parsePlaybook(text, MADE_PLAYBOOK, catalog));
    process.stdout.write(text);
    return 0;
  }
  const rerun = await resolveRerun({ name, words }, options, inventory);
  const prepare = {
    dnfLockWaitSeconds: options.dnfLockWait ?? LOCK_WAIT_SECONDS,
    deep: options.deep ?? false,
    namedOnly: true,
  };
  const selection = await withoutPlaces(async () =>
    selectPlays(parsePlaybook(text, MADE_PLAYBOOK, catalog), inventory, options, prepare, rerun),
  );
  const changes = options.check !== true;
  const warnings = selection.warnings.map(warning =>
    warning.place?.file === MADE_PLAYBOOK ? placeless(warning) : warning,
  );
  return runPlays({ name, words, changes }, { ...selection, warnings }, inventory, withRerun(options, rerun));
}

/** A place in a playbook that the user never wrote would say nothing. */
async function withoutPlaces<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.problems.map(placeless)) : error;
  }
}

function placeless({ place: _, ...problem }: Problem): Problem {
  return problem;
}

/** The engine host: what the user says, else the group `engine`. @param needy the hooks that need properties there. */
function enginePattern(
  needy: readonly string[],
  inventory: Inventory,
  { engine }: InstallOptions,
): string | undefined {
  if (typeof engine === 'string') {
    return engine;
  }
  const inSight = engine !== false && inventory.groups.has('engine');
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
