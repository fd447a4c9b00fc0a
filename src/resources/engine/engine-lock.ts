import type { Change } from '../../core/change.ts';
import type { EngineRun } from '../../core/engine-values.ts';
import { LOCAL_PROCESS } from '../../core/local-process.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import type { Explanation, Step } from '../resource.ts';
import { EXIT } from './engine-shell.ts';

/** Under the host's root. On the disk, so that a lock from before a reboot is seen and named, not forgotten. */
export const ENGINE_LOCK_FILE = '/var/lib/hookfleet/engine.lock';

/**
 * What a host can tell of the one who has the lock: `alive`, its connection is open · `ending`, its connection is gone,
 * but a step of it may still run · `gone`, neither · `rebooted`, the host was started anew since · `unknown`, there is
 * no process by which to tell.
 */
export type LockState = 'alive' | 'ending' | 'gone' | 'rebooted' | 'unknown';

/** A lock as it was found. */
export interface EngineLockFound {
  readonly state: LockState;
  readonly holder: string;
  /** The id of the run. */
  readonly run: string;
  /** When it was taken, by the host's clock: `2026-11-20T12:18:29Z`. */
  readonly since: string;
}

/**
 * Shell functions. The lock is the file itself, made whole and only where there is none (a hard link); besides who has
 * it, it says by which process the host can tell that the holder is gone: the nearest sshd above the script, which lives
 * as long as the connection, or hookfleet itself on its own machine; named by its id and its time of start (proc(5)), and
 * the boot that these belong to.
 */
export const LOCK_FUNCTIONS: Sh = sh`hf_lock="$ROOT"${ENGINE_LOCK_FILE}
hf_field() { sed -n "s/^$1=//p" "$hf_lock" 2>/dev/null | head -n 1; }
hf_boot() { cat ./proc/sys/kernel/random/boot_id 2>/dev/null || :; }

# PID: its parent and its time of start. The name of a process stands in brackets and may hold anything.
hf_process() { sed 's/.*) //' "./proc/$1/stat" 2>/dev/null | cut -d ' ' -f 2,20; }

# PID: the hookfleet that has started this process on its own machine.
hf_local() { { tr '\0' '\n' <"./proc/$1/environ" | sed -n 's/^${LOCAL_PROCESS}=//p' | head -n 1; } 2>/dev/null || :; }

# The connection that the script came by: process and start; "lost" where it is gone already, so that what came by it is
# an orphan; nothing where there is none, or where it is that of a server unknown here.
hf_session() {
  hf_pid=$$ hf_above=
  while [ "\${hf_pid:-0}" -gt 1 ]; do
    hf_found=$(hf_process "$hf_pid")
    case $(cat "./proc/$hf_pid/comm" 2>/dev/null) in
      sshd | sshd-session | dropbear) echo "$hf_pid \${hf_found#* }"; return ;;
    esac
    hf_own=$(hf_local "$hf_pid")
    if [ -n "$hf_own" ]; then
      hf_found=$(hf_process "$hf_own")
      if [ -n "$hf_found" ]; then echo "$hf_own \${hf_found#* }"; else echo lost; fi
      return
    fi
    ! grep -aq SSH_CONNECTION= "./proc/$hf_pid/environ" 2>/dev/null || hf_above=\${hf_found% *}
    hf_pid=\${hf_found% *}
  done
  [ "$hf_above" != 1 ] || echo lost
}

hf_lock_state() {
  [ -e "$hf_lock" ] || { echo free; return; }
  [ "$(hf_field boot)" = "$(hf_boot)" ] || { echo rebooted; return; }
  hf_theirs=$(hf_field session)
  [ -n "$hf_theirs" ] || { echo unknown; return; }
  hf_found=$(hf_process "\${hf_theirs% *}")
  if [ "\${hf_found#* }" = "\${hf_theirs#* }" ]; then
    echo alive
  elif [ ! -e ./run/hookfleet.lock ] || flock -n ./run/hookfleet.lock true; then
    echo gone
  else
    echo ending
  fi
}
`;

/** Prints `STATE` and the lock's content; `free` alone where there is none. */
export const LOCK_LOOK: Sh = sh`${LOCK_FUNCTIONS}
hf_lock_state
cat "$hf_lock" 2>/dev/null || :`;

/** Reads what {@link LOCK_LOOK} printed; null for a lock that is free. */
export function readLock(text: string): EngineLockFound | null {
  const [state = '', ...lines] = text.split('\n');
  return state === 'free' || state === '' ? null : parseLock(state, lines.join('\n'));
}

/** A lock from its state and its file's content. */
export function parseLock(state: string, content: string): EngineLockFound {
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(content)?.[1] ?? '';
  const known = (['alive', 'ending', 'gone', 'rebooted'] as const).find(word => word === state);
  return {
    state: known ?? 'unknown',
    holder: field('holder') || 'somebody unknown',
    run: field('run'),
    since: field('since'),
  };
}

