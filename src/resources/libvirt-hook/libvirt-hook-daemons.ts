import { type Sh, sh } from '../../core/sh.ts';

/** Where a host keeps, until it is booted anew, which running daemon is known to look for hooks of which driver. */
export const NOTICED = '/run/hookfleet-libvirt';

/** A daemon of libvirt that runs. */
export interface RunningDaemon {
  readonly unit: string;
  /** When it last looked whether there are hooks at all: at its start or at its last reload, in seconds since 1970. */
  readonly looked: number;
  /** Another one after each start and, as far as systemd knows of it, after each reload. */
  readonly identity: string;
}

/**
 * Defines the function `daemon UNIT`: leaves in `$pid` the process of a libvirt daemon that runs, else nothing; in
 * `$looked` and `$identity` what {@link RunningDaemon} says; in `$born` when it started, in seconds since 1970, and in `$birth`
 * what another start would change. libvirt looks whether a driver has hooks when the daemon
 * starts, before it tells systemd so, and at SIGHUP (src/util/virhook.c; run with 9.0.0 and 12.8.0).
 */
export const DAEMON: Sh = sh`daemon() {
  pid= looked=0 identity= born=0 birth=
  if [ ! -d ./run/systemd/system ]; then
    [ -r ./run/"$1".pid ] && [ "$(cat ./proc/"$(cat ./run/"$1".pid)"/comm 2>/dev/null)" = "$1" ] || return 0
    pid=$(cat ./run/"$1".pid)
    ticks=$(sed 's/.*) //' ./proc/"$pid"/stat | cut -d ' ' -f 20)
    identity=$pid/$ticks birth=$pid/$ticks
    looked=$(($(sed -n 's/^btime //p' ./proc/stat) + ticks / $(getconf CLK_TCK)))
    born=$looked
    return 0
  fi
  shown=$(TZ=UTC systemctl show -p MainPID -p ExecMainStartTimestamp -p ExecMainStartTimestampMonotonic -p ActiveEnterTimestampMonotonic -p StateChangeTimestamp -p StateChangeTimestampMonotonic -p ReloadResult -- "$1.service")
  started= began=0 active=0 changed= last=0 reload=
  while IFS='=' read -r key value; do
    case $key in
      MainPID) pid=$value ;;
      ExecMainStartTimestamp) started=$value ;;
      ExecMainStartTimestampMonotonic) began=$value ;;
      ActiveEnterTimestampMonotonic) active=$value ;;
      StateChangeTimestamp) changed=$value ;;
      StateChangeTimestampMonotonic) last=$value ;;
      ReloadResult) reload=$value ;;
    esac
  done <<END
$shown
END
  if [ "\${pid:-0}" = 0 ]; then pid=; return 0; fi
  identity=$pid/$began/$last birth=$pid/$began
  born=$(date -d "$started" +%s)
  # Only a reload brings an active unit into another state and back; old systemd does not tell how it went.
  if [ "$active" -gt "$began" ] && [ "$last" -gt "$active" ] && [ "$reload" = success ]; then started=$changed; fi
  looked=$(date -d "$started" +%s)
}`;

/** Notes that a daemon looks for the hooks of a driver, as long as it runs and nobody reloads it. */
export function noteNoticed(driver: string, unit: string, identity: Sh): Sh {
  return sh`mkdir -p -m 0755 .${NOTICED}
printf '%s\n' ${identity} >.${NOTICED}/.new
mv -fT .${NOTICED}/.new .${NOTICED}/${`${driver}.${unit}`}`;
}
