import { sh } from '../../core/sh.ts';

/**
 * A stand-in for systemctl. A unit is a file of `Property=value` lines, in the folder run/systemd/units of the host. It
 * knows `show -p PROPERTY… UNIT…`, `start`, `stop`, `restart`, `enable`, `disable` and `is-active --quiet`.
 */
export const SYSTEMCTL = sh`#!/bin/sh
refuse() { echo "the systemctl of the demo does not understand: systemctl $*" >&2; exit 99; }
all=$*
units=$ROOT/run/systemd/units
verb=$1 properties=
case $verb in show | start | stop | restart | enable | disable | is-active) shift ;; *) refuse "$all" ;; esac
while :; do
  case "$verb \${1-}" in
    'show -p') properties="$properties $2"; shift 2 ;;
    'is-active --quiet') shift ;;
    *' --') shift; break ;;
    *' -'*) refuse "$all" ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || refuse "$all"

# UNIT SED-SCRIPT: changes the unit's properties.
change() {
  text=$(sed "$2" "$units/$1") && printf '%s\n' "$text" >"$units/$1"
}
separate=
for unit do
  unit=\${unit%.service}
  case $verb in
    show)
      printf '%s' "$separate"
      separate='
'
      for property in $properties; do
        if [ -f "$units/$unit" ]; then
          grep "^$property=" "$units/$unit" || refuse "$all"
          continue
        fi
        case $property in
          LoadState) echo 'LoadState=not-found' ;;
          ActiveState) echo 'ActiveState=inactive' ;;
          *) echo "$property=" ;;
        esac
      done
      continue ;;
    is-active) grep -q '^ActiveState=active$' "$units/$unit" 2>/dev/null || exit 3 ;;
  esac
  [ -f "$units/$unit" ] || { echo "Unit $unit.service not found." >&2; exit 5; }
  case $verb in
    start | restart)
      now=$(date +%s)
      change "$unit" "s/^ActiveState=.*/ActiveState=active/
s/^InvocationID=.*/InvocationID=$now$$/
s/^ActiveEnterTimestampMonotonic=.*/ActiveEnterTimestampMonotonic=$now/"
      : >"$ROOT/run/$unit.starting" ;;
    stop) change "$unit" 's/^ActiveState=.*/ActiveState=inactive/' ;;
    enable) change "$unit" 's/^UnitFileState=.*/UnitFileState=enabled/' ;;
    disable) change "$unit" 's/^UnitFileState=.*/UnitFileState=disabled/' ;;
  esac
done
`;
