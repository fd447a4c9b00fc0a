import { BUILT_IN, type Catalog } from '../../catalog/hooks.ts';
import type { Change } from '../../core/change.ts';
import type { HostResult, RunResult } from '../../core/host-result.ts';
import { isBad } from '../../run/budget.ts';
import { commandLine } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';

/**
 * The commands to type that put hooks back to what they were, after a run that was stopped: on the hosts that went wrong,
 * or where none did (the answer after the first batch was no), on all that were changed. Hosts that take the same
 * command share one. Only whole packages come back so: what was mended in a hook's files was drift before.
 */
export function wayBack(
  { hosts, stopped }: RunResult,
  options: FleetOptions,
  catalog: Catalog = BUILT_IN,
): readonly string[] {
  if (stopped === null) {
    return [];
  }
  const bad = [...hosts].filter(([, result]) => isBad(result));
  const touched = bad.length > 0 ? bad : [...hosts];
  const commands = new Map<string, { readonly undo: Undo; readonly names: string[] }>();
  for (const [name, result] of touched) {
    for (const undo of undoing(result, catalog)) {
      const key = JSON.stringify(undo);
      const command = commands.get(key) ?? { undo, names: [] };
      command.names.push(name);
      commands.set(key, command);
    }
  }
  return [...commands.values()].map(({ undo: { command, words, accepted }, names }) => {
    const { limit: _, order: __, engine: ___, rerun: ____, ...others } = options;
    const { allowDowngrade: _____, acceptRisk: ______, ...rest } = others;
    const more = {
      ...(catalog.folder === undefined ? {} : { catalog: catalog.folder }),
      ...(command === 'install'
        ? { allowDowngrade: true, engine: false as const, acceptRisk: accepted }
        : {}),
    };
    return commandLine({ name: command, words }, { ...rest, ...more, hosts: names.join(',') });
  });
}

interface Undo {
  readonly command: 'install' | 'remove';
  readonly words: readonly string[];
  /** Hooks that are refused without consent, which the run must have had. */
  readonly accepted: readonly string[];
}

function undoing({ changes }: HostResult, catalog: Catalog): Undo[] {
  const hooks = changes.filter(({ resource, id }) => resource === 'vdsm-hook' && !id.includes(' '));
  const versions = hooks.flatMap(({ id, before }) => {
    const version = before === null ? undefined : versionOf(id, before, catalog);
    return version === undefined ? [] : [`${id}@${version}`];
  });
  const accepted = hooks.map(({ id }) => id).filter(id => catalog.find(id)?.refusedWhere === 'everywhere');
  const isBack = (id: string) => versions.some(word => word.startsWith(`${id}@`));
  const added = hooks.filter(({ action }: Change) => action === 'install').map(({ id }) => id);
  return [
    ...(versions.length > 0
      ? [{ command: 'install' as const, words: versions, accepted: accepted.filter(isBack) }]
      : []),
    ...(added.length > 0 ? [{ command: 'remove' as const, words: added, accepted: [] }] : []),
  ];
}

/** The version and release of `NAME-VERSION-RELEASE.ARCH`, with its epoch where that is not 0, as people write it. */
function versionOf(hook: string, nevra: string, catalog: Catalog): string | undefined {
  const name = catalog.find(hook)?.package ?? hook;
  return nevra.startsWith(`${name}-`) ? nevra.slice(name.length + 1).replace(/^0:|\.[^.]*$/g, '') : undefined;
}
