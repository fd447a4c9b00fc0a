import type { RunResult } from '../core/host-result.ts';
import { formatProblem } from '../core/input-error.ts';
import { printable } from '../core/printable.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { jsonReport, jsonText } from '../report/json.ts';
import { makePaint } from '../report/paint.ts';
import { summary } from '../report/summary.ts';
import { exitCode } from '../run/exit-code.ts';
import { run } from '../run/run.ts';
import { confirm } from './confirm.ts';
import { makeConnector } from './connector.ts';
import { defaultForks } from './forks.ts';
import { holderOfLocks } from './holder.ts';
import { listenForInterrupts } from './interrupt.ts';
import { dueHosts, type FleetCommand, nextCommand } from './next-command.ts';
import type { FleetOptions } from './options.ts';
import type { Selection } from './select-plays.ts';
import { readVersion } from './version.ts';
import { openView } from './view.ts';

/**
 * Runs plays that were read and checked: shows the plan and asks where there is somebody to ask, shows what goes on,
 * and prints what came of it.
 *
 * @returns the exit code.
 * @throws {InputError} for an identity or known_hosts file that cannot be used.
 */
export async function runPlays(
  command: Omit<FleetCommand, 'needsWhole'>,
  { plays, leftOut, needsWhole }: Selection,
  inventory: Inventory,
  options: FleetOptions,
): Promise<number> {
  const interrupt = listenForInterrupts(say);
  try {
    const connect = await makeConnector(
      plays.flatMap(play => play.hosts),
      interrupt.abort,
      options.knownHosts,
    );
    for (const warning of inventory.warnings) {
      say(`warning: ${printable(formatProblem(warning))}`);
    }
    for (const name of leftOut) {
      say(`note: --limit leaves no host of the play "${printable(name)}": it is not run`);
    }
    const request = {
      command: command.name,
      plays,
      forks: options.forks ?? defaultForks(),
      holder: holderOfLocks(),
    };
    const runOnce = async (apply: boolean): Promise<RunResult> => {
      const view = await openView(options);
      const result = await run({ ...request, apply }, { connect, report: view.report, interrupt });
      await view.finished();
      return result;
    };
    if (command.changes && canAsk(options)) {
      const preview = await runOnce(false);
      process.stdout.write(`${summaryText(preview, options)}\n`);
      if (!(await goesOn(preview, interrupt.stop))) {
        return exitCode({ ...preview, interrupted: interrupt.stop.aborted });
      }
    }
    const result = await runOnce(command.changes);
    const code = exitCode(result);
    if (options.json) {
      process.stdout.write(`${jsonText(jsonReport(result, code, readVersion()))}\n`);
      return code;
    }
    process.stdout.write(`${summaryText(result, options)}\n`);
    const next = nextCommand({ ...command, needsWhole }, options, result);
    if (next !== undefined) {
      say(`Next: ${printable(next)}`);
    }
    return code;
  } finally {
    interrupt.dispose();
  }
}

/** Questions need a person on both ends; elsewhere changes are made without asking. */
function canAsk({ yes, json }: FleetOptions): boolean {
  return !yes && !json && process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks where hosts would be changed. What would only be listed needs no answer, and where nothing differs all is said. */
async function goesOn(preview: RunResult, signal: AbortSignal): Promise<boolean> {
  const due = dueHosts(preview).length;
  return due > 0
    ? confirm(`Change ${due === 1 ? 'this host' : `these ${due} hosts`}?`, signal)
    : [...preview.hosts.values()].some(({ outcome }) => outcome === 'drifted');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function summaryText(result: RunResult, { diff = false, verbose = false }: FleetOptions): string {
  return summary(result, { diff, verbose, paint: makePaint(process.stdout, process.env) });
}
