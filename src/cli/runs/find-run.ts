import { InputError } from '../../core/input-error.ts';
import { commandText, localTime } from '../../report/runs/runs.ts';
import type { RunRecord } from '../../run/record.ts';
import { loadAsked, loadRecord, recordIds } from '../../run/record-folder.ts';
import type { RunAsked } from '../../run/record-line.ts';
import { isRunning } from '../../run/record-process.ts';
import { LAST } from './rerun-words.ts';

/** Which runs `last` may mean. */
export type RunFilter = (asked: RunAsked) => boolean;

/**
 * The record that a user means by an id, its beginning, or `last`.
 *
 * @param better of all runs that have ended, `last` is the newest one that this is true of; else the newest.
 * @throws {InputError} where there is none, or more than one, with what there is.
 */
export async function findRun(
  folder: string,
  run: string,
  better: RunFilter = () => true,
): Promise<RunRecord> {
  const ids = await runIds(folder);
  const meant = run === LAST ? await lastOf(folder, ids, better) : pick(run, ids);
  const record = meant === undefined ? undefined : await loadRecord(folder, meant);
  if (record === undefined && meant !== undefined) {
    throw new InputError([{ message: `The record of run ${meant} in ${folder} cannot be read` }]);
  }
  if (record === undefined) {
    throw new InputError([
      {
        message:
          run === LAST
            ? `No run is recorded in ${folder}`
            : `No run in ${folder} is ${run}, or begins with it`,
        ...(await newest(folder, ids)),
      },
    ]);
  }
  return record;
}

/**
 * The ids of all runs that are recorded, the newest first.
 * @throws {InputError} where the folder cannot be read.
 */
export async function runIds(folder: string): Promise<readonly string[]> {
  try {
    return await recordIds(folder);
  } catch (error) {
    throw new InputError([
      { message: `The records of runs cannot be read: ${error instanceof Error ? error.message : error}` },
    ]);
  }
}

function pick(run: string, ids: readonly string[]): string | undefined {
  const meant = ids.includes(run) ? [run] : ids.filter(id => id.startsWith(run));
  if (meant.length > 1) {
    const shown = meant.slice(0, MOST_SHOWN).join(', ');
    throw new InputError([
      { message: `${meant.length} runs begin with ${run}`, hint: `The newest of them: ${shown}` },
    ]);
  }
  return meant[0];
}

async function lastOf(
  folder: string,
  ids: readonly string[],
  better: RunFilter,
): Promise<string | undefined> {
  let newest: string | undefined;
  for (const id of ids) {
    const asked = await loadAsked(folder, id);
    if (asked === undefined || isRunning(asked.by)) {
      continue;
    }
    if (better(asked)) {
      return id;
    }
    newest ??= id;
  }
  return newest;
}

const MOST_SHOWN = 5;

async function newest(folder: string, ids: readonly string[]): Promise<{ readonly hint?: string }> {
  const asked = await Promise.all(ids.slice(0, MOST_SHOWN).map(id => loadAsked(folder, id)));
  const shown = asked.flatMap(one => (one === undefined ? [] : [`${one.id} (${aboutRun(one)})`]));
  return shown.length === 0 ? {} : { hint: `The newest: ${shown.join(', ')}` };
}

/** `apply site.yml, 2026-11-20 13:18:29`. */
export function aboutRun(asked: RunAsked): string {
  return `${commandText(asked.command, asked.words)}, ${localTime(asked.startedAt)}`;
}
