import { type Sh, sh } from '../core/sh.ts';

/** The keys of the engine's configuration that hold custom properties; each has one row a cluster level. */
export const ENGINE_KEYS = [
  'UserDefinedVMProperties',
  'CustomDeviceProperties',
  'UserDefinedNetworkCustomProperties',
] as const;

export type EngineKey = (typeof ENGINE_KEYS)[number];

/** Under the host's root: there while a restart is due, or not yet seen to have ended well. */
export const MARKER_FILE = '/var/lib/hookfleet/restart-due';

/** How the engine-config steps fail, beside the tool's own exit codes 0 and 1 and those of timeout. */
export const EXIT = {
  changedMeanwhile: 81,
  restartedMeanwhile: 82,
  refused: 83,
  notStored: 84,
  unhealthy: 85,
};

const $ = sh`$`;

/**
 * Shell functions that probe and steps share.
 *
 * engine-config: all its words go to stdout, and stderr has a constant line about JAVA_TOOL_OPTIONS, which is dropped.
 * Java options from outside can break its start; outside a UTF-8 locale it destroys what is not ASCII, read or
 * written; it waits for a locked row without limit, so it gets a limit of its own.
 */
export const ENGINE_FUNCTIONS: Sh = sh`hf_newline='
'
hf_marker="$ROOT"${MARKER_FILE}

# WORD...: one call of engine-config; leaves its whole stdout in hf_out and its exit code in hf_exit.
hf_config() {
  hf_out=$({ {
    hf_exit=0
    env -u JAVA_TOOL_OPTIONS -u JDK_JAVA_OPTIONS -u _JAVA_OPTIONS -u JAVA_HOME LC_ALL=C.UTF-8 \
      timeout -k 5 60 engine-config "$@" </dev/null 2>&3 3>&- 4>&- || hf_exit=$?
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

/**
 * Prints, one part a line, contents as base64 because a property's regex may hold anything:
 * `charmap NAME` · `marker CONTENT` · `unit EXIT CONTENT` · `list KEY EXIT CONTENT` · `row KEY LEVEL EXIT CONTENT` ·
 * `health CURL-EXIT HTTP-STATUS BODY`.
 *
 * A key is read with one call for all levels. Where that answer is not plainly one line a level, or the keys do not
 * agree on the levels, the key is read once more, level by level: only with `--cver` is the value all of stdout.
 */
export function engineProbe({ network, healthUrl }: { network: boolean; healthUrl: string }): Sh {
  const [vm, device, forNetwork] = ENGINE_KEYS;
  return sh`${ENGINE_FUNCTIONS}
hf_part() { printf '%s %s\n' "$1" "$(printf '%s' "$2" | base64 -w 0)"; }
hf_count() { grep -c "$@" || :; }
hf_doubtful= hf_levels= hf_differ=
hf_list() {
  hf_config -g "$1"
  hf_part "list $1 $hf_exit" "$hf_out"
  [ "$hf_exit" = 0 ] || exit 0
  hf_keys="${$}{hf_keys-} $1"
  hf_here=$(printf '%s' "$hf_out" | sed -n 's/.* version: \([0-9][0-9.]*\)$/\1/p' | sort -u)
  hf_plain=$(printf '%s' "$hf_out" | grep -v ' version: .* version: ' | hf_count "^$1: .* version: [0-9][0-9.]*\$")
  if [ "$hf_plain" != "$(printf '%s' "$hf_out" | hf_count '')" ] ||
    [ "$hf_plain" != "$(printf '%s\n' "$hf_here" | hf_count .)" ]; then
    hf_doubtful="$hf_doubtful $1"
  fi
  [ "${$}{hf_first=$hf_here}" = "$hf_here" ] || hf_differ=1
  hf_levels="$hf_levels $hf_here"
}
printf 'charmap %s\n' "$(LC_ALL=C.UTF-8 locale charmap 2>/dev/null)"
hf_wants_network=${network ? 1 : 0}
hf_marked=
if [ -e "$hf_marker" ]; then
  hf_marked=1
  hf_text=$(cat "$hf_marker") || :
  hf_part marker "$hf_text"
  case $hf_text in *${forNetwork}*) hf_wants_network=1 ;; esac
fi
hf_exit=0
hf_out=$(systemctl show -p ActiveState -p InvocationID -p ActiveEnterTimestampMonotonic ovirt-engine 2>/dev/null) || hf_exit=$?
hf_part "unit $hf_exit" "$hf_out"
hf_list ${vm}
hf_list ${device}
[ "$hf_wants_network" = 0 ] || hf_list ${forNetwork}
[ -z "$hf_differ" ] || hf_doubtful=$hf_keys
for hf_key in $hf_doubtful; do
  for hf_level in $(printf '%s\n' $hf_levels | sort -u); do
    hf_config -g "$hf_key" --cver="$hf_level"
    hf_part "row $hf_key $hf_level $hf_exit" "$hf_out"
  done
done
if [ -n "$hf_marked" ]; then
  hf_health ${healthUrl}
  hf_part "health $hf_curl $hf_http" "$hf_body"
fi
exit 0
`;
}
