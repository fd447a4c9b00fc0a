import { HOOKS_ROOT, type HookPoint, SCRIPT_EXITS } from '../../catalog/events.ts';
import { eventsOf } from '../../catalog/hook-events.ts';
import { engineProperties } from '../../catalog/hook-properties.ts';
import type { Hook } from '../../catalog/hooks.ts';
import { installLine } from './catalog-hook.ts';

/** A hook as `--json` prints it: every key is always there, null or an empty list where there is nothing to say. */
export function hookDocument(hook: Hook) {
  return {
    name: hook.name,
    package: hook.package,
    status: hook.status,
    brief: hook.brief,
    summary: hook.summary,
    events: eventsOf(hook),
    files: hook.files.map(({ event, file, mode, link }) => ({
      event,
      path: `${HOOKS_ROOT}/${event}/${file}`,
      mode: mode ?? null,
      link: link ?? null,
    })),
    otherFiles: hook.otherFiles,
    properties: engineProperties(hook),
    expressionsFrom: hook.expressionsFrom ?? null,
    requires: hook.requires,
    conflicts: hook.conflicts,
    hostSetup: hook.hostSetup,
    source: hook.source ?? null,
    since: hook.since ?? null,
    documentedSince: hook.documentedSince ?? null,
    removed: hook.removed ?? null,
    replacement: hook.replacement ?? null,
    broken: hook.broken ?? null,
    brokenSince: hook.brokenSince ?? null,
    danger: hook.danger ?? null,
    refusedWhere: hook.refusedWhere ?? null,
    withoutProperty: hook.withoutProperty ?? null,
    notes: hook.notes,
    install: installLine(hook),
  };
}

/** A hook point as `--json` prints it, with the given hooks that have a script there. */
export function eventDocument(point: HookPoint, hooks: readonly Hook[]) {
  const { name, when, since, input, output, aborts, user, properties, notes } = point;
  return {
    name,
    when,
    folder: `${HOOKS_ROOT}/${name}`,
    since,
    user,
    input,
    output,
    aborts,
    properties,
    exits: SCRIPT_EXITS,
    notes,
    hooks: hooks.map(hook => hook.name),
  };
}
