import { lstat, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HookPoint } from '../../catalog/events.ts';
import type { EventInput } from './event-input.ts';
import type { Script } from './listing.ts';
import { type GivenProperties, inEnvironment } from './property.ts';
import { readJson } from './read-json.ts';
import { readXml } from './read-xml.ts';
import { MOST_OUTPUT, type Ran, runScript } from './run-script.ts';
import type { Hooking } from './throw-away.ts';
import { isEndless, notesOn, type Outcome, type Tried, type TriedScript } from './tried.ts';
import { sentence, wouldFail } from './verdict.ts';

/** What holds for every script of a try. */
export interface TryLimits {
  /** The throw-away folder. */
  readonly folder: string;
  /** For each script. */
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
}

/** The PATH of a service of systemd, and the folders that only older systems have apart. */
export const SERVICE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a file holds that a script may have replaced; `missing` and the like is what Python would say. */
type Left = { readonly text: string } | { readonly trouble: string };

/** Its call of the hooks fails with any script there: FROM_SNAPSHOT is a boolean (vdsm: lib/vdsm/virt/vm.py). */
const CANNOT_CALL = 'after_vm_dehibernate';

/**
 * Runs the scripts of an event as VDSM does, one after the other on the same file, and says what VDSM would make of it.
 * Source: _runHooksDir of lib/vdsm/common/hooks.py and its callers.
 */
export async function tryEvent(
  point: HookPoint,
  scripts: readonly Script[],
  input: EventInput,
  properties: GivenProperties,
  hooking: Hooking,
  limits: TryLimits,
): Promise<Tried> {
  const file = join(limits.folder, 'data');
  await writeFile(file, input.text, { mode: 0o600 });
  const env = environmentOf(point, input, properties, hooking, limits.folder, file);
  const tried: TriedScript[] = [];
  let stopped = false;
  let before = input.text;
  for (const { path, name } of scripts) {
    if (stopped || limits.signal.aborted) {
      tried.push({ name, ran: undefined, failed: false, changed: false, notes: [] });
      continue;
    }
    const ran = await runScript({ path, args: [], env, stdin: undefined, ...limits });
    const left = await leftIn(file);
    const now = 'text' in left ? left.text : '';
    const failed = ran.status !== 0;
    const notes = [...notesOn(ran, 'VDSM'), ...statusNotes(ran), ...lentNotes(ran, hooking)];
    tried.push({ name, ran, failed, changed: now !== before, notes });
    before = now;
    stopped = isEndless(ran) || ran.status === 2;
  }
  const left = await leftIn(file);
  const outcome = outcomeOf(point, input, left);
  return {
    title: point.name,
    caller: 'VDSM',
    user: point.user,
    given: input.given,
    scripts: tried,
    ...judge(point, tried, left, outcome),
    outcome,
  };
}

function environmentOf(
  point: HookPoint,
  input: EventInput,
  properties: GivenProperties,
  hooking: Hooking,
  folder: string,
  file: string,
): Readonly<Record<string, string>> {
  return {
    PATH: SERVICE_PATH,
    LANG: 'C.UTF-8',
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    ...(point.name.endsWith('_vm_dehibernate') ? { FROM_SNAPSHOT: 'False' } : {}),
    ...inEnvironment(point, properties),
    ...(point.properties === 'none' ? {} : { vmId: input.vmId }),
    // VDSM joins its folder to an empty list.
    PYTHONPATH: `:${hooking.folder}`,
    [point.input === 'json' ? '_hook_json' : '_hook_domxml']: file,
  };
}

function statusNotes({ status, ending }: Ran): string[] {
  if (ending !== 'ended' || status === undefined) {
    return [];
  }
  return status === 2
    ? ['Status 2: the scripts after it do not run.']
    : status > 2
      ? [`VDSM takes ${status} for a failure, and logs it as unexpected.`]
      : [];
}

