import { readdirSync, rmSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunRecord, readRecord } from './record.ts';
import type { RunAsked } from './record-line.ts';
import { parseLine } from './record-parse.ts';
import { RECORD_ENDING } from './record-writer.ts';

/** How many records are kept in any case, how many at most, and how long those in between; in days. */
export const KEPT = { least: 100, most: 1000, days: 30 };

/** The id of a run: the time of its start in UTC, and what tells it from others of the same second. */
const ID = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{4,}$/;

/** The ids of all records of a folder, the newest first; none where there is no such folder. */
export async function recordIds(folder: string): Promise<readonly string[]> {
  try {
    return idsOf(await readdir(folder));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

function idsOf(names: readonly string[]): string[] {
  return names
    .filter(name => name.endsWith(RECORD_ENDING))
    .map(name => name.slice(0, -RECORD_ENDING.length))
    .filter(id => ID.test(id))
    .sort()
    .reverse();
}

/** A whole record; undefined for one that is gone, may not be read, or cannot be made sense of. */
export async function loadRecord(folder: string, id: string): Promise<RunRecord | undefined> {
  return ifThere(async () => readRecord(await readFile(fileOf(folder, id), 'utf8')));
}

const CHUNK = 64 * 1024;

/** What was asked of a run, without the rest of its record; undefined as with {@link loadRecord}. */
export async function loadAsked(folder: string, id: string): Promise<RunAsked | undefined> {
  return ifThere(async () => {
    const file = await open(fileOf(folder, id));
    try {
      const parts: Buffer[] = [];
      for (let ended = false; !ended; ) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK);
        const newline = buffer.subarray(0, bytesRead).indexOf('\n');
        parts.push(buffer.subarray(0, newline < 0 ? bytesRead : newline));
        ended = newline >= 0 || bytesRead === 0;
      }
      const line = parseLine(Buffer.concat(parts).toString('utf8'));
      return line?.type === 'begin' ? line.asked : undefined;
    } finally {
      await file.close();
    }
  });
}

function fileOf(folder: string, id: string): string {
  return join(folder, id + RECORD_ENDING);
}

/** Another hookfleet may have taken a record away meanwhile, and one that ran as root may have left one that is root's. */
async function ifThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EACCES'].includes(String(error.code))) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Takes old records away, as {@link KEPT} has it. Nothing else in the folder is touched; what cannot be removed stays.
 *
 * @param now in milliseconds since 1970.
 */
export function pruneRecords(folder: string, now: number): void {
  try {
    for (const id of tooOld(readdirSync(folder), now)) {
      rmSync(fileOf(folder, id), { force: true });
    }
  } catch {
    // The next run tries again.
  }
}

/** The ids, of all names in a folder, that are not kept. */
export function tooOld(names: readonly string[], now: number): readonly string[] {
  const oldest = now - KEPT.days * 24 * 3600 * 1000;
  return idsOf(names).filter((id, i) => i >= KEPT.most || (i >= KEPT.least && startOf(id) < oldest));
}

function startOf(id: string): number {
  const [, ...parts] = ID.exec(id) ?? [];
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
