import type { RunEvent } from '../../core/event.ts';
import type { RunResult } from '../../core/host-result.ts';
import type { Problem } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { SCRIPT_LIMITS } from '../../core/script-limits.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Aliases } from '../../report/cause.ts';
import type { View } from '../../report/view.ts';
import { exitCode } from '../../run/exit-code.ts';
import { type RunPorts, type RunRequest, run } from '../../run/run.ts';
import { viewOfRun } from '../engine-view/view-of-run.ts';
import { makeConnector } from '../login/connector.ts';
import { defaultForks } from '../options/forks.ts';
import type { FleetCommand } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';
import { startRecording } from '../runs/record.ts';
import { LOCK_WAIT_SECONDS, thisRun } from '../runs/this-run.ts';
import { listenForInterrupts } from '../terminal/interrupt.ts';
import { openView } from '../terminal/view.ts';
import { type HostKeysOfRun, hostKeysOfRun } from '../trust/trust-in-run.ts';
import { openReportFiles } from './report-files.ts';
import type { Selection } from './select-plays.ts';

export type RunCommand = Omit<FleetCommand, 'needsWhole'>;

/** A run with all that is open for it: connections, reports, its record, the signals of the user. */
export interface OpenRun {
  readonly aliases: Aliases;
  readonly hostKeys: HostKeysOfRun;
  /** What of the user's ssh_config is not heeded. */
  readonly warnings: readonly Problem[];
  /** Aborted by the user's first wish to end. */
  readonly stop: AbortSignal;
  /** Goes over the plays once: looks, or changes. */
  pass(how: Pass, confirm?: RunPorts['confirm']): Promise<RunResult>;
  /** Ends the record and writes the reports. @returns the exit code. */
  end(result: RunResult): Promise<number>;
  /** The id of its record, where there is one. */
  recordId(): string | undefined;
  close(): Promise<void>;
}

/** Whether it changes anything, and what was shown before. */
export type Pass = Pick<RunRequest, 'apply' | 'shown'>;

/** Says something to the user besides what a run prints. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Makes everything ready that can be wrong with the input, asks for passwords, and begins the record.
 *
 * @throws {InputError} for an identity or known_hosts file that cannot be used, and for a report that cannot be written.
 */
export async function openRun(
  command: RunCommand,
  { plays, catalog }: Selection,
  inventory: Inventory,
  options: FleetOptions,
): Promise<OpenRun> {
  const reports = await openReportFiles({ command, plays, catalog, inventory, options });
  const hosts = plays.flatMap(play => play.hosts);
  const aliases: Aliases = new Map(hosts.map(({ name, address }) => [name, [address]]));
  const hostKeys = hostKeysOfRun(hosts, inventory, options);
  let view: View | undefined;
  const sayBesides = (line: string) => (view ? view.say(line) : say(line));
  // Before signals are caught: a question ends with the program.
  const connector = await makeConnector(hosts, hostKeys, options);
  const beginView = await viewOfRun(plays, inventory, options, note => say(`note: ${printable(note)}`));
  const interrupt = listenForInterrupts(sayBesides);
  const engine = beginView(connector.connect, interrupt.abort);
  const request = requestOf(command, options);
  const recording = await startRecording(command, plays, request.forks, options, sayBesides);
  return {
    aliases,
    hostKeys,
    warnings: connector.warnings,
    stop: interrupt.stop,
    recordId: () => recording.id(),

    async pass(how, confirm) {
      const about = { words: command.words, preview: command.changes && !how.apply };
      const shown = await openView(options, about, aliases);
      view = shown;
      const keep = recording.beginPass(how.apply);
      const report = (event: RunEvent) => {
        keep(event);
        reports.listen(event);
        shown.report(event);
      };
      const ports = { connect: connector.connect, report, interrupt, ...(confirm && { confirm }) };
      try {
        return await run({ ...request, ...how, plays: engine.playsFor(how.apply) }, ports);
      } finally {
        await shown.finished();
        view = undefined;
      }
    },

    async end(result) {
      const code = exitCode(result);
      const { notes, warnings } = await recording.end(result, code);
      const lacking = [...warnings, ...(await reports.write(result, code))];
      (options.json || options.quiet ? lacking : [...notes, ...lacking]).forEach(say);
      return code;
    },

    async close() {
      (await reports.close()).forEach(say);
      recording.close();
      await engine.close();
      connector.close();
      interrupt.dispose();
    },
  };
}

function requestOf(command: RunCommand, options: FleetOptions): Omit<RunRequest, 'plays' | 'apply'> {
  const { holder, id } = thisRun();
  return {
    command: command.name,
    forks: options.forks ?? defaultForks(),
    holder,
    runId: id,
    lockWaitSeconds: options.lockWait ?? LOCK_WAIT_SECONDS,
    limits: {
      probeSeconds: options.scriptTimeout ?? SCRIPT_LIMITS.probeSeconds,
      transactionSeconds: options.transactionTimeout ?? SCRIPT_LIMITS.transactionSeconds,
    },
  };
}
