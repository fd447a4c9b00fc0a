import { totals } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { type PlanLine, planLines, resultLines } from '../../report/vm/vm-lines.ts';
import { exitCode } from '../../run/exit-code.ts';
import type { FleetOptions } from '../options/options.ts';
import { confirm } from '../terminal/confirm.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import { canAsk } from '../terminal/questions.ts';
import type { VmRun } from './run-vms.ts';

/** What the things of a command are called: in the document of `--json`, and by the user. */
export interface Kind {
  readonly key: 'vms' | 'profiles';
  readonly noun: string;
}

export const VMS: Kind = { key: 'vms', noun: 'VM' };
export const PROFILES: Kind = { key: 'profiles', noun: 'vNIC profile' };

/**
 * Whether what is due is to be done: never with `--check`; on a terminal the plan is shown, and the answer counts. An
 * interrupt at the question is no answer: the run itself tells of it.
 *
 * @param due how many are to be changed; none is nothing to ask about.
 */
export async function isWanted(
  {
    due,
    lines,
    question,
  }: { readonly due: number; readonly lines: readonly PlanLine[]; readonly question: string },
  options: Pick<FleetOptions, 'check' | 'yes' | 'json'>,
  stop: AbortSignal,
): Promise<boolean> {
  if (options.check || due === 0 || !canAsk(options)) {
    return !options.check;
  }
  const paint = makePaint(process.stderr, process.env);
  process.stderr.write(`${planLines(lines, paint).join('\n')}\n`);
  return (await confirm(question, stop)) || stop.aborted;
}

/** Prints how a run ended. @returns the exit code. */
export function tellRun(run: VmRun, { key, noun }: Kind, { json }: Pick<FleetOptions, 'json'>): number {
  const code = exitCode(run);
  if (json) {
    printDocument(run.command, {
      exitCode: code,
      totals: totals(run),
      stopped: run.stopped,
      [key]: Object.fromEntries(run.hosts),
    });
    return code;
  }
  const results = [...run.hosts].map(([label, result]) => ({
    label,
    ...result,
    notes: [...result.notes, ...(key === 'vms' && result.pending ? ['waits for its next start'] : [])],
  }));
  process.stdout.write(`${resultLines(noun, results, pageLook()).join('\n')}\n`);
  return code;
}
