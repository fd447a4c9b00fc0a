import { dirname } from 'node:path/posix';
import type { Change } from '../core/change.ts';
import type { Section } from '../core/section.ts';
import { lines, type Sh, sh } from '../core/sh.ts';
import type { EnginePropertiesFound } from './engine-found.ts';
import { nextMarker, printMarker, type RestartMarker } from './engine-marker.ts';
import type { EnginePropertiesWanted } from './engine-properties.ts';
import { ENGINE_FUNCTIONS, EXIT, MARKER_FILE } from './engine-shell.ts';
import { explainTool } from './engine-trouble.ts';
import { placeFile } from './place-file.ts';
import type { Explanation, Step } from './resource.ts';

/** The steps that make the changes: the marker before the first write, one step a write, then the restart or the wait. */
export function engineSteps(
  changes: readonly Change[],
  wanted: EnginePropertiesWanted,
  found: EnginePropertiesFound,
): readonly Step[] {
  const writes = changes.filter(({ action }) => action === 'set');
  const overwritten = Object.fromEntries(writes.map(({ id, before }) => [id, before ?? '']));
  const marker = nextMarker(found.marker, found.unit.start, overwritten);
  const engine = changes.filter(({ action }) => action !== 'set');
  return [
    ...(writes.length > 0 ? [markerStep(marker)] : []),
    ...writes.map(change => setStep(change, marker)),
    ...engine.map(change => healthyStep(change, wanted)),
  ];
}

/** Puts the marker in place whole, or not at all, and onto the disk before anything is written elsewhere. */
function markerStep(marker: RestartMarker): Step {
  return {
    title: 'note that a restart of ovirt-engine will be due',
    script: lines([
      sh`mkdir -p .${dirname(MARKER_FILE)}`,
      placeMarker(sh`printf '%s\n' ${printMarker(marker)}`),
    ]),
    timeoutSeconds: 60,
    changes: [],
    explain: () => ({
      message: `${MARKER_FILE} could not be written, so no property was set`,
      hint: 'See that /var/lib of the engine host is writable and not full.',
    }),
  };
}

function placeMarker(content: Sh): Sh {
  return placeFile({ path: MARKER_FILE, content, mode: 0o644, owner: 'root:root' });
}

/**
 * Another may have started the engine between the look at it and the write, and that start may have read the old value:
 * then the marker is made that start's, which leaves `$hf_noted` another start than the marker's own. A start on its
 * way gets its final name only when it is through.
 */
function noteOtherStart({ start, digests }: RestartMarker): Sh {
  return sh`hf_noted=${start} hf_tries=60
while :; do
  hf_now=$(hf_start)
  if [ -n "$hf_now" ] && [ "x$hf_now" != "x$hf_noted" ]; then
${placeMarker(sh`printf '{"start":"%s","digests":%s}\n' "$hf_now" ${JSON.stringify(digests)}`)}
    hf_noted=$hf_now
  fi
  [ "$(systemctl show -p ActiveState ovirt-engine)" = ActiveState=activating ] && [ "$hf_tries" -gt 0 ] || break
  hf_tries=$((hf_tries - 1))
  sleep 1
done`;
}

/**
 * Writes one value: only over the value that was read, and only while the start of the engine is the one in the marker;
 * else another has been at it. engine-config replaces, may exit 0 without having set anything, and stores silently
 * something else in the wrong locale: so the value is read back, byte for byte.
 */
function setStep(change: Change, marker: RestartMarker): Step {
  const [key = '', level = ''] = change.id.split(' ');
  const [before, after] = [change.before ?? '', change.after ?? ''];
  return {
    title: `set ${key} at ${level}`,
    script: sh`${ENGINE_FUNCTIONS}
hf_say() { printf '%s\n' "$1" >&2; }
if [ "x$(hf_start)" != x${marker.start} ]; then
  hf_say 'ovirt-engine was started again since it was looked at'
  exit ${EXIT.restartedMeanwhile}
fi
hf_config -g ${key} --cver=${level}
if [ "$hf_exit" != 0 ]; then
  hf_say "$hf_out"
  exit "$hf_exit"
fi
if [ "x$hf_out" != x${`${before}\n`} ]; then
  hf_say "$hf_out"
  exit ${EXIT.changedMeanwhile}
fi
hf_config -s ${`${key}=${after}`} --cver=${level}
${noteOtherStart(marker)}
if [ "$hf_exit" != 0 ] || [ -n "$hf_out" ]; then
  hf_say "$hf_out"
  case $hf_exit in 0 | 1) exit ${EXIT.refused} ;; esac
  exit "$hf_exit"
fi
hf_config -g ${key} --cver=${level}
if [ "$hf_exit" != 0 ] || [ "x$hf_out" != x${`${after}\n`} ]; then
  hf_say "$hf_out"
  exit ${EXIT.notStored}
fi
if [ "x$hf_noted" != x${marker.start} ]; then
  hf_say 'ovirt-engine was started again while this was set'
  exit ${EXIT.restartedMeanwhile}
fi`,
    timeoutSeconds: 3 * 65 + 80,
    changes: [change],
    explain: failed => explainSet(change, failed),
  };
}

