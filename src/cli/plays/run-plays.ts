import type { RunResult } from '../../core/host-result.ts';
import { formatProblem } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { jsonReport, jsonText } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { summary } from '../../report/summary.ts';
import { exitCode } from '../../run/exit-code.ts';
import { shownBy } from '../../run/shown.ts';
import { staleRecords } from '../engine-view/stale-records.ts';
import { nextCommand } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';
import { agreesTo, askAfterFirstBatch, canAsk, refuseUnanswerable } from '../terminal/questions.ts';
import { readVersion } from '../version.ts';
import { type OpenRun, openRun, type Pass, type RunCommand, say } from './open-run.ts';
import type { Selection } from './select-plays.ts';
import { wayBack } from './way-back.ts';

/**
 * Runs plays that were read and checked: shows the plan and asks where there is somebody to ask, shows what goes on,
 * and prints what came of it.
 *
 * @returns the exit code.
 * @throws {InputError} for an identity or known_hosts file that cannot be used, for a report that cannot be written, and
 * for a play that wants an answer where nobody can give one.
 */
export async function runPlays(
  command: RunCommand,
  selection: Selection,
  inventory: Inventory,
  options: FleetOptions,
): Promise<number> {
  if (command.changes) {
    refuseUnanswerable(selection.plays, options);
  }
  const opened = await openRun(command, selection, inventory, options);
  try {
    tellBefore(opened, selection, inventory, options);
    if (!command.changes || !canAsk(options)) {
      const result = await pass(opened, { apply: command.changes }, options);
      return await tellAfter(opened, result, command, selection, options);
    }
    // A question rests on all that would be done.
    const all = { ...options, quiet: false };
    const confirm = askAfterFirstBatch(ended => summaryText(opened, ended, all, process.stderr), opened.stop);
    const preview = await pass(opened, { apply: false }, options, confirm);
    process.stdout.write(`${summaryText(opened, preview, all)}\n`);
    if (!(await agreesTo(preview, selection.plays, opened.stop))) {
      return await opened.end({ ...preview, interrupted: opened.stop.aborted });
    }
    const result = await pass(opened, { apply: true, shown: shownBy(preview) }, options, confirm);
    return await tellAfter(opened, result, command, selection, options);
  } finally {
    await opened.close();
  }
}

/** What the user should know before anything is contacted. */
function tellBefore(
  { warnings, hostKeys }: OpenRun,
  selection: Selection,
  inventory: Inventory,
  { verbose, configFile }: FleetOptions,
): void {
  for (const warning of [...inventory.warnings, ...selection.warnings, ...warnings]) {
    say(`warning: ${printable(formatProblem(warning))}`);
  }
  for (const note of selection.notes) {
    say(`note: ${printable(note)}`);
  }
  if (verbose && configFile !== undefined) {
    say(`settings: ${printable(configFile)}`);
  }
  if (hostKeys.header !== undefined) {
    say(hostKeys.header);
  }
}

/** Goes over the plays once, and tells of the host keys that were recorded meanwhile. */
async function pass(
  opened: OpenRun,
  how: Pass,
  { json }: FleetOptions,
  confirm?: ReturnType<typeof askAfterFirstBatch>,
): Promise<RunResult> {
  const result = await opened.pass(how, confirm);
  const recorded = opened.hostKeys.takeRecorded();
  if (recorded !== undefined && !json) {
    process.stdout.write(`${recorded}\n\n`);
  }
  return result;
}

/** Prints what came of a run, ends its record and reports, and says what to type next. @returns the exit code. */
async function tellAfter(
  opened: OpenRun,
  result: RunResult,
  command: RunCommand,
  { catalog, needsWhole }: Selection,
  options: FleetOptions,
): Promise<number> {
  const { hostKeys } = opened;
  if (options.json) {
    const document = jsonReport(hostKeys.withNotes(result), exitCode(result), readVersion());
    process.stdout.write(`${jsonText(document)}\n`);
    return opened.end(result);
  }
  process.stdout.write(`${summaryText(opened, result, options)}\n`);
  for (const line of wayBack(result, options, catalog)) {
    say(`To put back what was there: ${printable(line)}`);
  }
  const stale = command.changes && !options.quiet ? staleRecords(result) : undefined;
  if (stale !== undefined) {
    say(`note: ${stale}`);
  }
  const code = await opened.end(result);
  if (!options.quiet) {
    const next = nextCommand({ ...command, needsWhole }, options, result, opened.recordId());
    const steps = [hostKeys.unknownIn(result)?.command, next].filter(step => step !== undefined);
    for (const [i, step] of steps.entries()) {
      say(`${i === 0 ? 'Next' : 'Then'}: ${printable(step)}`);
    }
  }
  return code;
}

function summaryText(
  { aliases, hostKeys }: OpenRun,
  result: RunResult,
  { diff = false, verbose = false, quiet = false }: FleetOptions,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  const known = { aliases, unknownKeys: hostKeys.unknownIn(result) };
  return summary(result, { diff, verbose, quiet, ...known, paint: makePaint(stream, process.env) });
}
