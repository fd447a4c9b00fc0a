import { type Sh, sh } from '../../core/sh.ts';

/** The keys of the engine's configuration that hold custom properties; each has one row a cluster level. */
export const ENGINE_KEYS = [
  'UserDefinedVMProperties',
  'CustomDeviceProperties',
  'UserDefinedNetworkCustomProperties',
] as const;

export type EngineKey = (typeof ENGINE_KEYS)[number];

/** Under the host's root: there while a restart is due, or not yet seen to have ended well. */
export const MARKER_FILE = '/var/lib/hookfleet/restart-due';

/** How the engine steps fail, beside engine-config's own exit codes 0 and 1 and those of timeout. */
export const EXIT = {
  locked: 80,
  changedMeanwhile: 81,
  restartedMeanwhile: 82,
  refused: 83,
  notStored: 84,
  unhealthy: 85,
};

/** How long one call of engine-config may take; a real one takes about a second. */
export const TOOL_SECONDS = 60;

const $ = sh`$`;

/**
 * Shell functions that probe and steps share.
 *
 * engine-config: all its words go to stdout, and stderr has a constant line about JAVA_TOOL_OPTIONS, which is dropped.
 * It gets an environment of its own: Java options from outside can break its start, and ENGINE_VARS would lead it to
 * another configuration (engine: packaging/bin/engine-prolog.sh.in). Outside a UTF-8 locale it destroys what is not
 * ASCII, read or written. It waits for a locked row without limit, so it has a time limit: `timeout` makes it a process
 * group of its own, and what is left of the group is killed when the limit has passed or the script is ended.
 */
export const ENGINE_FUNCTIONS: Sh = sh`hf_newline='
'
hf_marker="$ROOT"${MARKER_FILE}

# WORD...: one call of engine-config; leaves its whole stdout in hf_out and its exit code in hf_exit.
hf_config() {
  hf_out=$({ {
    hf_exit=0
    env -i PATH="$PATH" ROOT="$ROOT" HOME=/root LC_ALL=C.UTF-8 \
      timeout -k 5 ${TOOL_SECONDS} engine-config "$@" </dev/null 2>&3 3>&- 4>&- &
    hf_pid=$!
    trap 'kill -s KILL -- "-$hf_pid" 2>/dev/null; exit 143' TERM
    wait "$hf_pid" || hf_exit=$?
    case $hf_exit in 124 | 137) kill -s KILL -- "-$hf_pid" 2>/dev/null || : ;; esac
    # Behind a sentinel, since a command substitution drops line feeds at the end.
    printf 'x%s' "$hf_exit"
  } 3>&1 >&4 4>&- | sed '/^Picked up JAVA_TOOL_OPTIONS: /d' >&2; } 4>&1)
  hf_exit=${$}{hf_out##*x}
  hf_out=${$}{hf_out%x*}
}

# What is different after each start of the engine.
hf_start() {
  echo $(systemctl show -p InvocationID -p ActiveEnterTimestampMonotonic ovirt-engine | sort)
}

# URL: leaves the HTTP status in hf_http (000: no answer), the body in hf_body, curl's exit code in hf_curl.
hf_health() {
  hf_curl=0
  hf_body=$(curl -q -s -m 10 --noproxy '*' --globoff --proto =http,https -w '\n%{http_code}' --url "$1") || hf_curl=$?
  hf_http=${$}{hf_body##*"$hf_newline"}
  hf_body=${$}{hf_body%"$hf_newline"*}
}
`;
