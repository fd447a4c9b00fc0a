/** What is wrong with a host of the large fleet. */
export type HostKind =
  | 'healthy'
  /** Nothing listens. */
  | 'refusing'
  /** Takes the TCP connection and says nothing. */
  | 'silent'
  /** Drops the first packet: the queue of its listening socket is full. */
  | 'dropping'
  /** Freezes once the login is complete. */
  | 'frozen-after-login'
  /** Freezes at the first command. */
  | 'frozen-at-command'
  /** Freezes in the middle of its first reply. */
  | 'frozen-in-reply'
  /** Freezes in the middle of its third reply: after two probes, that of a change. */
  | 'frozen-in-change';

export const NUMBER_OF_HOSTS = 500;

/** Spread over the fleet: 20 dead ones, 20 frozen ones, and 10 that freeze later. */
export function kindOf(index: number): HostKind {
  const turn = Math.floor(index / 25) % 3;
  switch (index % 25) {
    case 7:
      return (['refusing', 'silent', 'dropping'] as const)[turn] ?? 'silent';
    case 13:
      return (
        (['frozen-after-login', 'frozen-at-command', 'frozen-in-reply'] as const)[turn] ?? 'frozen-in-reply'
      );
    case 20:
      return index % 50 === 20 ? 'frozen-in-change' : 'healthy';
    default:
      return 'healthy';
  }
}

export function hostName(index: number): string {
  return `hv-${String(index + 1).padStart(3, '0')}`;
}
