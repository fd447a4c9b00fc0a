import type { Reporter } from '../../core/event.ts';
import type { RunResult } from '../../core/host-result.ts';
import { printable } from '../../core/printable.ts';
import { factLines } from '../../report/facts.ts';
import { totals } from '../../report/json.ts';
import { changedSince } from '../../run/record-facts.ts';
import { pruneRecords } from '../../run/record-folder.ts';
import type { RunAsked } from '../../run/record-line.ts';
import { createRecord, type RecordWriter } from '../../run/record-writer.ts';
import type { RunPlay } from '../../run/run.ts';
import type { FleetCommand } from '../options/next-command.ts';
import type { FleetOptions } from '../options/options.ts';
import { askedOf } from './record-asked.ts';
import { isRecorded, recordFolder } from './record-place.ts';

/** The record of a run as the command line keeps it: no trouble with it is trouble of the run. */
export interface Recording {
  /** Begins a pass over the hosts; what is given writes down what it is told. */
  beginPass(apply: boolean): Reporter;
  end(result: RunResult, exitCode: number): Promise<RecordEnd>;
  /** The id under which the whole record can be found; undefined where it cannot. */
  id(): string | undefined;
  close(): void;
}

/** What the user should know at the end of a run. */
export interface RecordEnd {
  /** Which hosts have other versions than in their last record. */
  readonly notes: readonly string[];
  /** What went wrong with the record. */
  readonly warnings: readonly string[];
}

/**
 * Begins the record of a run, and takes old ones away.
 *
 * @param say shows a warning at once.
 */
export async function startRecording(
  command: Omit<FleetCommand, 'needsWhole'>,
  plays: readonly RunPlay[],
  forks: number,
  options: FleetOptions,
  say: (line: string) => void,
): Promise<Recording> {
  if (!isRecorded(options)) {
    return noRecording([]);
  }
  const folder = recordFolder(options, process.env);
  const startedAt = performance.now();
  const asked = await askedOf(command, plays, forks, options);
  let writer: RecordWriter;
  try {
    writer = createRecord(folder, asked, error => say(warning('cannot be written', error)));
  } catch (error) {
    const text = warning('cannot be made', error);
    say(text);
    return noRecording([text]);
  }
  pruneRecords(folder, Date.now());
  return {
    beginPass: writer.beginPass,
    async end(result, exitCode) {
      writer.end({
        at: new Date().toISOString(),
        ms: Math.round(performance.now() - startedAt),
        exitCode,
        stopped: result.stopped,
        interrupted: result.interrupted,
        totals: totals(result),
      });
      const trouble = writer.trouble();
      return {
        notes: await factNotes(folder, writer.id, asked, result),
        warnings: trouble ? [warning('is incomplete', trouble)] : [],
      };
    },
    id: () => (writer.trouble() === undefined ? writer.id : undefined),
    close: writer.close,
  };
}

function noRecording(warnings: readonly string[]): Recording {
  return {
    beginPass: () => () => {},
    end: async () => ({ notes: [], warnings }),
    id: () => undefined,
    close: () => {},
  };
}

function warning(what: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `warning: the record of this run ${what}: ${printable(why)}`;
}

async function factNotes(
  folder: string,
  id: string,
  { addresses }: RunAsked,
  result: RunResult,
): Promise<readonly string[]> {
  try {
    return factLines(await changedSince(folder, id, result, addresses));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`note: whether hosts have other versions than before is not known: ${printable(why)}`];
  }
}
