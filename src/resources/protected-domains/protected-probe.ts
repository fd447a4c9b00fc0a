import { DENIED_PERMISSIONS } from '../../catalog/domain-permissions.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { DAEMON, NOTICED } from '../libvirt-hook/libvirt-hook-daemons.ts';
import { ASK, ASKED, DETAILS, MEMBERS, NO_ANSWER } from './protected-ask.ts';
import { LIST, type ProtectedDomainsWanted, RULES, rulesFile, STATE } from './protected-wanted.ts';

/** The daemons that access control of domains is configured for, the modular one first (libvirt: docs/daemons.rst). */
export const UNITS = ['virtqemud', 'libvirtd'] as const;

/** Where remote clients come in that are no users of the host, so that polkit cannot be asked about them. */
const REMOTE_SOCKETS = ['libvirtd-tcp', 'libvirtd-tls', 'virtproxyd-tcp', 'virtproxyd-tls'];

/**
 * Defines the function `unit_of`: leaves in `$unit` the daemon that is asked for domains, running or not; nothing
 * without libvirt.
 */
const UNIT: Sh = sh`unit_of() {
  for unit in ${UNITS}; do
    daemon "$unit"
    if [ -n "$pid" ]; then return 0; fi
    [ ! -d ./run/systemd/system ] || ! systemctl -q is-active "$unit.socket" || return 0
  done
  for unit in ${UNITS}; do
    [ ! -d ./run/systemd/system ] || ! systemctl -q is-enabled "$unit.socket" "$unit.service" 2>/dev/null || return 0
  done
  for unit in libvirtd virtqemud; do ! command -v "$unit" >/dev/null || return 0; done
  unit=
}`;

/**
 * Prints what of the protection is there. Where it is, and its text is the wanted one, also what polkit answers for each
 * operator, and what libvirt says when one of them asks it to resume a domain that runs already: both have no effect on a
 * domain, protected or not. No daemon is started by this.
 */
export function protectedProbe(wanted: ProtectedDomainsWanted): Sh {
  const { domains, operators } = wanted;
  const rules = [rulesFile(wanted, true), rulesFile(wanted, false)].map(({ sha256 }) => sha256);
  return sh`${DAEMON}
${UNIT}
[ ! -e ./usr/lib/systemd/system/vdsmd.service ] || echo V
for file in .${LIST} .${RULES}; do
  if [ -e "$file" ] || [ -h "$file" ]; then QUOTING_STYLE=literal stat --printf='F\t%f\t%U\t%G\t%n\n' -- "$file"; fi
done
set --
for file in .${LIST} .${RULES}; do
  if [ -f "$file" ] && [ ! -h "$file" ]; then set -- "$@" "$file"; fi
done
if [ $# -gt 0 ]; then
  sha256sum -- "$@"
  [ ! -e ./sys/fs/selinux/enforce ] || restorecon -n -v "$@"
fi
if [ -f .${RULES} ] && grep -q isInGroup .${RULES}; then echo H; fi
if [ -d .${STATE} ]; then
  for file in .${STATE}/*.before .${STATE}/*.none .${STATE}/playbook; do
    [ ! -f "$file" ] || printf 'Z\t%s\t%s\n' "\${file##*/}" "$(base64 -w0 <"$file")"
  done
fi
for unit in ${UNITS}; do
  conf=./etc/libvirt/$unit.conf
  if [ -f "$conf" ] && [ ! -h "$conf" ]; then
    printf 'C\t%s\t%s\t%s\n' "$unit" "$(stat -c %Y "$conf")" "$(base64 -w0 <"$conf")"
  elif [ -e "$conf" ] || [ -h "$conf" ]; then
    printf 'O\t%s\n' "$unit"
  fi
done
[ ! -d ./run/systemd/system ] || echo B
unit_of
[ -n "$unit" ] || exit 0
printf 'U\t%s\n' "$unit"
if [ -n "$pid" ]; then
  printf 'D\t%s\t%s\n' "$born" "$birth"
  printf 'A\t%s\n' "$(tr '\0\n\t' '   ' <./proc/"$pid"/cmdline)"
fi
[ ! -f .${NOTICED}/access."$unit" ] || printf 'K\t%s\n' "$(cat .${NOTICED}/access."$unit")"
${
  domains.length === 0
    ? sh`exit 0`
    : sh`${MEMBERS}
command -v pkcheck >/dev/null && printf 'Y\t%s\n' "$(pkcheck --version)"
for tool in setpriv virt-admin virsh; do command -v "$tool" >/dev/null || printf 'N\t%s\n' "$tool"; done
if [ -d ./run/systemd/system ]; then
  for socket in ${REMOTE_SOCKETS}; do
    ! systemctl -q is-active "$socket.socket" || printf 'T\t%s\n' "$socket.socket"
  done
fi
for file in ./etc/polkit-1/rules.d/*.rules ./run/polkit-1/rules.d/*.rules ./usr/local/share/polkit-1/rules.d/*.rules ./usr/share/polkit-1/rules.d/*.rules; do
  [ ! -f "$file" ] || printf 'E\t%s\n' "\${file#.}"
done
users=
for group in ${operators}; do
  if found=$(members_of "$group"); then
    users="$users
$found"
  else
    printf 'G\t%s\n' "$group"
  fi
done
users=$(printf '%s\n' "$users" | sort -u | sed '/^$/d')
set -f
IFS='
'
for user in $users; do printf 'M\t%s\n' "$user"; done
running=
if [ -n "$pid" ] && listed=$(timeout 30 virsh -r -q -c qemu:///system list --all --uuid --name </dev/null 2>/dev/null); then
  printf '%s\n' "$listed" | sed '/^ *$/d; s/^ */I\t/'
  running=$(timeout 30 virsh -r -q -c qemu:///system list --state-running --uuid --name </dev/null 2>/dev/null)
fi
case $(sha256sum <.${RULES} 2>/dev/null) in
  ${rules.map((digest, i) => (i === 0 ? sh`${digest}*` : sh`| ${digest}*`))}) ;;
  *) exit 0 ;;
