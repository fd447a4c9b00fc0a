import { randomBytes } from 'node:crypto';
import { lines, quoted, type Sh, sh } from '../../core/sh.ts';

/** How the fragments of a script hang together. */
export interface ScriptOptions {
  /** Each fragment runs under `set -e`, and the first that fails is the last that runs. */
  readonly stopAtFailure: boolean;
  /**
   * The first fragment is a guard: it runs in the shell of the script itself, so that what it opens on file descriptor
   * 9 (a lock) stays open until the script ends. No other fragment inherits it, and so nothing that one leaves running.
   * A guard must not call `exit`; it has no `set -e`.
   */
  readonly guarded?: boolean;
}

/** A word that no output holds by chance, new for each exec: it tells the marks from everything else. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/**
 * The script that a shell runs. Each fragment runs in a subshell of its own; a mark on stdout and stderr stands before the
 * first (`NONCE begin PID`, the process that holds the script: its shell's parent), after each (`NONCE <exit code>`) and
 * after the last that ran (`NONCE end`).
 *
 * Everything stands in one function whose call is the last line, in braces: a script that was cut off on its way runs
 * nothing at all, and no fragment can read the rest of the script as its input.
 */
export function framed(
  fragments: readonly Sh[],
  nonce: string,
  { stopAtFailure, guarded = false }: ScriptOptions,
): Sh {
  const key = `${stopAtFailure} ${guarded}`;
  const made = REST_OF.get(fragments) ?? new Map<string, Sh>();
  REST_OF.set(fragments, made);
  const rest = made.get(key) ?? restOf(fragments, stopAtFailure, guarded);
  made.set(key, rest);
  return lines([
    BEGIN,
    sh`mark() { printf '%s %s\n' ${nonce} "$1"; printf '%s %s\n' ${nonce} "$1" >&2; }`,
    rest,
  ]);
}

/** What stands behind the nonce, which is the same for all hosts that are asked the same. */
const REST_OF = new WeakMap<readonly Sh[], Map<string, Sh>>();

function restOf(fragments: readonly Sh[], stopAtFailure: boolean, guarded: boolean): Sh {
  const guards = guarded ? 1 : 0;
  return lines([
    stopAtFailure
      ? sh`done_with() { mark "$1"; [ "$1" -eq 0 ] || { mark end; exit 0; }; }`
      : sh`done_with() { mark "$1"; }`,
    sh`mark "begin $PPID"`,
    ...fragments.slice(0, guards).map(inMainShell),
    ...fragments.slice(guards).map(fragment => subshell(fragment, stopAtFailure, guarded)),
    sh`mark end`,
    sh`exit 0`,
    sh`}`,
    sh`{ main </dev/null; }`,
    sh``,
  ]);
}

/** The same as one text. */
export function scriptText(fragments: readonly Sh[], nonce: string, options: ScriptOptions): string {
  return framed(fragments, nonce, options).text;
}

/**
 * Where a host has its root folder and its programs. One line of every script; the embedded demo puts its own in the
 * place of it on the receiving side, so that no host can be steered from its environment.
 */
export const HOST_FOLDERS = sh`ROOT= LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin`;

/** What every fragment finds: the same working folder, language, PATH and file mask on all hosts, and nothing of the user's. */
const PRELUDE = lines([
  sh`unset IFS CDPATH ENV BASH_ENV GREP_OPTIONS LANGUAGE`,
  HOST_FOLDERS,
  sh`export ROOT LC_ALL PATH`,
  sh`umask 022`,
  sh`cd "$ROOT/"`,
]);

/**
 * `timeout` sends SIGKILL only while its own child lives: a shell that died of SIGTERM would leave behind what ignores
 * it. So a shell waits for what it runs, and ends then. A subshell begins with the default action again (POSIX, trap),
 * so the script's shell and each fragment's say it.
 */
const OUTLIVE_TERM = sh`trap 'exit 143' TERM`;

/** What stands before the nonce. */
const BEGIN = lines([sh`main() {`, PRELUDE, OUTLIVE_TERM]);

function inMainShell(guard: Sh): Sh {
  return lines([guard, sh`done_with "$?"`]);
}

/** `eval` of quoted text keeps a syntax error inside its own fragment. */
function subshell(fragment: Sh, stopAtFailure: boolean, guarded: boolean): Sh {
  return lines([
    sh`(`,
    OUTLIVE_TERM,
    ...(stopAtFailure ? [sh`set -e`] : []),
    sh`eval ${quoted(fragment)}`,
    guarded ? sh`) 9>&-` : sh`)`,
    sh`done_with "$?"`,
  ]);
}
