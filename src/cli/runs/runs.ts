import { totals } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { type RunLine, type RunState, runsTable } from '../../report/runs/runs.ts';
import { count } from '../../report/words.ts';
import type { RunRecord } from '../../run/record.ts';
import { loadRecord } from '../../run/record-folder.ts';
import { isRunning } from '../../run/record-process.ts';
import { printDocument } from '../terminal/page.ts';
import { runIds } from './find-run.ts';
import { type RecordOptions, recordFolder } from './record-place.ts';

export interface RunsOptions extends RecordOptions {
  readonly number?: number;
  readonly json?: boolean;
}

const MOST_SHOWN = 20;

/**
 * The command `runs`: the records of earlier runs, the newest first.
 *
 * @returns the exit code.
 * @throws {InputError} where the folder of the records cannot be read.
 */
export async function listRuns({ number = MOST_SHOWN, json, ...options }: RunsOptions): Promise<number> {
  const folder = recordFolder(options, process.env);
  const ids = await runIds(folder);
  const shown = ids.slice(0, number);
  const lines: RunLine[] = [];
  const unreadable: string[] = [];
  for (const id of shown) {
    const record = await loadRecord(folder, id);
    if (record === undefined) {
      unreadable.push(id);
    } else {
      lines.push(lineOf(id, record));
    }
  }
  if (json) {
    printDocument('runs', { folder, runs: lines });
  } else if (lines.length > 0) {
    process.stdout.write(`${runsTable(lines, makePaint(process.stdout, process.env))}\n`);
  }
  const left = ids.length - shown.length;
  const notes = [
    ...(ids.length === 0 ? [`No run is recorded in ${folder}`] : []),
    ...(unreadable.length === 0 ? [] : [`not to be read: ${unreadable.join(', ')}`]),
    ...(left === 0 || json ? [] : [`${count(left, 'older run')} more: hookfleet runs -n ${ids.length}`]),
  ];
  process.stderr.write(notes.map(note => `${note}\n`).join(''));
  return 0;
}

function lineOf(id: string, record: RunRecord): RunLine {
  const { startedAt, command, words } = record.asked;
  return {
    id,
    startedAt,
    by: whoRan(record),
    command,
    words,
    state: stateOf(record),
    totals: record.end?.totals ?? totals(record.result),
  };
}

/** How far a recorded run is. */
export function stateOf({ asked, end, previewOnly }: RunRecord): RunState {
  return end === null
    ? { kind: isRunning(asked.by) ? 'running' : 'no-end' }
    : { kind: 'ended', ms: end.ms, exitCode: end.exitCode, previewOnly };
}

/** `ann@admin-01`, or of somebody who became root with sudo `ann (root)@admin-01`. */
export function whoRan({ asked: { by } }: RunRecord): string {
  return `${by.sudoUser === null ? by.user : `${by.sudoUser} (${by.user})`}@${by.host}`;
}
