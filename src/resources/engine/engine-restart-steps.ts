import { dirname } from 'node:path/posix';
import type { Change } from '../../core/change.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import type { Explanation, Step } from '../resource.ts';
import type { EnginePropertiesFound } from './engine-found.ts';
import { hostedNote } from './engine-hosted.ts';
import { ENGINE_LOCK_FILE } from './engine-lock.ts';
import { ENGINE_FUNCTIONS, EXIT, MARKER_FILE } from './engine-shell.ts';

/** How it is told that an engine is well. */
export interface HealthWish {
  /** Fetched on the engine's host. */
  readonly healthUrl: string;
  /** How long the engine may take after a restart until it is healthy. */
  readonly healthTimeoutSeconds: number;
}

/** The restart, where the change is one, and the wait until the engine is healthy; then the marker has served. */
export function restartSteps(
  change: Change,
  wanted: HealthWish,
  { hosted }: EnginePropertiesFound,
): readonly Step[] {
  const restarts = change.action === 'restart';
  const explain = (failed: Section) => explainUnhealthy(failed, hostedNote(hosted));
  return [
    ...(restarts ? [{ ...restartStep(change), explain }] : []),
    { ...waitStep(restarts ? [] : [change], wanted), explain },
  ];
}

/** Takes away what a run that ended before its end has left. Whoever has the lock of the engine has its lock as well. */
export function clearStep(changes: readonly Change[]): Step {
  const files = changes.filter(({ id }) => id !== ENGINE_LOCK_FILE);
  return {
    title: 'clear away what an earlier run has left',
    script: files.length === 0 ? sh`:` : sh`rm -f -- ${files.map(({ id }) => `.${id}`)}`,
    timeoutSeconds: 30,
    changes,
    // The lock's end is told by the step that took it over.
    made: () => files,
  };
}

/** Takes the marker away where the values written are those that the running engine has. */
export function forgetMarkerStep(): Step {
  return {
    title: 'note that no restart of ovirt-engine is due',
    script: sh`${ENGINE_FUNCTIONS}
${FORGET_MARKER}`,
    timeoutSeconds: 30,
    changes: [],
  };
}

const FORGET_MARKER: Sh = sh`rm -f -- "$hf_marker"
sync "$ROOT"${dirname(MARKER_FILE)}`;

const GIVE_UP: Sh = sh`hf_give_up() {
  journalctl -u ovirt-engine -n 15 --no-pager -o short-iso >&2 || :
  printf '%s\n' "$1" >&2
  exit ${EXIT.unhealthy}
}`;

const ALREADY = 'ovirt-engine was started again since the last write: no restart is needed';

/** systemctl returns when the old process is gone and the unit has started, long before the engine answers. */
function restartStep(change: Change): Step {
  return {
    title: 'restart ovirt-engine',
    script: sh`${ENGINE_FUNCTIONS}
${GIVE_UP}
hf_before=$(hf_start)
hf_marked=$(sed -n 's/^{"start":"\([^"]*\)".*/\1/p' "$hf_marker" 2>/dev/null) || :
if [ -n "$hf_marked" ] && [ "x$hf_before" != "x$hf_marked" ]; then
  echo ${ALREADY}
  exit 0
fi
systemctl restart ovirt-engine >/dev/null || hf_give_up "ovirt-engine did not start again: systemctl restart failed with exit code $?"
[ "$hf_before" != "$(hf_start)" ] || hf_give_up 'ovirt-engine was not started again: systemctl restart changed nothing'`,
    // Stopping has 90 s and starting has 90 s by systemd's default.
    timeoutSeconds: 240,
    changes: [change],
    made: ({ stdout }) => (stdout.includes(ALREADY) ? [] : [change]),
  };
}

/**
 * Refused, 404 and 503 are normal on the way up; only a unit that has stopped ends the wait early. The old process
 * cannot answer any more: systemctl has waited for its end. Each look is told; when nobody listens, the wait ends there.
 */
function waitStep(changes: readonly Change[], { healthUrl, healthTimeoutSeconds }: HealthWish): Step {
  const atMost = ` (at most ${healthTimeoutSeconds} s)`;
  return {
    title: 'wait until ovirt-engine is healthy',
    script: sh`${ENGINE_FUNCTIONS}
${GIVE_UP}
hf_began=$(date +%s)
while :; do
  hf_health ${healthUrl}
  case "$hf_http $hf_body" in '200 '*'DB Up!'*) break ;; esac
  hf_answer="HTTP $hf_http $(printf '%s' "$hf_body" | tr '\n\r' '  ' | cut -c 1-200)"
  [ "$hf_http" != 000 ] || hf_answer="no answer (curl exit code $hf_curl)"
  case $(systemctl show -p ActiveState ovirt-engine) in
    ActiveState=failed | ActiveState=inactive) hf_give_up "ovirt-engine has stopped again; last seen: $hf_answer" ;;
  esac
  hf_waited=$(($(date +%s) - hf_began))
  [ "$hf_waited" -lt ${healthTimeoutSeconds} ] ||
    hf_give_up ${`ovirt-engine is not healthy after ${healthTimeoutSeconds} s at ${healthUrl}; last seen: `}"$hf_answer"
  case $hf_http in 000) echo ${`no answer yet${atMost}`} ;; *) echo "HTTP $hf_http"${atMost} ;; esac
  sleep 1
done
${FORGET_MARKER}`,
    // The last fetch has 10 s.
    timeoutSeconds: healthTimeoutSeconds + 60,
    changes,
    tells: true,
  };
}

function explainUnhealthy(
  { exitCode, stderr }: Section,
  hosted: string | undefined,
): Explanation | undefined {
  const advice =
    'The properties are set. See the journal lines and /var/log/ovirt-engine/server.log; run again once it is up, or give it more time: engine_health_timeout in the play, --health-timeout of `engine restore`.';
  return exitCode === EXIT.unhealthy
    ? {
        message: stderr.trimEnd().split('\n').at(-1) ?? 'ovirt-engine is not healthy',
        hint: hosted === undefined ? advice : `${advice} ${hosted}`,
      }
    : undefined;
}
