import { printable } from '../../core/printable.ts';
import { jsonText } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { diffRuns, isSame } from '../../report/runs/runs-diff.ts';
import { runsDiffPage } from '../../report/runs/runs-diff-page.ts';
import { count } from '../../report/words.ts';
import type { RunRecord } from '../../run/record.ts';
import { readVersion } from '../version.ts';
import { aboutRun, findRun } from './find-run.ts';
import { type RecordOptions, recordFolder } from './record-place.ts';
import { LAST } from './rerun-words.ts';

export interface RunsDiffOptions extends RecordOptions {
  readonly diff?: boolean;
  readonly json?: boolean;
}

/** As for drift. */
const EXIT_DIFFERENT = 3;

/**
 * The command `runs diff`: what has changed in the fleet between two runs.
 *
 * @returns the exit code: 3 where something differs.
 * @throws {InputError} where there is no such run.
 */
export async function diffRecords(
  earlier: string,
  later: string | undefined,
  options: RunsDiffOptions,
): Promise<number> {
  const { diff = false, json, ...place } = options;
  const folder = recordFolder(place, process.env);
  const [before, after] = [await findRun(folder, earlier), await findRun(folder, later ?? LAST)];
  const found = diffRuns(before.result, after.result);
  const exitCode = isSame(found) ? 0 : EXIT_DIFFERENT;
  if (json) {
    const document = {
      hookfleet: readVersion(),
      command: 'runs diff',
      exitCode,
      earlier: before.asked.id,
      later: after.asked.id,
      ...found,
      hosts: Object.fromEntries(found.hosts),
    };
    process.stdout.write(`${jsonText(document)}\n`);
    return exitCode;
  }
  const lines = [`from ${nameOf(before)}`, `to   ${nameOf(after)}`];
  process.stderr.write(`${printable(lines.join('\n'))}\n\n`);
  const paint = makePaint(process.stdout, process.env);
  const both = after.result.hosts.size - found.appeared.length;
  const total = `${count(both, 'host')} in both runs: ${both - found.hosts.size} as before, ${found.hosts.size} not`;
  const page = runsDiffPage(found, { diff, paint });
  process.stdout.write(page === '' ? `${total}\n` : `${page}\n\n${total}\n`);
  return exitCode;
}

function nameOf({ asked }: RunRecord): string {
  return `${asked.id} (${aboutRun(asked)})`;
}
