import type { RunEvent } from '../../core/event.ts';
import type { RunResult } from '../../core/host-result.ts';
import { formatProblem } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { SCRIPT_LIMITS } from '../../core/script-limits.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Aliases } from '../../report/cause.ts';
import { jsonReport, jsonText } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { type SummaryOptions, summary } from '../../report/summary.ts';
import type { View } from '../../report/view.ts';
import { exitCode } from '../../run/exit-code.ts';
import { type RunRequest, run } from '../../run/run.ts';
import { shownBy } from '../../run/shown.ts';
import { staleRecords } from '../engine-view/stale-records.ts';
import { viewOfRun } from '../engine-view/view-of-run.ts';
import { makeConnector } from '../login/connector.ts';
import { defaultForks } from '../options/forks.ts';
import { type FleetCommand, nextCommand } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';
import { startRecording } from '../runs/record.ts';
import { LOCK_WAIT_SECONDS, thisRun } from '../runs/this-run.ts';
import { listenForInterrupts } from '../terminal/interrupt.ts';
import { agreesTo, askAfterFirstBatch, canAsk, refuseUnanswerable } from '../terminal/questions.ts';
import { openView } from '../terminal/view.ts';
import { hostKeysOfRun } from '../trust/trust-in-run.ts';
import { readVersion } from '../version.ts';
import { openReportFiles } from './report-files.ts';
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
  command: Omit<FleetCommand, 'needsWhole'>,
  { plays, catalog, warnings, notes, needsWhole }: Selection,
  inventory: Inventory,
  options: FleetOptions,
): Promise<number> {
  if (command.changes) {
    refuseUnanswerable(plays, options);
  }
  const reports = await openReportFiles({ command, plays, catalog, inventory, options });
  const hosts = plays.flatMap(play => play.hosts);
  const aliases: Aliases = new Map(hosts.map(({ name, address }) => [name, [address]]));
  const hostKeys = hostKeysOfRun(hosts, inventory, options);
  const summaryOf = (result: RunResult, stream: NodeJS.WriteStream, how = options) =>
    summaryText(result, { aliases, unknownKeys: hostKeys.unknownIn(result) }, how, stream);
  // A question rests on all that would be done.
  const asked = { ...options, quiet: false };
  let view: View | undefined;
  const sayBesides = (line: string) => (view ? view.say(line) : say(line));
  // Before signals are caught: a question ends with the program.
  const connector = await makeConnector(hosts, hostKeys, options);
  const beginView = await viewOfRun(plays, inventory, options, note => say(`note: ${printable(note)}`));
  const interrupt = listenForInterrupts(sayBesides);
  const engine = beginView(connector.connect, interrupt.abort);
  const forks = options.forks ?? defaultForks();
  const recording = await startRecording(command, plays, forks, options, sayBesides);
  try {
    for (const warning of [...inventory.warnings, ...warnings, ...connector.warnings]) {
      say(`warning: ${printable(formatProblem(warning))}`);
    }
    for (const note of notes) {
      say(`note: ${printable(note)}`);
    }
    if (options.verbose && options.configFile !== undefined) {
      say(`settings: ${printable(options.configFile)}`);
    }
    if (hostKeys.header !== undefined) {
      say(hostKeys.header);
    }
    const asks = command.changes && canAsk(options);
    const ask = asks
      ? { confirm: askAfterFirstBatch(ended => summaryOf(ended, process.stderr, asked), interrupt.stop) }
      : {};
    const request = {
      command: command.name,
      forks,
      holder: thisRun().holder,
      runId: thisRun().id,
      lockWaitSeconds: options.lockWait ?? LOCK_WAIT_SECONDS,
      limits: {
        probeSeconds: options.scriptTimeout ?? SCRIPT_LIMITS.probeSeconds,
        transactionSeconds: options.transactionTimeout ?? SCRIPT_LIMITS.transactionSeconds,
      },
    };
    const runOnce = async (how: Pick<RunRequest, 'apply' | 'shown'>): Promise<RunResult> => {
      const about = { words: command.words, preview: command.changes && !how.apply };
      view = await openView(options, about, aliases);
      const [show, keep] = [view.report, recording.beginPass(how.apply)];
      const report = (event: RunEvent) => {
        keep(event);
        reports.listen(event);
        show(event);
      };
      const ports = { connect: connector.connect, report, interrupt, ...ask };
      let result: RunResult;
      try {
        result = await run({ ...request, ...how, plays: engine.playsFor(how.apply) }, ports);
      } finally {
        await view.finished();
        view = undefined;
      }
      const recorded = hostKeys.takeRecorded();
      if (recorded !== undefined && !options.json) {
        process.stdout.write(`${recorded}\n\n`);
      }
      return result;
    };
    const finish = async (result: RunResult) => {
      const code = exitCode(result);
      const { notes: known, warnings } = await recording.end(result, code);
      const lacking = [...warnings, ...(await reports.write(result, code))];
      (options.json || options.quiet ? lacking : [...known, ...lacking]).forEach(say);
      return code;
    };
    const preview = asks ? await runOnce({ apply: false }) : undefined;
    if (preview) {
      process.stdout.write(`${summaryOf(preview, process.stdout, asked)}\n`);
      if (!(await agreesTo(preview, plays, interrupt.stop))) {
        return await finish({ ...preview, interrupted: interrupt.stop.aborted });
      }
    }
    const shown = preview ? { shown: shownBy(preview) } : {};
    const result = await runOnce({ apply: command.changes, ...shown });
    if (options.json) {
      const document = jsonReport(hostKeys.withNotes(result), exitCode(result), readVersion());
      process.stdout.write(`${jsonText(document)}\n`);
      return await finish(result);
    }
    process.stdout.write(`${summaryOf(result, process.stdout)}\n`);
    for (const line of wayBack(result, options, catalog)) {
      say(`To put back what was there: ${printable(line)}`);
    }
    const stale = command.changes && !options.quiet ? staleRecords(result) : undefined;
    if (stale !== undefined) {
      say(`note: ${stale}`);
    }
    const code = await finish(result);
    const next = nextCommand({ ...command, needsWhole }, options, result, recording.id());
    if (!options.quiet) {
      const steps = [hostKeys.unknownIn(result)?.command, next].filter(step => step !== undefined);
      for (const [i, step] of steps.entries()) {
        say(`${i === 0 ? 'Next' : 'Then'}: ${printable(step)}`);
      }
    }
    return code;
  } finally {
    (await reports.close()).forEach(say);
    recording.close();
    await engine.close();
    connector.close();
    interrupt.dispose();
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function summaryText(
  result: RunResult,
  known: Pick<SummaryOptions, 'aliases' | 'unknownKeys'>,
  { diff = false, verbose = false, quiet = false }: FleetOptions,
  stream: NodeJS.WriteStream,
): string {
  return summary(result, { diff, verbose, quiet, ...known, paint: makePaint(stream, process.env) });
}
