import type { Section } from '../core/section.ts';
import { sh } from '../core/sh.ts';
import type { Explanation, Step } from '../resources/resource.ts';

/** A lock that was not free in time; flock(1) is told to say so with this exit code. */
const BUSY = 75;

/** The lock was taken, but another one had it since the host was probed: the plan may be stale. */
export const STALE_PLAN = 76;

/** Prints who had the lock last, for {@link hostLockStep} to compare. */
export const LOCK_PROBE = sh`cat ./run/hookfleet.lock 2>/dev/null`;

/** What the host itself allows the step above the wait. */
const SPARE_SECONDS = 15;

/**
 * Takes the lock of a host for as long as the script runs: the guard of a changing script (see `ScriptOptions`). It
 * lies on a tmpfs and is the kernel's, so it is gone after a reboot and with the last process of a script that was
 * killed.
 *
 * @param holder who takes it, for the operator who finds it taken: one line.
 * @param waitSeconds how long one that is taken is waited for; the step then fails and names its holder.
 * @param lastHolder what {@link LOCK_PROBE} printed when the plan was made; if it is another one now, the step fails
 * with {@link STALE_PLAN} and nothing is changed.
 */
export function hostLockStep(holder: string, waitSeconds = 60, lastHolder?: string): Step {
  const isFresh =
    lastHolder === undefined
      ? sh`true`
      : sh`{ [ "$(${LOCK_PROBE})" = ${lastHolder.trimEnd()} ] || ( exit ${STALE_PLAN} ); }`;
  return {
    title: 'take the lock of this host',
    // A redirection that fails would end the script's own shell, so a subshell tries first.
    script: sh`( : >>./run/hookfleet.lock ) && exec 9<>./run/hookfleet.lock && flock -E ${BUSY} -w ${waitSeconds} 9 && ${isFresh} &&
printf '%s\n%s\n' ${holder.replaceAll(/\s+/g, ' ')} "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >./run/hookfleet.lock || (
  status=$?
  [ "$status" -ne ${BUSY} ] || cat ./run/hookfleet.lock
  exit "$status"
)`,
    timeoutSeconds: waitSeconds + SPARE_SECONDS,
    changes: [],
    explain: failed => explain(failed, waitSeconds),
  };
}

function explain({ exitCode, stdout }: Section, waitSeconds: number): Explanation | undefined {
  if (exitCode === BUSY) {
    const [holder = '', since = ''] = stdout.split('\n');
    return {
      message: `Another hookfleet is changing this host: ${holder || 'unknown'}${since && `, since ${since}`}`,
      hint: `It was waited for ${waitSeconds} seconds. Run this again when it is done; \`fuser -v /run/hookfleet.lock\` on the host shows its processes.`,
    };
  }
  if (exitCode === 127) {
    return {
      message: 'The program flock is not on this host',
      hint: 'Install the package util-linux there.',
    };
  }
  return undefined;
}
