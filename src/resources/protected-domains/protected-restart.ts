import { callsOf } from '../../catalog/libvirt-gates.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import { noteNoticed } from '../libvirt-hook/libvirt-hook-daemons.ts';
import { prepareCalls } from '../libvirt-hook/libvirt-hook-dry-run.ts';
import { LIBVIRT_HOOKS } from '../libvirt-hook/libvirt-hook-probe.ts';

/** Drivers whose hooks are called for every running guest when their daemon starts, and end it where they fail. */
const RECONNECTING = ['qemu', 'lxc', 'libxl'];

/** Any libvirt that has hooks at all calls it so. */
const RECONNECT = callsOf('qemu', '12.8.0', []).filter(({ operation }) => operation === 'reconnect');

/**
 * Calls every hook of the host for `reconnect`, in the fence, with a guest that does not exist, and stops where one of
 * them would end guests. A part of a step under `set -e`, behind `UNDO`.
 */
export const TRY_RECONNECT: Sh = sh`work=$(mktemp -d ./run/hookfleet.XXXXXX)
chmod 0755 "$work"
new=
${prepareCalls('name', RECONNECT)}
for driver in ${RECONNECTING}; do
  for file in .${LIBVIRT_HOOKS}/"$driver" .${LIBVIRT_HOOKS}/"$driver".d/* .${LIBVIRT_HOOKS}/"$driver".d/.[!.]* .${LIBVIRT_HOOKS}/"$driver".d/..?*; do
    if [ ! -f "$file" ] || [ ! -x "$file" ]; then continue; fi
    target=\${file#.${LIBVIRT_HOOKS}/}
    said=$(fence root 2>"$work/trouble") || :
    case $said in
      *"V$tab"root"$tab"*)
        call=$(printf '%s\n' "$said" | sed -n "s/^V$tab//p" | head -n 1)
        words=$(printf '%s\n' "$call" | cut -f 7 | base64 -d | tail -n 1)
        stop hook "$target|$(printf '%s\n' "$call" | cut -f 4)|$(printf '%s\n' "$call" | cut -f 5)|$words" ;;
      "E$tab"root) ;;
      *) stop fence "$target|$(tail -n 1 "$work/trouble")" ;;
    esac
  done
done`;

/** Who tries a configuration: a daemon of that user reads it and ends, since it can write its number nowhere. */
const NOBODY = 65534;

/**
 * Defines the functions `try_conf FILE`, which lets the daemon's own parser read a configuration, and stops where it could
 * not start with it (run with 9.0.0: before it looks for hooks, sockets and drivers); `restart`, which restarts `$unit` and
 * sees that it answers; `see_guests`, which sees that every guest runs on in its own process; `start_anew`, which brings the
 * daemon up again after a failed start has taken its sockets along; and `not_running UNIT`, which stops where it runs.
 */
export const RESTART: Sh = sh`try_conf() {
  tried=$(mktemp -d ./run/hookfleet.XXXXXX)
  cat "$1" >"$tried/conf"
  chown -R ${NOBODY}:${NOBODY} "$tried"
  read_so=$(setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups env -i PATH="$PATH" LC_ALL=C HOME=/nonexistent XDG_RUNTIME_DIR=/nonexistent timeout 20 "$unit" -f "$ROOT/\${tried#./}/conf" -p /nonexistent/pid </dev/null 2>&1) || :
  rm -rf -- "$tried"
  case $read_so in
    *"Can't load config file"*denied*) ;;
    *"Can't load config file"*) stop conf "$unit|$(printf '%s\n' "$read_so" | sed -n "s/.*Can't load config file: //p" | sed 's|[^ ]*/conf:|line |; s|: [^ ]*/conf$||' | tail -n 1)" ;;
  esac
}
guests_of() {
  for file in ./run/libvirt/qemu/*.pid; do
    [ -f "$file" ] || continue
    name=\${file##*/}
    name=\${name%.pid}
    [ "$name" != driver ] || continue
    guest=$(cat "$file")
    if [ -r ./proc/"$guest"/stat ]; then
      printf '%s %s %s\n' "$guest" "$(sed 's/.*) //' ./proc/"$guest"/stat | cut -d ' ' -f 20)" "$name"
    fi
  done
}
start_anew() {
  systemctl stop "$unit.service" >/dev/null 2>&1 || :
  systemctl reset-failed "$unit.service" $sockets >/dev/null 2>&1 || :
  for socket in $sockets; do systemctl start "$socket" >/dev/null; done
  systemctl start "$unit.service" >/dev/null
}
answers() { timeout 15 virsh -r -q -c qemu:///system list --name </dev/null 2>/dev/null >"$undo/active"; }
restart() {
  sockets=
  for socket in "$unit.socket" "$unit-ro.socket" "$unit-admin.socket"; do
    ! systemctl -q is-active "$socket" || sockets="$sockets $socket"
  done
  guests_of >"$undo/guests"
  # A daemon that starts in the second in which its configuration was written would seem to be older than that.
  tries=0
  while [ "$tries" -lt 10 ] && [ "$(date +%s)" -le "$(stat -c %Y ./etc/libvirt/"$unit.conf" 2>/dev/null || echo 0)" ]; do
    tries=$((tries + 1))
    sleep 0.2
  done
  daemon "$unit"
  was=$birth since=$(date +%s)
  restarted=yes
  # systemd starts nothing that was started five times in ten seconds, and has stopped it by then.
  systemctl reset-failed "$unit.service" >/dev/null 2>&1 || :
  systemctl restart "$unit.service" >/dev/null 2>"$undo/trouble" || failed_to_restart
  tries=0
  until answers; do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || stop silentdaemon "$unit"
    sleep 1
  done
}
failed_to_restart() {
  daemon "$unit"
  if [ -n "$pid" ] && [ "$birth" = "$was" ]; then
    # It was not even stopped, and would be by another try.
    restarted=
    stop unrestarted "$unit|$(tail -n 1 "$undo/trouble" | sed 's/\.$//')"
  fi
  stop daemon "$unit|$(journalctl -q -u "$unit.service" -o cat --since "@$since" -n 20 --no-pager 2>/dev/null | grep -i error | tail -n 1)"
}
# A daemon that was to read it at its next start may have been started just before.
not_running() {
  daemon "$1"
  [ -z "$pid" ] || stop appeared "$1"
}
# Guests come back one by one, in the daemon's own time.
see_guests() {
  tries=0
  while :; do
    lost=
    while read -r guest began name; do
      now=$(sed 's/.*) //' ./proc/"$guest"/stat 2>/dev/null | cut -d ' ' -f 20)
      if [ "$now" != "$began" ] || ! grep -qxF -- "$name" "$undo/active"; then lost="$lost, $name"; fi
    done <"$undo/guests"
    [ -n "$lost" ] || break
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || stop guests "\${lost#, }"
    sleep 1
    answers || :
  done
}`;

/** Notes that the daemon that runs has loaded the access control. */
export function noteLoaded(unit: string): Sh {
  return lines([sh`daemon ${unit}`, noteNoticed('access', unit, sh`"$birth"`)]);
}
