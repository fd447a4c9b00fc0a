import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import type { DemoFleet } from './fleet.ts';

/** A fleet that runs in a process of its own. */
export interface RunningFleet {
  readonly fleet: DemoFleet;
  /** Settled once its process has gone. */
  readonly ended: Promise<void>;
  /** Takes it down, and waits until nothing of it is left. */
  stop(): Promise<void>;
}

/**
 * Starts the fleet in a process of its own; it ends with this one, whatever becomes of this one.
 *
 * @returns undefined where it does not come up; it has told why on stderr then.
 */
export async function startFleetProcess(): Promise<RunningFleet | undefined> {
  // Of a session of its own, so that an interrupt from the terminal does not end it before its time.
  const child = fork(new URL(`./process${extname(import.meta.url)}`, import.meta.url), {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  const up = once(child, 'message').then(([message]) => message as DemoFleet);
  const fleet = await Promise.race([up, ended]);
  return (
    fleet && {
      fleet,
      ended,
      async stop() {
        if (child.connected) {
          child.disconnect();
        }
        await ended;
      },
    }
  );
}
