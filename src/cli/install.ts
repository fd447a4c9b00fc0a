import { InputError } from '../core/input-error.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { loadInventory } from '../inventory/load.ts';
import { installPlaybook, needsEngine } from '../playbook/install-playbook.ts';
import { parsePlaybook } from '../playbook/playbook.ts';
import { LOCK_WAIT_SECONDS } from '../resources/dnf-shell.ts';
import type { FleetOptions } from './options.ts';
import { runPlays } from './run-plays.ts';
import { selectPlays } from './select-plays.ts';

export interface InstallOptions extends FleetOptions {
  readonly printPlaybook?: boolean;
}

/**
 * The command `install`: the whole story of a hook without a playbook of one's own. It is a playbook all the same, made
 * here, and goes the way of every other; `--print-playbook` writes it out.
 *
 * @returns the exit code.
 * @throws {InputError} for unknown hooks, an inventory without the hosts, and hooks that need an engine where there is none.
 */
export async function install(hooks: readonly string[], options: InstallOptions): Promise<number> {
  const inventory = await loadInventory(options.inventory);
  const engine = enginePattern(hooks, inventory, options);
  const text = installPlaybook({ hooks, hosts: options.hosts ?? hypervisors(inventory, engine), engine });
  if (options.printPlaybook) {
    await withoutPlaces(async () => parsePlaybook(text, 'install'));
    process.stdout.write(text);
    return 0;
  }
  const selection = await withoutPlaces(async () =>
    selectPlays(parsePlaybook(text, 'install'), inventory, options, {
      dnfLockWaitSeconds: options.dnfLockWait ?? LOCK_WAIT_SECONDS,
      namedOnly: true,
    }),
  );
  const changes = options.check !== true;
  return runPlays({ name: 'install', words: hooks, changes }, selection, inventory, options);
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
