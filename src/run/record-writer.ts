import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, RunEvent } from '../core/event.ts';
import { RECORD_FORMAT, type RecordLine, type RunAsked, type RunEnd } from './record-line.ts';

/** Writes down a run as it goes on: a line a host, appended, so that what is there stays readable whatever happens. */
export interface RecordWriter {
  /** The id of the record: that of the run, unless another record has it. */
  readonly id: string;
  /** Begins a pass over the hosts; what is given writes down what it is told. */
  beginPass(apply: boolean): Reporter;
  end(end: RunEnd): void;
  /** Why the record is incomplete as it stands. */
  trouble(): Error | undefined;
  close(): void;
}

export const RECORD_ENDING = '.jsonl';

/**
 * Creates the record of a run in a folder, which is made where it is missing, for this user alone.
 *
 * @param onTrouble is told once when something could not be written. That is tried again with the next line, so where
 * there is space again in time, nothing is missing.
 * @param append writes to an open file, and gives the number of bytes that it took.
 * @throws {Error} of the system where it cannot be created.
 */
export function createRecord(
  folder: string,
  asked: RunAsked,
  onTrouble: (error: Error) => void,
  append: (file: number, bytes: Buffer) => number = writeSync,
): RecordWriter {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { id, file } = openNew(folder, asked.id);
  let unwritten = Buffer.alloc(0);
  let trouble: Error | undefined;
  const write = (line: RecordLine) => {
    const stamped = { ...line, at: new Date().toISOString() };
    const bytes = Buffer.from(`${JSON.stringify(stamped)}\n`);
    unwritten = unwritten.length === 0 ? bytes : Buffer.concat([unwritten, bytes]);
    try {
      while (unwritten.length > 0) {
        unwritten = unwritten.subarray(append(file, unwritten));
      }
    } catch (error) {
      const isFirst = trouble === undefined;
      trouble = error instanceof Error ? error : new Error(String(error));
      if (isFirst) {
        onTrouble(trouble);
      }
    }
  };
  write({ type: 'begin', format: RECORD_FORMAT, asked: { ...asked, id } });
  return {
    id,
    beginPass(apply) {
      write({ type: 'pass', apply });
      const changing = new Set<string>();
      return event => {
        for (const line of linesOf(event, changing)) {
          write(line);
        }
      };
    },
    end: end => write({ type: 'end', end }),
    trouble: () => (unwritten.length > 0 ? trouble : undefined),
    close: () => closeSync(file),
  };
}

function openNew(folder: string, id: string): { readonly id: string; readonly file: number } {
  const open = (name: string) => openSync(join(folder, name + RECORD_ENDING), 'ax', 0o600);
  try {
    return { id, file: open(id) };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') {
      throw error;
    }
    const other = `${id}${randomBytes(4).toString('hex')}`;
    return { id: other, file: open(other) };
  }
}

/** @param changing the hosts of the pass whose change has begun. */
function linesOf(event: RunEvent, changing: Set<string>): RecordLine[] {
  switch (event.type) {
    case 'host-phase': {
      const { play, host, phase } = event;
      const key = `${play} ${host}`;
      if (phase !== 'changing' || changing.has(key)) {
        return [];
      }
      changing.add(key);
      return [{ type: 'changing', play, host }];
    }
    case 'host-finished':
      return [{ type: 'host', play: event.play, host: event.host, result: event.result }];
    default:
      return [];
  }
}
