import type { RunResult } from '../core/host-result.ts';
import { formatProblem, InputError } from '../core/input-error.ts';
import { printable } from '../core/printable.ts';
import { loadInventory } from '../inventory/load.ts';
import { loadPlaybook } from '../playbook/playbook.ts';
import { jsonReport } from '../report/json.ts';
import { makePaint } from '../report/paint.ts';
import { summary } from '../report/summary.ts';
import { exitCode } from '../run/exit-code.ts';
import { run } from '../run/run.ts';
import { confirm } from './confirm.ts';
import { makeConnector } from './connector.ts';
import { defaultForks } from './forks.ts';
import { listenForInterrupts } from './interrupt.ts';
import { nextCommand } from './next-command.ts';
import type { FleetOptions } from './options.ts';
import { selectPlays } from './select-plays.ts';
import { readVersion } from './version.ts';
import { openView } from './view.ts';

/**
 * The commands `apply` and `check`: reads and checks all that the user wrote, before any host is contacted, then runs
 * the plays.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the input.
 */
export async function runPlaybook(
  command: 'apply' | 'check',
  file: string,
  options: FleetOptions,
): Promise<number> {
  const [playbook, inventory] = await bothOrProblems(loadPlaybook(file), loadInventory(options.inventory));
  const { plays, leftOut } = selectPlays(playbook, inventory, options);
  const interrupt = listenForInterrupts(say);
  try {
    const connect = await makeConnector(
      plays.flatMap(play => play.hosts),
      interrupt.abort,
    );
    for (const warning of inventory.warnings) {
      say(`warning: ${printable(formatProblem(warning))}`);
    }
    for (const name of leftOut) {
      say(`note: --limit leaves no host of the play "${printable(name)}": it is not run`);
    }
    const request = { command, plays, forks: options.forks ?? defaultForks() };
    const runOnce = async (apply: boolean): Promise<RunResult> => {
      const view = await openView(options);
      const result = await run({ ...request, apply }, { connect, report: view.report, interrupt });
      await view.finished();
      return result;
    };
    if (command === 'apply' && canAsk(options)) {
      const preview = await runOnce(false);
      process.stdout.write(`${summaryText(preview, options)}\n`);
      const due = [...preview.hosts.values()].filter(({ outcome }) => outcome === 'drifted').length;
      if (
        due === 0 ||
        !(await confirm(`Change ${due === 1 ? 'this host' : `these ${due} hosts`}?`, interrupt.stop))
      ) {
        return exitCode({ ...preview, interrupted: interrupt.stop.aborted });
      }
    }
    const result = await runOnce(command === 'apply');
    const code = exitCode(result);
    if (options.json) {
      process.stdout.write(`${JSON.stringify(jsonReport(result, code, readVersion()), null, 2)}\n`);
      return code;
    }
    process.stdout.write(`${summaryText(result, options)}\n`);
    const next = nextCommand(command, file, options, result);
    if (next !== undefined) {
      say(`Next: ${printable(next)}`);
    }
    return code;
  } finally {
    interrupt.dispose();
  }
}

/** Questions need a person on both ends; elsewhere `apply` goes on without asking. */
function canAsk({ yes, json }: FleetOptions): boolean {
  return !yes && !json && process.stdin.isTTY && process.stderr.isTTY;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function summaryText(result: RunResult, { diff = false, verbose = false }: FleetOptions): string {
  return summary(result, { diff, verbose, paint: makePaint(process.stdout, process.env) });
}

/** Waits for both, so that what is wrong with either is told at once. */
async function bothOrProblems<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') {
    return [a.value, b.value];
  }
  const reasons = [a, b].flatMap(one => (one.status === 'rejected' ? [one.reason] : []));
  const unforeseen = reasons.find(reason => !(reason instanceof InputError));
  throw unforeseen ?? new InputError(reasons.flatMap(reason => reason.problems));
}
