import type { Failure } from '../core/failure.ts';
import type { HostResult, RunResult } from '../core/host-result.ts';
import { OUTCOMES, type Outcome } from '../core/outcome.ts';
import { printable } from '../core/printable.ts';
import { type Aliases, type Cause, gatherCauses } from './cause.ts';
import { changesLines } from './changes-text.ts';
import type { Paint } from './paint.ts';
import { HOST_KEY_UNKNOWN, type UnknownKeys, unknownKeysLines } from './unknown-hosts.ts';
import { count, hostsText, outcomeCounts } from './words.ts';

export interface SummaryOptions {
  /** Show the whole text before and after each change. */
  readonly diff: boolean;
  /** Show every host by its name, the unchanged ones too, and fold only what is equal to the letter. */
  readonly verbose: boolean;
  /** Show only what needs somebody. */
  readonly quiet: boolean;
  readonly aliases: Aliases;
  /** The host keys that are not on record: one list for all hosts that were not reached because of it. */
  readonly unknownKeys?: UnknownKeys | undefined;
  readonly paint: Paint;
}

/** Hosts that are shown under one heading. */
interface Block {
  readonly outcome: Outcome;
  readonly hosts: readonly string[];
  readonly lines: readonly string[];
}

/**
 * The end of a run for people: hosts with the same changes, and hosts whose trouble has the same cause, under one
 * heading, the worst last and of equally bad ones the largest; then the totals.
 */
export function summary(result: RunResult, options: SummaryOptions): string {
  const blocks = [
    ...changeBlocks(result, options),
    ...causeBlocks(result, options),
    ...unknownBlocks(result, options),
  ]
    .filter(({ outcome }) => !options.quiet || !['ok', 'changed'].includes(outcome))
    .sort((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome));
  return [
    ...blocks.map(block => `${blockText(block, options)}\n`),
    ...(result.stopped === null ? [] : [`Stopped: ${printable(result.stopped)}.`]),
    totalsLine(result, options.paint),
  ].join('\n');
}

function blockText({ outcome, hosts, lines }: Block, { paint, verbose }: SummaryOptions): string {
  const number = hosts.length > 1 ? ` (${count(hosts.length, 'host')})` : '';
  const names = paint.bold(namesText(hosts, verbose));
  return [`${paint.outcome(outcome, outcome)}${number}: ${names}`, ...lines].join('\n');
}

/** Hosts without an error, those with the same changes and notes together. */
function changeBlocks({ hosts }: RunResult, options: SummaryOptions): Block[] {
  const well = [...hosts].filter(
    ([, { outcome, error, notes }]) =>
      error === null && (options.verbose || outcome !== 'ok' || notes.length > 0),
  );
  return alike(well).map(({ names, host }) => ({
    outcome: host.outcome,
    hosts: names,
    lines: madeLines(host, options),
  }));
}

/** Hosts with an error, those with the same one together, whatever was changed on them before. */
function causeBlocks({ hosts, stopped }: RunResult, options: SummaryOptions): Block[] {
  const causes = gatherCauses(options.aliases, !options.verbose);
  for (const [name, { outcome, error }] of hosts) {
    if (error !== null && !isListed(error, options)) {
      causes.add(name, outcome, error);
    }
  }
  return causes
    .all()
    .toSorted((a, b) => a.hosts.length - b.hosts.length)
    .map(cause => ({
      outcome: cause.outcome,
      hosts: cause.hosts,
      lines: [
        // Why the run was stopped is told once, above the totals.
        ...(cause.failure.message === stopped ? [] : failureLines(cause, options.paint)),
        ...madeBefore(cause, hosts, options),
      ],
    }));
}

/** Hosts that were not reached because of keys that are not on record, under one heading. */
function unknownBlocks({ hosts }: RunResult, options: SummaryOptions): Block[] {
  const { unknownKeys, paint } = options;
  const names = [...hosts].flatMap(([name, { error }]) => (isListed(error, options) ? [name] : []));
  return unknownKeys === undefined || names.length === 0
    ? []
    : [{ outcome: 'unreachable', hosts: names, lines: unknownKeysLines(unknownKeys, paint) }];
}

function isListed(error: Failure | null, { unknownKeys }: SummaryOptions): boolean {
  return unknownKeys !== undefined && error?.kind === HOST_KEY_UNKNOWN;
}

/** What was changed on hosts, or noted, before they came into trouble. */
function madeBefore(cause: Cause, hosts: RunResult['hosts'], options: SummaryOptions): string[] {
  const members = new Set(cause.hosts);
  const all = alike([...hosts].filter(([name]) => members.has(name)));
  const some = all.filter(({ host: { changes, notes } }) => changes.length > 0 || notes.length > 0);
  return some.flatMap(({ names, host }) => {
    const where = all.length === 1 ? '' : ` on ${namesText(names, options.verbose)}`;
    return [`  before that${where}:`, ...madeLines(host, options).map(line => `  ${line}`)];
  });
}

function madeLines({ changes, notes }: HostResult, { diff, paint }: SummaryOptions): string[] {
  return [...changesLines(changes, diff, paint), ...notes.map(note => `  note: ${printable(note)}`)];
}

/** Hosts with the same outcome, changes and notes together. */
function alike(
  hosts: readonly (readonly [string, HostResult])[],
): { readonly names: string[]; readonly host: HostResult }[] {
  const groups = new Map<string, { names: string[]; host: HostResult }>();
  for (const [name, host] of hosts) {
    const key = JSON.stringify([host.outcome, host.changes, host.notes]);
    const group = groups.get(key) ?? { names: [], host };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function namesText(hosts: readonly string[], verbose: boolean): string {
  return verbose ? hosts.map(printable).join(', ') : hostsText(hosts);
}

/** What went wrong, as a person needs it: the message, the step, the command's last words, what to do. */
function failureLines({ outcome, failure }: { outcome: Outcome; failure: Failure }, paint: Paint): string[] {
  const { message, step, command, exitCode, stderr, hint } = failure;
  const where = exitCode === null ? `at: ${step}` : `at: ${step}, exit code ${exitCode}`;
  const wasStarted = outcome === 'failed' || outcome === 'unreachable';
  return [
    `  ${printable(message)}`,
    ...(wasStarted || step !== 'start' ? [`  ${paint.dim(printable(where))}`] : []),
    ...(command === null ? [] : [`  ${paint.dim(`command: ${printable(command)}`)}`]),
    ...(stderr === null || stderr.trim() === ''
      ? []
      : stderr.split('\n').map(line => `    ${paint.dim('|')} ${printable(line)}`)),
    ...(hint === null ? [] : [`  hint: ${printable(hint)}`]),
  ];
}

/** `12 hosts: 9 ok, 2 drifted, 1 failed`. */
export function totalsLine({ hosts }: RunResult, paint: Paint): string {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of hosts.values()) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const said = outcomeCounts(counts).map(({ outcome, text }) => paint.outcome(outcome, text));
  return `${count(hosts.size, 'host')}: ${said.join(', ')}`;
}