function lentNotes({ status, stderr }: Ran, { lent }: Hooking): string[] {
  return lent && status !== 0 && /(?:module 'hooking'|from 'hooking'|No module named '?vdsm)/.test(stderr)
    ? [
        "The module hooking that is lent here has what most hooks use; VDSM's own has more (execCmd, launch flags), and comes with the package vdsm.",
      ]
    : [];
}

/** What lies at the path in the end; nothing but a regular file is opened. */
async function leftIn(file: string): Promise<Left> {
  try {
    const found = await stat(file);
    if (!found.isFile()) {
      return { trouble: 'is no regular file any more' };
    }
    if (found.size > MOST_OUTPUT) {
      return { trouble: `has grown to ${found.size} bytes` };
    }
    const bytes = await readFile(file);
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    const gone = (await lstat(file).catch(() => undefined)) === undefined;
    const isText = error instanceof TypeError;
    return { trouble: gone ? 'is gone' : isText ? 'is not UTF-8' : 'cannot be read any more' };
  }
}

function outcomeOf(point: HookPoint, input: EventInput, left: Left): Outcome | undefined {
  if (point.input === 'empty' || !('text' in left)) {
    return undefined;
  }
  const kind = point.input === 'json' ? ('JSON' as const) : ('XML' as const);
  const [before, after] = [linesOf(kind, input.text), linesOf(kind, left.text)];
  return { kind, used: point.output, before: before.lines, after: after.lines, fault: after.fault };
}

/** What cannot be read is compared as it stands. */
export function linesOf(
  kind: Outcome['kind'],
  text: string,
  namespaces = true,
): { readonly lines: readonly string[]; readonly fault: string | undefined } {
  const read = kind === 'JSON' ? readJson(text) : readXml(text, namespaces);
  if ('lines' in read) {
    return { lines: read.lines, fault: undefined };
  }
  const fault = 'line' in read ? `line ${read.line}: ${read.fault}` : read.fault;
  return { lines: text === '' ? [] : text.replace(/\n$/, '').split('\n'), fault };
}

function judge(
  point: HookPoint,
  tried: readonly TriedScript[],
  left: Left,
  outcome: Outcome | undefined,
): Pick<Tried, 'goesOn' | 'verdict' | 'notes'> {
  const fails = wouldFail(point.name);
  const stops = (why: string) => ({ goesOn: false, verdict: `${why}: ${fails}.`, notes });
  const failed = tried.filter(one => one.failed);
  const notes = messageNotes(point, tried);
  const endless = tried.find(one => one.ran !== undefined && isEndless(one.ran));
  if (point.name === CANNOT_CALL) {
    return {
      goesOn: false,
      verdict:
        'VDSM cannot run a script at this event: its own call fails (TypeError), with any script there.',
      notes,
    };
  }
  if (endless) {
    return stops(`VDSM would wait for ${endless.name} for ever`);
  }
  if ('trouble' in left) {
    return stops(`The file ${left.trouble}, and VDSM fails when it reads it`);
  }
  if (outcome?.fault !== undefined && (outcome.used || outcome.kind === 'JSON')) {
    const reads = outcome.used ? '' : ', which VDSM reads though it throws it away';
    return stops(`What was left is no well-formed ${outcome.kind} (${outcome.fault})${reads}`);
  }
  if (failed.length === 0) {
    return { goesOn: true, verdict: 'VDSM would go on.', notes };
  }
  return point.aborts
    ? { goesOn: false, verdict: sentence(fails), notes }
    : {
        goesOn: true,
        verdict: 'VDSM would log the failure and go on: at this event nothing else comes of it.',
        notes,
      };
}

/** VDSM's error has the stderr of the last script that ran, failed or not; only before_vm_start takes that of a failed one. */
function messageNotes(point: HookPoint, tried: readonly TriedScript[]): string[] {
  const ran = tried.filter(one => one.ran !== undefined);
  const last = ran.at(-1);
  const failed = ran.filter(one => one.failed).at(-1);
  return point.aborts && last && failed && last !== failed && point.name !== 'before_vm_start'
    ? [
        `VDSM's error would show the stderr of ${last.name}, the last one that ran, and not that of ${failed.name}.`,
      ]
    : [];
}
