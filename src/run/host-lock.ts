import type { Section } from '../core/section.ts';
import { type Sh, sh } from '../core/sh.ts';
import type { Explanation, Step } from '../resources/resource.ts';

/** A lock that was not free in time; flock(1) is told to say so with this exit code. */
const BUSY = 75;

/** The lock is taken, but another one had it since the host was probed, or still had it then: the plan may be stale. */
export const STALE_PLAN = 76;

/** Prints what the one who had the lock last has left in it; nothing where nobody had it since the host was up. */
export const LOCK_PROBE = sh`cat ./run/hookfleet.lock 2>/dev/null`;

/** What a plan was made on. */
export interface PlanBasis {
  /** What {@link LOCK_PROBE} printed with the probe. */
  readonly lastHolder: string;
  /** What an earlier step printed when it found its plan stale: whoever had the lock then is gone. */
  readonly goneHolder?: string;
}

/** What the host itself allows the step above the wait. */
const SPARE_SECONDS = 15;

/**
 * Takes the lock of a host for as long as the script runs: the guard of a changing script (see `ScriptOptions`). It
 * lies on a tmpfs and is the kernel's, so it is gone after a reboot and with the last process of a script that was
 * killed.
 *
 * @param holder who takes it, for the operator who finds it taken: one line.
 * @param waitSeconds how long one that is taken is waited for; the step then fails and names its holder.
 * @param basis what the plan was made on; without it any plan will do. If it does not hold any more, the step fails with
 * {@link STALE_PLAN}, and nothing is changed.
 */
export function hostLockStep(holder: string, waitSeconds = 60, basis?: PlanBasis): Step {
  return {
    title: 'take the lock of this host',
    // A redirection that fails would end the script's own shell, so a subshell tries first.
    script: sh`( : >>./run/hookfleet.lock ) && exec 9<>./run/hookfleet.lock && flock -E ${BUSY} -w ${waitSeconds} 9 && ${freshness(basis)} &&
printf '%s\n%s\n' ${holder.replaceAll(/\s+/g, ' ')} "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >./run/hookfleet.lock &&
trap 'echo ${FREE} >>./run/hookfleet.lock' EXIT || (
  status=$?
  case $status in ${BUSY}|${STALE_PLAN}) ${LOCK_PROBE} ;; esac
  exit "$status"
)`,
    timeoutSeconds: waitSeconds + SPARE_SECONDS,
    changes: [],
    explain: failed => explain(failed, waitSeconds),
  };
}

/** The last line of a lock whose holder has ended well. */
const FREE = sh`free`;

/**
 * Whether the plan still holds. A holder that had not ended when the host was probed was in the middle of a change, or
 * had been killed in one: only when it is known to be gone does what was seen then count.
 */
function freshness(basis: PlanBasis | undefined): Sh {
  if (basis === undefined) {
    return sh`true`;
  }
  const last = basis.lastHolder.trimEnd();
  const hadEnded = last === '' || last.endsWith(`\n${FREE.text}`) || last === basis.goneHolder?.trimEnd();
  return hadEnded
    ? sh`{ [ "$(${LOCK_PROBE})" = ${last} ] || ( exit ${STALE_PLAN} ); }`
    : sh`( exit ${STALE_PLAN} )`;
}

function explain({ exitCode, stdout, stderr }: Section, waitSeconds: number): Explanation | undefined {
  if (exitCode === BUSY) {
    const [holder = '', since = ''] = stdout.split('\n');
    return {
      message: `Another hookfleet is changing this host: ${holder || 'unknown'}${since && `, since ${since}`}`,
      hint: `It was waited for ${waitSeconds} seconds. Run this again when it is done; \`fuser -v /run/hookfleet.lock\` on the host shows its processes.`,
    };
  }
  // In the words of bash and of dash.
  if (/No space left on device|(?:write|I\/O) error/i.test(stderr)) {
    return {
      message: 'The file system /run of this host is full',
      hint: 'Free some space there: `df -h /run` and `df -i /run` tell how much is left; `du -xs /run/*` tells what fills it.',
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
