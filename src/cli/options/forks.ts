import { readFileSync } from 'node:fs';

const DEFAULT_FORKS = 50;

// Descriptors that are not a host's: standard streams, files, the event loop's own.
const RESERVED = 64;
const PER_HOST = 2;

/** How many hosts to work on at once where the user does not say: 50, less if the open-file limit says so. */
export function defaultForks(limitsFile = '/proc/self/limits'): number {
  const limit = Number(
    /^Max open files\s+(\d+)/m.exec(readLimits(limitsFile))?.[1] ?? Number.POSITIVE_INFINITY,
  );
  return Math.max(1, Math.min(DEFAULT_FORKS, Math.floor((limit - RESERVED) / PER_HOST)));
}

function readLimits(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not Linux: the limit cannot be read so, and is no concern below some hundred hosts.
    return '';
  }
}
