import { type Sh, sh } from '../../core/sh.ts';
import { HOSTED_PROBE } from './engine-hosted.ts';
import { LOCK_FUNCTIONS } from './engine-lock.ts';
import { ENGINE_FUNCTIONS, ENGINE_KEYS } from './engine-shell.ts';

/** What a probe is to look at, beside the properties of VMs and devices. */
export interface ProbeWish {
  /** The properties of networks too. */
  readonly network: boolean;
  /** Fetched on the engine's host, where a restart may not have ended yet. */
  readonly healthUrl: string;
}

const $ = sh`$`;

/**
 * Prints, one part a line, contents as base64 because a property's regex may hold anything:
 * `charmap NAME` · `lock STATE CONTENT` · `marker CONTENT` · `unit EXIT CONTENT` · `hosted EXIT CONTENT` ·
 * `list KEY EXIT CONTENT` · `row KEY LEVEL EXIT CONTENT` · `health CURL-EXIT HTTP-STATUS BODY`.
 *
 * A key is read with one call for all levels. Where that answer is not plainly one line a level, or the keys do not
 * agree on the levels, the key is read once more, level by level: only with `--cver` is the value all of stdout.
 */
export function engineProbe({ network, healthUrl }: ProbeWish): Sh {
  const [vm, device, forNetwork] = ENGINE_KEYS;
  return sh`${ENGINE_FUNCTIONS}
${LOCK_FUNCTIONS}
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
hf_state=$(hf_lock_state)
[ "$hf_state" = free ] || hf_part "lock $hf_state" "$(cat "$hf_lock")"
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
${HOSTED_PROBE}
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
