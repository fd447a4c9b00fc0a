import { findHookPoint, HOOK_POINTS } from '../../catalog/events.ts';
import { hooksAt } from '../../catalog/hook-events.ts';
import { findHook, HOOKS } from '../../catalog/hooks.ts';
import { InputError } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import { eventPage } from '../../report/catalog/catalog-event.ts';
import { eventList } from '../../report/catalog/catalog-events.ts';
import { hookPage } from '../../report/catalog/catalog-hook.ts';
import { hookList } from '../../report/catalog/catalog-hooks.ts';
import { eventDocument, hookDocument } from '../../report/catalog/catalog-json.ts';
import type { Look } from '../../report/catalog/catalog-layout.ts';
import { jsonText } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { readVersion } from '../version.ts';

/** Options of the commands `hooks …`. */
export interface HooksOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** The command `hooks list`: the hooks of the catalogue; those that VDSM no longer has only with `--all`. */
export function listHooks({ all, json }: HooksOptions): number {
  const statuses = ['current', 'external', ...(all ? ['removed'] : [])];
  const hooks = statuses.flatMap(status =>
    HOOKS.filter(hook => hook.status === status).sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  if (json) {
    return printJson('hooks list', { hooks: hooks.map(hookDocument) });
  }
  print(hookList(hooks, look()));
  const left = HOOKS.length - hooks.length;
  hint(
    [
      '! has a known defect or danger: hookfleet hooks show NAME tells it',
      ...(left === 0 ? [] : [`${left} hooks that VDSM no longer has: hookfleet hooks list --all`]),
    ].join('\n'),
  );
  return 0;
}

/**
 * The command `hooks show NAME`: all that the catalogue knows about one hook, by its name or its package.
 * @throws {InputError} for a name that the catalogue does not have.
 */
export function showHook(name: string, { json }: HooksOptions): number {
  const hook = findHook(name);
  if (hook === undefined) {
    throw unknown(
      'hook',
      name,
      HOOKS.flatMap(known => [known.name, known.package]),
      'hookfleet hooks list --all',
    );
  }
  if (json) {
    return printJson('hooks show', { hook: hookDocument(hook) });
  }
  return print(hookPage(hook, look()));
}

/**
 * The command `hooks events [EVENT]`: all hook points of VDSM, or one with its rules.
 * @throws {InputError} for a name that is no hook point's.
 */
export function showEvents(name: string | undefined, { json }: HooksOptions): number {
  if (name === undefined) {
    if (json) {
      return printJson('hooks events', {
        events: HOOK_POINTS.map(point => eventDocument(point, hooksAt(point.name))),
      });
    }
    print(eventList(HOOK_POINTS, look()));
    hint(
      [
        'INPUT: what a script finds in its file. OUTPUT: VDSM goes on with what is left in it.',
        'ABORTS: a failing script aborts the operation. VDSM, OVIRT: the first release with it.',
        'hookfleet hooks events EVENT tells the rules of one',
      ].join('\n'),
    );
    return 0;
  }
  const point = findHookPoint(name);
  if (point === undefined) {
    throw unknown(
      'event',
      name,
      HOOK_POINTS.map(known => known.name),
      'hookfleet hooks events',
    );
  }
  const hooks = hooksAt(name);
  return json
    ? printJson('hooks events', { event: eventDocument(point, hooks) })
    : print(eventPage(point, hooks, look()));
}

function unknown(kind: string, name: string, known: readonly string[], command: string): InputError {
  const near = didYouMean(name, known);
  return new InputError([
    {
      message: `unknown ${kind} "${name}"`,
      hint: near === undefined ? `${command} shows them all` : `Did you mean "${near}"?`,
    },
  ]);
}

// Lines longer than this are hard to read, on however wide a terminal.
const WIDEST = 100;

function look(): Look {
  const { stdout } = process;
  return { width: Math.min(stdout.columns || WIDEST, WIDEST), paint: makePaint(stdout, process.env) };
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** For people alone: not where the output goes to a file or a program. */
function hint(text: string): void {
  if (process.stdout.isTTY) {
    process.stderr.write(`\n${text}\n`);
  }
}

function printJson(command: string, document: object): number {
  return print(jsonText({ hookfleet: readVersion(), command, ...document }));
}
