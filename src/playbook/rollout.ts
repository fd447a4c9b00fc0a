import type { Rollout } from './play.ts';
import type { PlayData } from './schema.ts';
import { inSeconds } from './schema-rollout.ts';

const VERIFY_TIMEOUT_SECONDS = 60;

/** How a play goes over its hosts. */
export function wantedRollout(data: PlayData): Rollout {
  const serial = data.serial === undefined ? [] : Array.isArray(data.serial) ? data.serial : [data.serial];
  return {
    serial: serial.map(size =>
      typeof size === 'number' ? { hosts: size } : { percent: Number.parseInt(size, 10) },
    ),
    maxFailPercentage: data.max_fail_percentage ?? (data.max_failed === undefined ? 0 : null),
    maxFailed: data.max_failed ?? null,
    ...(data.verify === undefined
      ? {}
      : {
          verify: {
            command: data.verify,
            timeoutSeconds: data.verify_timeout ?? VERIFY_TIMEOUT_SECONDS,
          },
        }),
    pauseSeconds: data.pause === undefined ? 0 : inSeconds(data.pause),
    confirm: data.confirm ?? false,
  };
}
