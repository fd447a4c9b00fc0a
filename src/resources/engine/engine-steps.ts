import { dirname } from 'node:path/posix';
import type { Change } from '../../core/change.ts';
import type { EngineRun } from '../../core/engine-values.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { placeFile } from '../files/place-file.ts';
import type { Explanation, Step } from '../resource.ts';
import type { EnginePropertiesFound } from './engine-found.ts';
import { historyStep } from './engine-history.ts';
import { nextMarker, type RestartMarker } from './engine-marker.ts';
import { clearStep, forgetMarkerStep, type HealthWish, restartSteps } from './engine-restart-steps.ts';
import { ENGINE_FUNCTIONS, EXIT, MARKER_FILE, TOOL_SECONDS } from './engine-shell.ts';
import { explainTool } from './engine-trouble.ts';

/** What the steps need to know beside the changes. */
export interface EngineWish extends HealthWish {
  readonly run: EngineRun;
}

/**
 * The steps that make the changes: what was left behind goes, the old values are saved and the marker is set before the
 * first write, one step a write, then the restart, and the wait until the engine is healthy.
 */
export function engineSteps(
  changes: readonly Change[],
  wanted: EngineWish,
  found: EnginePropertiesFound,
): readonly Step[] {
  const leftovers = changes.filter(({ resource }) => resource === 'unfinished-file');
  const writes = changes.filter(({ action }) => action === 'set');
  const engine = changes.find(({ id }) => id === 'ovirt-engine');
  return [
    ...(leftovers.length > 0 ? [clearStep(leftovers)] : []),
    ...(writes.length > 0 ? [historyStep(wanted.run, found), markerStep(writes, found)] : []),
    ...writes.map(setStep),
    ...(engine ? restartSteps(engine, wanted, found) : writes.length > 0 ? [forgetMarkerStep()] : []),
  ];
}

/**
 * Puts the marker in place whole, or not at all, and onto the disk before anything is written elsewhere. It is of the
 * start that was found; an engine that was stopped then, and that an earlier step has started, is of its new start.
 */
function markerStep(writes: readonly Change[], found: EnginePropertiesFound): Step {
  const overwritten = Object.fromEntries(writes.map(({ id, before }) => [id, before ?? '']));
  const { start, state } = found.unit;
  const { digests } = nextMarker(found.marker, start, overwritten);
  return {
    title: 'note that a restart of ovirt-engine will be due',
    script: sh`${ENGINE_FUNCTIONS}
mkdir -p .${dirname(MARKER_FILE)}
hf_now=$(hf_start)
if [ ${state} = active ] && [ "x$hf_now" != x${start} ]; then
  echo 'ovirt-engine was started again since it was looked at' >&2
  exit ${EXIT.restartedMeanwhile}
fi
${placeMarker(digests)}`,
    timeoutSeconds: 60,
    changes: [],
    explain: ({ exitCode }) =>
      exitCode === EXIT.restartedMeanwhile
        ? RESTARTED_MEANWHILE
        : {
            message: `${MARKER_FILE} could not be written, so no property was set`,
            hint: 'See that /var/lib of the engine host is writable and not full.',
          },
  };
}

const RESTARTED_MEANWHILE: Explanation = {
  message: 'ovirt-engine was started again while this run was at work, so nothing more was set',
  hint: 'Run again: it starts from what is there now.',
};

/** The marker of the start in `$hf_now`. */
function placeMarker(digests: RestartMarker['digests']): Sh {
  const content = sh`printf '{"start":"%s","digests":%s}\n' "$hf_now" ${JSON.stringify(digests)}`;
  return placeFile({ path: MARKER_FILE, content, mode: 0o644, owner: 'root:root' });
}

/**
 * Another may have started the engine between the look at it and the write, and that start may have read the old value:
 * then the marker is made that start's, which leaves `$hf_noted` another start than `$hf_expected`. A start on its way
 * gets its final name only when it is through.
 */
const NOTE_OTHER_START: Sh = sh`hf_noted=$hf_expected hf_tries=60
while :; do
  hf_now=$(hf_start)
  if [ -n "$hf_now" ] && [ "x$hf_now" != "x$hf_noted" ]; then
${placeFile({
  path: MARKER_FILE,
  content: sh`printf '{"start":"%s",%s\n' "$hf_now" "$hf_digests"`,
  mode: 0o644,
  owner: 'root:root',
})}
    hf_noted=$hf_now
  fi
  [ "$(systemctl show -p ActiveState ovirt-engine)" = ActiveState=activating ] && [ "$hf_tries" -gt 0 ] || break
  hf_tries=$((hf_tries - 1))
  sleep 1
done`;

/**
 * Writes one value: only over the value that was read, and only while the start of the engine is the one in the marker;
 * else another has been at it. engine-config replaces, may exit 0 without having set anything, and stores silently
 * something else in the wrong locale: so the value is read back, byte for byte.
 */
function setStep(change: Change): Step {
  const [key = '', level = ''] = change.id.split(' ');
  const [before, after] = [change.before ?? '', change.after ?? ''];
  return {
    title: `set ${key} at ${level}`,
    script: sh`${ENGINE_FUNCTIONS}
hf_say() { printf '%s\n' "$1" >&2; }
hf_text=$(cat "$hf_marker")
hf_digests=\${hf_text#*\",}
hf_expected=\${hf_text#*:\"}
hf_expected=\${hf_expected%%\"*}
if [ "x$(hf_start)" != "x$hf_expected" ]; then
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
${NOTE_OTHER_START}
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
if [ "x$hf_noted" != "x$hf_expected" ]; then
  hf_say 'ovirt-engine was started again while this was set'
  exit ${EXIT.restartedMeanwhile}
fi`,
    timeoutSeconds: 3 * (TOOL_SECONDS + 5) + 80,
    changes: [change],
    explain: failed => explainSet(change, failed),
  };
}

function explainSet({ id }: Change, { exitCode, stderr }: Section): Explanation {
  switch (exitCode) {
    case EXIT.restartedMeanwhile:
      return {
        ...RESTARTED_MEANWHILE,
        message: `ovirt-engine was started again while this run was at work, before ${id} was set or just then`,
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
