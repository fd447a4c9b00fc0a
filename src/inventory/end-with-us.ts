/** Process groups that this process has started. */
const groups = new Set<number>();

/** How many were started, or are about to be, and not forgotten. */
let watched = 0;

/** A process that ends with this one, as long as it is not forgotten. */
export interface Watched<T> {
  readonly child: T;
  /** To be called when it has ended. */
  readonly forget: () => void;
}

/**
 * Starts a process group, and ends it when a signal ends this process: a child in a group of its own hears nothing of
 * Ctrl-C.
 *
 * @param start starts it; signals are listened to before, since one in between would leave it running.
 */
export function endWithUs<T extends { readonly pid?: number | undefined }>(start: () => T): Watched<T> {
  watched += 1;
  listen();
  const child = start();
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
  }
  let forgotten = false;
  return {
    child,
    forget() {
      watched -= forgotten ? 0 : 1;
      forgotten = true;
      if (pid !== undefined) {
        groups.delete(pid);
      }
      if (watched === 0) {
        stopListening();
      }
    },
  };
}

/** Ends a process group at once. */
export function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function endAll(signal: NodeJS.Signals): void {
  for (const leader of groups) {
    endGroup(leader);
  }
  groups.clear();
  stopListening();
  // Whoever else listens decides what comes of the signal; without anybody it is what it would have been.
  if (process.listenerCount(signal) === 0) {
    process.kill(process.pid, signal);
  }
}

function listen(): void {
  for (const signal of SIGNALS) {
    if (!process.listeners(signal).includes(endAll)) {
      process.on(signal, endAll);
    }
  }
}

function stopListening(): void {
  for (const signal of SIGNALS) {
    process.off(signal, endAll);
  }
}
