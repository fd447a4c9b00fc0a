import { DOMAIN_ACTION } from '../../catalog/domain-permissions.ts';
import { type Sh, sh } from '../../core/sh.ts';

/** From this code on an answer is neither yes nor no: polkit itself is in trouble. */
export const NO_ANSWER = 4;

/** The end of a shell text that uses {@link ASK}: ends the processes that polkit was asked about. */
export const ASKED: Sh = sh`for one in $subjects; do kill "$one" 2>/dev/null || :; done`;

/**
 * Defines what asks polkit whether a user may do something with a domain; nothing of it has an effect on a domain.
 *
 * - `subject_of USER`: leaves in `$subject` a process of that user, as pkcheck names it; its number is added to `$subjects`.
 * - `ask PERMISSION NAME UUID`: leaves in `$code` 0 for yes, 1 to 3 for no, and more where there was no answer.
 * - `take_turn` and `is_my_turn`: deal what is to be asked out to the `$count` users, so that it is asked of one of them
 *   alone; `$number` is 0 before the first.
 *
 * libvirt tells polkit the driver, the name and the UUID of the domain, and only root may tell it so about others
 * (pkcheck(1); libvirt: src/access/viraccessdriverpolkit.c).
 */
export const ASK: Sh = sh`subjects=
subject_of() {
  asked_uid=$(id -u -- "$1")
  setpriv --reuid="$asked_uid" --regid="$(id -g -- "$1")" --init-groups sleep 300 >/dev/null 2>&1 </dev/null &
  subjects="$subjects
$!"
  subject=$!,$(started_of "$!"),$asked_uid
}
started_of() { sed 's/.*) //' ./proc/"$1"/stat | cut -d ' ' -f 20; }
ask_action() {
  code=0
  timeout 30 pkcheck --action-id "$1" --process "$subject" --detail connect_driver QEMU --detail domain_name "$2" --detail domain_uuid "$3" >/dev/null 2>&1 </dev/null || code=$?
}
take_turn() {
  number=$((number + 1)) turn=0
}
is_my_turn() {
  turn=$((turn + 1))
  [ $((turn % count)) = $((number % count)) ]
}
ask() { ask_action ${DOMAIN_ACTION}"$1" "$2" "$3"; }`;

/**
 * Defines the function `members_of GROUP`: prints the users of a group, those too who have it for their first one, but
 * nobody that is root; fails where there is no such group.
 */
export const MEMBERS: Sh = sh`members_of() {
  entry=$(getent group "$1" </dev/null) || return 1
  gid=$(printf '%s\n' "$entry" | cut -d : -f 3)
  {
    printf '%s\n' "$entry" | cut -d : -f 4 | tr , '\n'
    getent passwd </dev/null | while IFS=: read -r user _ _ primary _; do
      [ "$primary" != "$gid" ] || printf '%s\n' "$user"
    done
  } | sort -u | while IFS= read -r user; do
    # A group may name users that there are no more.
    if [ -n "$user" ] && [ "$(id -u -- "$user" 2>/dev/null || echo 0)" != 0 ]; then printf '%s\n' "$user"; fi
  done
}`;

/** What an entry of the list is asked as: the name, or the UUID; the other one of both is one that no domain has. */
export const DETAILS: Sh = sh`free_uuid=$(cat ./proc/sys/kernel/random/uuid)
free_name=hookfleet-free-\${free_uuid%%-*}
details_of() {
  case $1 in
    ????????-????-????-????-????????????) asked_name=$free_name asked_uuid=$1 ;;
    *) asked_name=$1 asked_uuid=$free_uuid ;;
  esac
}`;