function explainSet({ id }: Change, { exitCode, stderr }: Section): Explanation {
  switch (exitCode) {
    case EXIT.restartedMeanwhile:
      return {
        message: `ovirt-engine was started again while this run was at work, before ${id} was set or just then`,
        hint: 'Run again: it starts from what is there now.',
      };
    case EXIT.changedMeanwhile:
      return {
        message: `${id} is no longer the value that was read; it was left alone`,
        hint: 'Someone else changes the properties of this engine at the same time. Run again when they are done.',
      };
    case EXIT.refused:
      return {
        message: `engine-config did not take the new value of ${id}: ${stderr.trim() || 'it gave no reason'}`,
        hint: 'Nothing was written for this level. Compare the names and regexes in the playbook with what it says.',
      };
    case EXIT.notStored:
      return {
        message: `${id} reads back as something else than was set`,
        hint: 'Another writer, or a locale that is not UTF-8 inside engine-config: look at the value with `engine-config -g`. Run again to mend it.',
      };
    default:
      return explainTool(exitCode, stderr);
  }
}

/** Waits until the engine is healthy, after a restart of it where the change is one; then the marker has served. */
function healthyStep(change: Change, { healthUrl, healthTimeoutSeconds }: EnginePropertiesWanted): Step {
  const restarts = change.action === 'restart';
  return {
    title: restarts
      ? 'restart ovirt-engine and wait until it is healthy'
      : 'wait until ovirt-engine is healthy',
    script: sh`${ENGINE_FUNCTIONS}
hf_give_up() {
  journalctl -u ovirt-engine -n 15 --no-pager -o short-iso >&2 || :
  printf '%s\n' "$1" >&2
  exit ${EXIT.unhealthy}
}
${restarts ? RESTART : sh`:`}
${waitFor(healthUrl, healthTimeoutSeconds)}
rm -f -- "$hf_marker"
sync "$ROOT"${dirname(MARKER_FILE)}`,
    // Stopping has 90 s and starting has 90 s by systemd's default; the last fetch 10 s.
    timeoutSeconds: healthTimeoutSeconds + (restarts ? 240 : 60),
    changes: [change],
    explain: ({ exitCode, stderr }) =>
      exitCode === EXIT.unhealthy
        ? {
            message: stderr.trimEnd().split('\n').at(-1) ?? 'ovirt-engine is not healthy',
            hint: 'The properties are set. See the journal lines and /var/log/ovirt-engine/server.log; run again once it is up, or raise engine_health_timeout.',
          }
        : undefined,
  };
}

/** systemctl returns when the old process is gone and the unit has started, long before the engine answers. */
const RESTART: Sh = sh`hf_before=$(hf_start)
systemctl restart ovirt-engine >/dev/null || hf_give_up "ovirt-engine did not start again: systemctl restart failed with exit code $?"
[ "$hf_before" != "$(hf_start)" ] || hf_give_up 'ovirt-engine was not started again: systemctl restart changed nothing'`;

/** Refused, 404 and 503 are normal on the way up; only a unit that has stopped ends the wait early. */
function waitFor(healthUrl: string, seconds: number): Sh {
  return sh`hf_deadline=$(($(date +%s) + ${seconds}))
while :; do
  hf_health ${healthUrl}
  case "$hf_http $hf_body" in '200 '*'DB Up!'*) break ;; esac
  hf_answer="HTTP $hf_http $(printf '%s' "$hf_body" | tr '\n\r' '  ' | cut -c 1-200)"
  [ "$hf_http" != 000 ] || hf_answer="no answer (curl exit code $hf_curl)"
  case $(systemctl show -p ActiveState ovirt-engine) in
    ActiveState=failed | ActiveState=inactive) hf_give_up "ovirt-engine has stopped again; last seen: $hf_answer" ;;
  esac
  [ "$(date +%s)" -lt "$hf_deadline" ] ||
    hf_give_up ${`ovirt-engine is not healthy after ${seconds} s at ${healthUrl}; last seen: `}"$hf_answer"
  sleep 1
done`;
}
