import { type Sh, sh } from '../../core/sh.ts';

/** Where the runner finds its input, as it sees it. */
export const RUNNER_FOLDER = '/run/hookfleet-dry-run';

/** How long a hook may take for one call, in hundredths of a second. */
const SLOW = 100;
/** When it is given up, in seconds: what takes longer than allowed and less than this may be the host's fault. */
const GIVEN_UP = 5;
/** How often a slow call is tried in all. */
const TRIES = 3;

/**
 * What runs inside the fence: makes sure that there is one, then calls the hook as libvirt would for every line of
 * `calls` (src/util/virhook.c, src/util/vircommand.c: four arguments, next to no environment, both outputs read to
 * their end). Prints, tab-separated: `N who what` for a wall that does not stand, `V who operation extra verdict code stdout
 * stderr` (outputs in base64) for a call that went wrong, `E who` at the end. It ends at the first call that went wrong;
 * the fence then ends what the hook has left running.
 */
export const RUNNER: Sh = sh`who=$1 host_net=$2 host_mnt=$3 host_pid=$4 hook=$5 object=$6
tab=$(printf '\t')
open() { printf 'N\t%s\t%s\n' "$who" "$1"; exit 0; }
[ "$(readlink /proc/self/ns/net)" != "$host_net" ] || open 'the network of the host'
[ "$(readlink /proc/self/ns/mnt)" != "$host_mnt" ] || open 'the mounts of the host'
while read -r _ _ _ _ point _; do
  for folder in "$(printf '%b' "$point")" /etc /usr /root /home /var/lib /proc/sys; do
    case $folder in /tmp | /var/tmp | /var/log | /run | /run/* | /dev | /dev/*) continue ;; esac
    [ ! -w "$folder" ] || open "the right to write to $folder"
  done
done </proc/self/mountinfo
for socket in /run/libvirt /run/dbus /run/systemd/private /run/systemd/journal; do
  [ ! -e "$socket" ] || open "a way to $socket"
done
grep -q '^CapBnd:[[:space:]]*0*$' /proc/self/status || open 'capabilities'
if kill -0 "$$" 2>/dev/null && [ "$(readlink /proc/self/ns/pid)" = "$host_pid" ]; then open 'a way to signal processes of the host'; fi
scratch=$(mktemp -d /tmp/hookfleet.XXXXXX) || open 'no place for its output'
now() { read -r up _ </proc/uptime; up=\${up%.*}\${up#*.}; }
verdict() {
  printf 'V\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$who" "$operation" "$extra" "$1" "$code" "$(base64 -w0 <"$at.out")" "$(base64 -w0 <"$at.err")"
}
take() { head -c 4096 >"$1"; cat >/dev/null; }
number=0
call() {
  number=$((number + 1)) at=$scratch/$number code=
  : >"$at.out" >"$at.err"
  mkfifo "$at.end"
  now; began=$up
  (
    {
      {
        env -i PATH="$PATH" LC_ALL=C "$hook" "$object" "$operation" "$sub" "$extra" <"$input" 4>&- 5<&-
        echo $? >"$at.code" 4>&-
      } 2>&1 1>&4 | take "$at.err"
    } 4>&1 | take "$at.out"
    echo ended >"$at.end"
  ) &
  (sleep ${GIVEN_UP}; echo late >"$at.end") >/dev/null &
  read -r ending <"$at.end"
  now; took=$((up - began))
  if [ -s "$at.code" ]; then read -r code <"$at.code"; fi
}
while IFS=$tab read -r operation sub extra stdin <&5; do
  case $stdin in none) input=/dev/null ;; *) input=${RUNNER_FOLDER}/$stdin ;; esac
  tries=1
  call
  while [ "$ending" = ended ] && [ "$took" -gt ${SLOW} ] && [ "$tries" -lt ${TRIES} ]; do tries=$((tries + 1)); call; done
  if [ "$ending" != ended ]; then
    if [ -n "$code" ]; then verdict holds; else verdict hangs; fi
    exit 0
  fi
  if [ "$code" != 0 ]; then verdict exit; exit 0; fi
  if [ -s "$at.out" ]; then verdict prints; exit 0; fi
  if [ "$took" -gt ${SLOW} ]; then verdict slow; exit 0; fi
done 5<${RUNNER_FOLDER}/calls
printf 'E\t%s\n' "$who"`;
