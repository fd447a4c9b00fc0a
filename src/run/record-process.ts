import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunBy } from './record-line.ts';

/**
 * What tells a process of this machine from a later one with the same number: the time of its start, as Linux counts it
 * (proc(5), field 22). Null on other systems, and for a process that has ended.
 */
export function processMark(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name, may have blanks and brackets in it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** Whether the process of a run is still there; of one on another machine that cannot be told. */
export function isRunning({ host, pid, process: mark }: RunBy, here = hostname()): boolean {
  if (host !== here) {
    return false;
  }
  if (mark !== null) {
    return processMark(pid) === mark;
  }
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
