import { hostname, userInfo } from 'node:os';

/** Who takes the locks of a run, for the operator who finds one taken: `ann@admin-01, process 4711`. */
export function holderOfLocks(): string {
  return `${userName()}@${hostname()}, process ${process.pid}`;
}

/** Who runs this. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without a name, in a container say.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