/** `ann@admin-01, process 4711 (run 20261120T121829Z-3f9c, since 2026-11-20T12:18:29Z)`. */
export function lockHolder({ holder, run, since }: EngineLockFound): string {
  const more = [run && `run ${run}`, since && `since ${since}`].filter(Boolean).join(', ');
  return more === '' ? holder : `${holder} (${more})`;
}

const MEANING: Readonly<Record<LockState, string>> = {
  alive: 'its connection to the host is open',
  ending: 'its connection is gone, and its last step still runs on the host',
  gone: 'its connection is gone, and nothing of it runs on the host any more',
  rebooted: 'the host was started anew since',
  unknown: 'whether it is still at work cannot be told on the host',
};

/** What the host can tell of the holder, as half a sentence. */
export function lockMeaning({ state }: EngineLockFound): string {
  return MEANING[state];
}

/** Whether the holder is certainly gone, or will be as soon as its last step has ended. */
export function isLeftBehind({ state }: EngineLockFound): boolean {
  return state === 'ending' || state === 'gone' || state === 'rebooted';
}

/** What clearing a lock away means to a person: it names who left it, and how that is known. */
export function leftLockChange(lock: EngineLockFound): Change {
  return {
    resource: 'unfinished-file',
    id: ENGINE_LOCK_FILE,
    action: 'remove',
    before: `left by ${lockHolder(lock)}: ${lockMeaning(lock)}`,
    after: null,
  };
}

/**
 * Takes the lock of an engine, from before the first change until after the verification. One who is certainly gone
 * loses it, which is told as a change; any other is waited for. The step stands under the lock of the host, so nothing
 * of a holder without connection can run any more.
 */
export function engineLockStep({ id, holder }: EngineRun, waitSeconds: number): Step {
  const owner = sh`printf 'holder=%s\nrun=%s\nsince=%s\nboot=%s\nsession=%s\n' ${holder.replaceAll(/\s+/g, ' ')} ${id} "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(hf_boot)" "$hf_mine"`;
  return {
    title: 'take the lock of the engine',
    script: sh`${LOCK_FUNCTIONS}
hf_mine=$(hf_session)
if [ "$hf_mine" = lost ]; then
  echo 'The connection is gone' >&2
  exit 1
fi
mkdir -p ./var/lib/hookfleet
rm -f -- ./var/lib/hookfleet/.lock-??????
hf_new=$(mktemp -- ./var/lib/hookfleet/.lock-XXXXXX)
trap 'rm -f -- "$hf_new"' EXIT
chmod 0644 -- "$hf_new"
hf_deadline=$(($(date +%s) + ${waitSeconds}))
while :; do
  ${owner} >"$hf_new"
  ! ln -- "$hf_new" "$hf_lock" 2>/dev/null || break
  hf_state=$(hf_lock_state)
  case $hf_state in
    gone | ending | rebooted)
      echo "$hf_state"
      cat "$hf_lock"
      sync -- "$hf_new"
      mv -fT -- "$hf_new" "$hf_lock"
      break ;;
    free)
      # Given back just now; more often than that, no link can be made here.
      hf_free=\${hf_free-}1
      [ "$hf_free" = 1111 ] || continue ;;
  esac
  if [ "$(date +%s)" -gt "$hf_deadline" ]; then
    echo "$hf_state"
    cat "$hf_lock" || :
    exit ${EXIT.locked}
  fi
  sleep 1
done
sync -- ./var/lib/hookfleet`,
    timeoutSeconds: waitSeconds + 30,
    changes: [],
    made({ stdout }) {
      const left = readLock(stdout);
      return left === null ? [] : [leftLockChange(left)];
    },
    explain: failed => explainLocked(failed, waitSeconds),
  };
}

/** Gives the lock of a run back; one that is somebody else's by now stays. */
export function releaseLock(run: string): Sh {
  return sh`${LOCK_FUNCTIONS}
if [ "$(hf_field run)" = ${run} ]; then rm -f -- "$hf_lock"; fi`;
}

function explainLocked({ exitCode, stdout }: Section, waitSeconds: number): Explanation {
  const lock = exitCode === EXIT.locked ? readLock(stdout) : null;
  if (lock === null) {
    return {
      message: `${ENGINE_LOCK_FILE} could not be made`,
      hint: 'See that /var/lib of the engine host is writable and not full.',
    };
  }
  return {
    message: `The engine is locked by ${lockHolder(lock)}: ${lockMeaning(lock)}`,
    hint: `It was waited for ${waitSeconds} s. Run again when it is done, or with a longer --lock-wait. If you know that it is dead, \`hookfleet lock release\` takes its lock away.`,
  };
}
