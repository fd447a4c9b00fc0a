import { DEPLOYED_DRIVERS, driverHooks } from '../../catalog/libvirt-drivers.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { PLACED_LIST } from '../files/placed-list.ts';
import { programsThere } from '../files/printed.ts';
import { DAEMON, NOTICED } from './libvirt-hook-daemons.ts';
import { OWNER_OF } from './libvirt-hook-owner.ts';

/** Where libvirt looks for hooks; compiled in by the distributions (libvirt: src/util/virhook.c). */
export const LIBVIRT_HOOKS = '/etc/libvirt/hooks';

/** The exit code of the probe where the list of placed files is there and cannot be read. */
export const UNREADABLE_LIST = 74;

/** What to look at besides what lies in the folders. */
export interface LibvirtHooksQuestion {
  readonly paths: readonly string[];
  /** A path, or a name to look for in the PATH. */
  readonly programs: readonly string[];
  readonly drivers: readonly (typeof DEPLOYED_DRIVERS)[number][];
}

/**
 * Prints all that lies in the folders of the drivers, hidden files too, since libvirt runs whatever has an x bit
 * (src/util/virhook.c, virFileIsExecutable); the daemons that run, the version of libvirt, and who owns what hookfleet
 * did not place as it is. A daemon whose program was replaced since its start is asked itself for its version.
 */
export function libvirtHooksProbe({ paths, programs, drivers }: LibvirtHooksQuestion): Sh {
  const units = [...new Set(drivers.flatMap(driver => driverHooks(driver).daemons.map(({ unit }) => unit)))];
  return sh`tab=$(printf '\t')
nl='
'
${OWNER_OF}
${DAEMON}
[ -e ./usr/lib/systemd/system/vdsmd.service ] && echo V
${programsThere(programs)}
version=
for unit in ${units}; do
  daemon "$unit"
  [ -n "$pid" ] || continue
  printf 'D\t%s\t%s\t%s\n' "$unit" "$looked" "$identity"
  [ -z "$version" ] || continue
  case $(readlink ./proc/"$pid"/exe) in
    *' (deleted)') version=$(timeout 20 virsh -r -q version --daemon </dev/null | sed -n 's/^Running against daemon: //p') ;;
    *) version=$("$unit" --version </dev/null) ;;
  esac
done
for unit in libvirtd virtqemud virtnetworkd; do
  [ -z "$version" ] && command -v "$unit" >/dev/null && version=$("$unit" --version </dev/null)
done
printf 'B\t%s\n' "$version"
for file in .${NOTICED}/*; do
  [ -f "$file" ] && printf 'K\t%s\t%s\n' "\${file##*/}" "$(cat "$file")"
done
set --
for folder in .${LIBVIRT_HOOKS} ${DEPLOYED_DRIVERS.map(driver => `.${LIBVIRT_HOOKS}/${driver}.d`)}; do
  if [ -e "$folder" ] || [ -h "$folder" ]; then set -- "$@" "$folder"; fi
done
for driver in ${DEPLOYED_DRIVERS}; do
  folder=.${LIBVIRT_HOOKS}/$driver.d
  for file in .${LIBVIRT_HOOKS}/"$driver" "$folder"/* "$folder"/.[!.]* "$folder"/..?*; do
    if [ -e "$file" ] || [ -h "$file" ]; then :; else continue; fi
    case $file in
      *"$tab"* | *"$nl"* | *' -> '*) if [ -f "$file" ] && [ -x "$file" ]; then printf 'O\t%s\n' "\${folder#.}"; fi ;;
      *) set -- "$@" "$file" ;;
    esac
  done
done
if [ $# -gt 0 ]; then
  QUOTING_STYLE=literal stat --printf='S\t%f\t%U\t%G\t%Z\t%N\n' -- "$@"
  stat -L --printf='X\t%f\t%Z\t%n\n' -- "$@" 2>/dev/null
fi
known=$nl
set -f
IFS=$nl
if [ -e .${PLACED_LIST} ]; then
  placed=$(cat .${PLACED_LIST}) || exit ${UNREADABLE_LIST}
  for line in $placed; do
    printf 'L\t%s\n' "$line"
    path=\${line%%"$tab"*} digest=\${line#*"$tab"}
    known=$known\${digest%%"$tab"*}"  .$path$nl"
  done
fi
unset IFS
set +f
for file do
  shift
  [ ! -f "$file" ] || [ -h "$file" ] || set -- "$@" "$file"
done
[ $# -eq 0 ] || sha256sum -- "$@"
for driver in ${DEPLOYED_DRIVERS}; do
  folder=.${LIBVIRT_HOOKS}/$driver.d
  for file in .${LIBVIRT_HOOKS}/"$driver" "$folder"/* "$folder"/.[!.]* "$folder"/..?*; do
    [ -f "$file" ] || continue
    case $file in *"$tab"* | *"$nl"*) continue ;; esac
    if [ ! -h "$file" ]; then case $known in *"$nl$(sha256sum -- "$file")$nl"*) continue ;; esac; fi
    if owner_of "\${file#.}"; then printf 'W\t%s\t%s\n' "\${file#.}" "$owner"; fi
  done
done
set --
for file in ${paths.map(path => `.${path}`)}; do
  if [ -f "$file" ] && [ ! -h "$file" ]; then set -- "$@" "$file"; fi
done
[ $# -eq 0 ] || [ ! -e ./sys/fs/selinux/enforce ] || restorecon -n -v "$@"
exit 0`;
}
