/** What one sshd was asked for. */
export interface SshCounts {
  /** TCP connections, whether or not a login followed. */
  readonly connections: number;
  /** Sessions that started a command, a shell or a subsystem. */
  readonly execs: number;
}

/** Counts in the log of an sshd with `LogLevel VERBOSE`. */
export function countSshLog(log: string): SshCounts {
  return {
    connections: count(log, /^Connection from /gm),
    execs: count(log, /^Starting session: (?:command|shell|forced-command|subsystem) /gm),
  };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
