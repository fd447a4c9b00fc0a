import type { Interrupt } from '../../run/run.ts';

/** By which a user, or a system that goes down, asks a program to end. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const HOSTS_FINISH =
  'Interrupted: no further host is started, those in flight finish. Once more ends what runs there, and closes the connections.';

/**
 * Listens for the user's wish to end: the first signal lets the hosts in flight finish, the second ends what runs on
 * them and closes their connections.
 *
 * @param said what is told at the first one.
 */
export function listenForInterrupts(
  say: (line: string) => void,
  said = HOSTS_FINISH,
): Interrupt & { dispose(): void } {
  const stop = new AbortController();
  const abort = new AbortController();
  const onSignal = () => {
    if (!stop.signal.aborted) {
      say(said);
      stop.abort();
    } else {
      abort.abort();
    }
  };
  for (const signal of SIGNALS) {
    process.on(signal, onSignal);
  }
  return {
    stop: stop.signal,
    abort: abort.signal,
    dispose() {
      for (const signal of SIGNALS) {
        process.off(signal, onSignal);
      }
    },
  };
}
