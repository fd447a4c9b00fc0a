import type { Change } from '../core/change.ts';
import type { Failure } from '../core/failure.ts';
import type { HostResult, RunResult } from '../core/host-result.ts';
import { OUTCOMES, type Outcome } from '../core/outcome.ts';
import { printable } from '../core/printable.ts';
import { totals } from './json.ts';
import type { Paint } from './paint.ts';

export interface SummaryOptions {
  /** Show the whole text before and after each change. */
  readonly diff: boolean;
  /** Show every host, the unchanged ones too. */
  readonly verbose: boolean;
  readonly paint: Paint;
}

/**
 * The end of a run for people: hosts with the same changes or the same trouble under one heading, the worst last, then
 * the totals.
 */
export function summary(result: RunResult, options: SummaryOptions): string {
  const groups = new Map<string, { names: string[]; host: HostResult }>();
  for (const [name, host] of result.hosts) {
    const { ms: _, ...same } = host;
    const key = JSON.stringify(same);
    const group = groups.get(key) ?? { names: [], host };
    group.names.push(name);
    groups.set(key, group);
  }
  const shown = [...groups.values()]
    .filter(({ host }) => options.verbose || host.outcome !== 'ok' || host.notes.length > 0)
    .sort((a, b) => OUTCOMES.indexOf(b.host.outcome) - OUTCOMES.indexOf(a.host.outcome));
  return [
    ...shown.map(({ names, host }) => `${groupText(names, host, options)}\n`),
    ...(result.stopped === null ? [] : [`Stopped: ${printable(result.stopped)}.`]),
    totalsLine(result, options.paint),
  ].join('\n');
}

function groupText(names: readonly string[], host: HostResult, options: SummaryOptions): string {
  const { paint } = options;
  const count = names.length > 1 ? ` (${names.length} hosts)` : '';
  return [
    `${paint.outcome(host.outcome, host.outcome)}${count}: ${paint.bold(names.map(printable).join(', '))}`,
    ...foldChanges(host.changes).flatMap(change => changeLines(change, options)),
    ...host.notes.map(note => `  note: ${printable(note)}`),
    ...(host.error ? failureLines(host.error, paint) : []),
  ].join('\n');
}

/** Changes that follow each other and differ in the last word of their id alone become one: `KEY 4.7, 4.8`. */
function foldChanges(changes: readonly Change[]): Change[] {
  const folded: Change[] = [];
  for (const change of changes) {
    const last = folded.at(-1);
    const cut = change.id.lastIndexOf(' ') + 1;
    const head = change.id.slice(0, cut);
    if (last && cut > 0 && last.id.startsWith(head) && alike(last, change)) {
      folded[folded.length - 1] = { ...last, id: `${last.id}, ${change.id.slice(cut)}` };
    } else {
      folded.push(change);
    }
  }
  return folded;
}

function alike(a: Change, b: Change): boolean {
  return a.resource === b.resource && a.action === b.action && a.before === b.before && a.after === b.after;
}

const SIGNS: Readonly<Record<string, string>> = { install: '+', remove: '-', unmanaged: '!' };

// Longer texts than this are shown with --diff alone.
const INLINE = 70;

function changeLines(
  { resource, id, action, before, after }: Change,
  { diff, paint }: SummaryOptions,
): string[] {
  const head = `  ${paint.sign(SIGNS[action] ?? '~')} ${resource} ${printable(id)}: ${action}`;
  const [from, to] = [before, after].map(text =>
    text === '' ? '(empty)' : text === null ? null : printable(text),
  );
  const states = [from ?? null, to ?? null].filter(text => text !== null);
  if (states.every(text => text.length <= INLINE && !text.includes('\n'))) {
    return [`${head}  ${states.join(' -> ')}`];
  }
  if (!diff) {
    return [head];
  }
  const block = (mark: string, text: string | null | undefined) =>
    text === null || text === undefined
      ? []
      : text.split('\n').map(line => `      ${paint.sign(mark)} ${line}`);
  return [head, ...block('-', from), ...block('+', to)];
}

/** What went wrong, as a person needs it: the message, the step, the command's last words, what to do. */
function failureLines(failure: Failure, paint: Paint): string[] {
  const { message, step, command, exitCode, stderr, hint } = failure;
  const where = exitCode === null ? `at: ${step}` : `at: ${step}, exit code ${exitCode}`;
  return [
    `  ${printable(message)}`,
    `  ${paint.dim(printable(where))}`,
    ...(command === null ? [] : [`  ${paint.dim(`command: ${printable(command)}`)}`]),
    ...(stderr === null || stderr.trim() === ''
      ? []
      : stderr.split('\n').map(line => `    ${paint.dim('|')} ${printable(line)}`)),
    ...(hint === null ? [] : [`  hint: ${printable(hint)}`]),
  ];
}

/** `12 hosts: 9 ok, 2 drifted, 1 failed`. */
function totalsLine(result: RunResult, paint: Paint): string {
  const counts = Object.entries(totals(result)) as [Outcome, number][];
  const said = counts
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => paint.outcome(outcome, `${count} ${outcome}`));
  return `${result.hosts.size} host${result.hosts.size === 1 ? '' : 's'}: ${said.join(', ')}`;
}