esac
${proofs(domains)}`
}
exit 0`;
}

function proofs(domains: readonly string[]): Sh {
  const [first = '', ...others] = domains;
  return sh`${ASK}
${DETAILS}
silent=
prove() {
  [ -z "$silent" ] || return 0
  ask "$1" "$asked_name" "$asked_uuid"
  [ "$code" -lt ${NO_ANSWER} ] || silent=yes
  printf 'P\t%s\t%s\t%s\t%s\t%s\n' "$user" "$1" "$2" "$code" "$3"
}
is_listed() {
  for domain in ${domains}; do
    if [ "$domain" = "$1" ] || [ "$domain" = "$2" ]; then return 0; fi
  done
  return 1
}
number=0 count=$(printf '%s\n' "$users" | wc -l)
for user in $users; do
  subject_of "$user"
  asked_name=$free_name asked_uuid=$free_uuid
  prove stop yes ''
  details_of ${first}
  for permission in ${DENIED_PERMISSIONS}; do prove "$permission" no ${first}; done
  take_turn
  for domain in ${others}; do
    is_my_turn || continue
    details_of "$domain"
    prove stop no "$domain"
  done
done
${ASKED}
listed=
for line in $running; do
  line=\${line#"\${line%%[! ]*}"}
  uuid=\${line%% *}
  name=\${line#* }
  while :; do case $name in ' '*) name=\${name# } ;; *' ') name=\${name% } ;; *) break ;; esac; done
  ! is_listed "$name" "$uuid" || listed="$listed
$uuid $name"
done
number=0
for user in $users; do
  take_turn
  for line in $listed; do
    uuid=\${line%% *} name=\${line#* }
    # Everybody tries one, and each further one is tried by somebody.
    [ "$turn" = 0 ] || is_my_turn || continue
    # One that was paused since may be left so for a reason.
    [ "$(timeout 30 virsh -r -q -c qemu:///system domstate "$uuid" </dev/null 2>/dev/null)" = running ] || continue
    [ "$turn" != 0 ] || turn=1
    code=0
    said=$(timeout 30 setpriv --reuid="$(id -u -- "$user")" --regid="$(id -g -- "$user")" --init-groups env -i PATH="$PATH" LC_ALL=C HOME=/ virsh -q -c qemu:///system resume "$uuid" </dev/null 2>&1) || code=$?
    case $code:$said in
      # "access denied by policy" it says then, of the connection.
      *'failed to connect'*) verdict=unclear ;;
      *'access denied'*) verdict=denied ;;
      0:* | *'already running'*) verdict=allowed ;;
      *) verdict=unclear ;;
    esac
    printf 'R\t%s\t%s\t%s\t%s\n' "$user" "$name" "$verdict" "$(printf '%s\n' "$said" | tail -n 1 | tr '\t' ' ')"
  done
done`;
}
