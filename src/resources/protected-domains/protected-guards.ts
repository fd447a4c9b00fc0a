import { DENIED_PERMISSIONS } from '../../catalog/domain-permissions.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { NO_ANSWER } from './protected-ask.ts';

/** Allowed to everybody by the rules that grant, and to nobody without them: by this they are known to be read. */
const KNOWN_BY = 'org.libvirt.api.node-device.read';

/**
 * Waits until polkit goes by the new rules, and stops where it does not answer as it shall: no to whatever stops a
 * protected domain, and yes for a free one where hookfleet is to grant that. polkitd reads its rules when they change, in
 * its own time. Parts of a step under `set -e`, behind `ASK`, `DETAILS` and `MEMBERS`; operators are in `$users`, one a
 * line, and line feeds alone are in `$IFS`.
 */
export function polkitGuard(domains: readonly string[], grants: boolean): Sh {
  const [first = '', ...others] = domains;
  return sh`settled() {
  problem=
  ${grants ? sh`ask_action ${KNOWN_BY} '' ''` : sh`code=0`}
  [ "$code" -lt ${NO_ANSWER} ] || { problem=silent; return 1; }
  [ "$code" = 0 ] || { problem=unread; return 1; }
}
is_denied() {
  ask "$1" "$asked_name" "$asked_uuid"
  [ "$code" -lt ${NO_ANSWER} ] || { problem=silent; return 1; }
  [ "$code" != 0 ] || { problem="allowed|$user|$1|$2"; return 1; }
}
is_granted() {
  ask stop "$free_name" "$free_uuid"
  [ "$code" -lt ${NO_ANSWER} ] || { problem=silent; return 1; }
  [ "$code" = 0 ] || { problem="refused|$user"; return 1; }
}
as_wanted() {
  subject=$stranger number=0
  settled || return 1
  for line in $askable; do
    user=\${line#*,*,*,} subject=\${line%",$user"}
    ${grants ? sh`is_granted || return 1` : sh`:`}
    details_of ${first}
    for permission in ${DENIED_PERMISSIONS}; do is_denied "$permission" ${first} || return 1; done
    take_turn
    for domain in ${others}; do
      is_my_turn || continue
      details_of "$domain"
      is_denied stop "$domain" || return 1
    done
  done
}
subject_of nobody
stranger=$subject count=$(printf '%s\n' "$users" | wc -l)
askable=
for user in $users; do
  subject_of "$user"
  askable="$askable
$subject,$user"
done
tries=0
until as_wanted; do
  # To ask in vain may take half a minute each time.
  [ "$problem" != silent ] || tries=$((tries + 4))
  tries=$((tries + 1))
  [ "$tries" -lt 20 ] || stop "\${problem%%|*}" "\${problem#*|}"
  sleep 0.5
done`;
}

/**
 * Stops where somebody uses libvirt today who may do nothing but read with the access control on: the user of a
 * connection, and every local user who is let in over the socket that may change things. A client of another host has no
 * user at all.
 */
export const CLIENTS_GUARD: Sh = sh`without=
is_let_in() {
  ask stop "$free_name" "$free_uuid"
  if [ "$code" -ge ${NO_ANSWER} ]; then
    # Who has gone meanwhile has nothing to lose.
    [ ! -e ./proc/"\${subject%%,*}" ] || stop silent ''
    return 0
  fi
  [ "$code" = 0 ]
}
mention() { case "$without, " in *", $1, "*) ;; *) without="$without, $1" ;; esac; }
for server in "$unit" virtproxyd; do
  daemon "$server"
  [ -n "$pid" ] || continue
  listed=$(timeout 60 virt-admin -q -c "$server:///system" srv-clients-list "$server" </dev/null 2>"$undo/said") || stop unlisted "$server|$(tail -n 1 "$undo/said")"
  for id in $(printf '%s\n' "$listed" | sed -n 's/^ *\([0-9][0-9]*\) .*/\1/p'); do
    about=$(timeout 60 virt-admin -q -c "$server:///system" client-info "$server" "$id" </dev/null 2>/dev/null) || continue
    value_of() { printf '%s\n' "$about" | sed -n "s/^$1 *: *//p" | sed 's/ *$//'; }
    [ "$(value_of readonly)" != yes ] || continue
    [ "$(value_of transport)" = unix ] || stop remote "$(value_of sock_addr)"
    user=$(value_of unix_user_name) client=$(value_of unix_process_id) uid=$(value_of unix_user_id)
    [ "$uid" != 0 ] || continue
    if [ -r ./proc/"$client"/stat ]; then subject=$client,$(started_of "$client"),$uid; else subject_of "$user"; fi
    is_let_in || mention "$user ($(cat ./proc/"$client"/comm 2>/dev/null || echo connected), process $client)"
  done
done
case $unit in virtqemud) socket=./run/libvirt/virtqemud-sock ;; *) socket=./run/libvirt/libvirt-sock ;; esac
asking=$(sed -n 's/^[[:space:]]*auth_unix_rw[[:space:]]*=[[:space:]]*"\([a-z]*\)".*/\1/p' ./etc/libvirt/"$unit.conf" 2>/dev/null | head -n 1)
locals=
# Where nothing listens now, the socket is taken for one that lets everybody come and asks polkit.
access=srw-rw-rw-
[ ! -S "$socket" ] || access=$(stat -c %A "$socket")
case $access:$asking in
  # Whoever is on the host may come in, or brings a password: only those who are connected are known to.
  ????????w?:none | *:sasl) ;;
  ????????w?:*) locals=$(cut -d : -f 1 ./etc/passwd) ;;
  *) locals=$(members_of "$(stat -c %G "$socket")") || locals= ;;
esac
for user in $locals; do
  [ "$(id -u -- "$user" 2>/dev/null || echo 0)" != 0 ] || continue
  subject_of "$user"
  case $asking in
    none) ;;
    *)
      ask_action org.libvirt.unix.manage '' ''
      [ "$code" = 0 ] || continue ;;
  esac
  case "$without, " in *", $user ("*) continue ;; esac
  is_let_in || mention "$user (may connect)"
done
[ -z "$without" ] || stop clients "\${without#, }"`;
