import { isAvailable, KNOWN_VERSIONS, readAskedVersion } from '../../catalog/availability.ts';
import { findHookPoint, HOOK_POINTS } from '../../catalog/events.ts';
import { engineProperties } from '../../catalog/hook-properties.ts';
import type { Hook } from '../../catalog/hooks.ts';
import { InputError } from '../../core/input-error.ts';
import { hookPage } from '../../report/catalog/catalog-hook.ts';
import { hookList } from '../../report/catalog/catalog-hooks.ts';
import { hookDocument } from '../../report/catalog/catalog-json.ts';
import type { CatalogOptions } from '../options/catalog-option.ts';
import { readCatalog } from '../options/read-catalog.ts';
import { hint, look, print, printJson, unknown } from './print.ts';

export interface ShowOptions extends CatalogOptions {
  readonly json?: boolean;
}

/** Options of `hooks list`; a hook must pass all that are given. */
export interface ListOptions extends ShowOptions {
  readonly all?: boolean;
  /** Hooks with a script at this event. */
  readonly event?: string;
  /** Hooks that read this custom property. */
  readonly property?: string;
  /** A version of VDSM or a release of oVirt. */
  readonly availableFor?: string;
  /** Only those that VDSM no longer has. */
  readonly removed?: boolean;
  /** Only those that can keep VMs from starting without their property. */
  readonly dangerous?: boolean;
}

type Filter = (hook: Hook) => boolean;

/**
 * The command `hooks list`: the hooks of the catalogue; those that VDSM no longer has only with `--all`, `--removed` or
 * `--available-for`, since the version asked for may still have them.
 * @throws {InputError} for an event, a property or a version that is not known, and for a site's catalogue with faults.
 */
export async function listHooks(options: ListOptions): Promise<number> {
  const { hooks } = await readCatalog(options);
  const { all, removed, availableFor } = options;
  const filters = filtersOf(options, hooks);
  const statuses = [
    ...(removed ? [] : ['current', 'external', 'site']),
    ...(all || removed || availableFor !== undefined ? ['removed'] : []),
  ];
  const shown = statuses.flatMap(status =>
    hooks
      .filter(hook => hook.status === status && filters.every(passes => passes(hook)))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  if (options.json) {
    return printJson('hooks list', { hooks: shown.map(hookDocument) });
  }
  if (shown.length > 0) {
    print(hookList(shown, look()));
  } else {
    const gone = hooks.filter(hook => hook.status === 'removed' && filters.every(passes => passes(hook)));
    process.stderr.write(
      gone.length === 0 || removed
        ? 'No hook of the catalogue is like that.\n'
        : `No hook of today is like that; of those that VDSM no longer has: ${gone.map(({ name }) => name).join(', ')} (--all).\n`,
    );
  }
  const left = hooks.length - shown.length;
  const isWhole = filters.length === 0 && !removed && availableFor === undefined;
  hint([
    '! has a known defect or danger: hookfleet hooks show NAME tells it',
    ...(left === 0 || !isWhole ? [] : [`${left} hooks that VDSM no longer has: hookfleet hooks list --all`]),
  ]);
  return 0;
}

function filtersOf(options: ListOptions, hooks: readonly Hook[]): Filter[] {
  const { event, property, availableFor, dangerous } = options;
  if (event !== undefined && findHookPoint(event) === undefined) {
    const names = HOOK_POINTS.map(point => point.name);
    throw unknown('event', event, names, 'hookfleet hooks events');
  }
  const properties = new Set(hooks.flatMap(propertyNames));
  if (property !== undefined && !properties.has(property)) {
    throw unknown('property', property, [...properties], 'hookfleet hooks list --all --json');
  }
  const version = availableFor === undefined ? undefined : readAskedVersion(availableFor);
  if (availableFor !== undefined && version === undefined) {
    throw new InputError([
      {
        message: `--available-for ${availableFor}: no version that the catalogue knows`,
        hint: `It knows ${KNOWN_VERSIONS}: give a release (4.4), a series (4.40) or a version (4.50.5).`,
      },
    ]);
  }
  return [
    ...(event === undefined ? [] : [(hook: Hook) => hook.files.some(file => file.event === event)]),
    ...(property === undefined ? [] : [(hook: Hook) => propertyNames(hook).includes(property)]),
    ...(version === undefined ? [] : [(hook: Hook) => isAvailable(hook, version)]),
    ...(dangerous ? [(hook: Hook) => hook.refusedWhere !== undefined] : []),
  ];
}

function propertyNames(hook: Hook): string[] {
  return engineProperties(hook).map(({ name }) => name);
}

/**
 * The command `hooks show NAME`: all that the catalogue knows about one hook, by its name or its package.
 * @throws {InputError} for a name that the catalogue does not have, and for a site's catalogue with faults.
 */
export async function showHook(name: string, options: ShowOptions): Promise<number> {
  const catalog = await readCatalog(options);
  const hook = catalog.find(name);
  if (hook === undefined) {
    const names = catalog.hooks.flatMap(known => [known.name, known.package]);
    throw unknown('hook', name, names, 'hookfleet hooks list --all');
  }
  return options.json ? printJson('hooks show', { hook: hookDocument(hook) }) : print(hookPage(hook, look()));
}
