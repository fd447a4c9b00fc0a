/** Process groups that this process has started. */
const groups = new Set<number>();

/**
 * Ends a process group when a signal ends this process: a child in a group of its own hears nothing of Ctrl-C.
 *
 * @param leader the group's number.
 * @returns what forgets the group, to be called when it has ended.
 */
export function endWithUs(leader: number): () => void {
  if (groups.size === 0) {
    for (const signal of SIGNALS) {
      process.on(signal, endAll);
    }
  }
  groups.add(leader);
  return () => {
    if (groups.delete(leader) && groups.size === 0) {
      stopListening();
    }
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

function stopListening(): void {
  for (const signal of SIGNALS) {
    process.off(signal, endAll);
  }
}
