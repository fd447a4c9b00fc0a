import { sh } from '../../core/sh.ts';

/**
 * A stand-in for engine-config: `-g KEY`, `-g KEY --cver=LEVEL` and `-s KEY=VALUE --cver=LEVEL`. Its rows are files,
 * `KEY@LEVEL`. It takes every value; the real one checks the grammar.
 */
export const ENGINE_CONFIG = sh`#!/bin/sh
store=$ROOT/var/lib/ovirt-engine/vdc_options
say() { printf '%s\n' "$*"; exit 1; }
echo 'Picked up JAVA_TOOL_OPTIONS: -Dcom.redhat.fips=false' >&2
level=\${3#--cver=}
case "$#$1\${3:+ --cver=$level}" in
  '2-g')
    for row in "$store/$2"@*; do
      [ -f "$row" ] || say "Error fetching $2 value: no such entry. Please verify key name and property file support."
      printf '%s: %s version: %s\n' "$2" "$(cat "$row")" "\${row##*@}"
    done ;;
  "3-g $3")
    [ -f "$store/$2@$level" ] || say "Error fetching $2 value: no such entry with version '$level'."
    printf '%s\n' "$(cat "$store/$2@$level")" ;;
  "3-s $3")
    key=\${2%%=*}
    [ -f "$store/$key@$level" ] || say "Error setting $key's value. No such entry with version $level."
    printf '%s' "\${2#*=}" >"$store/$key@$level" ;;
  *)
    echo "the engine-config of the demo does not understand: engine-config $*" >&2
    exit 99 ;;
esac
`;

/**
 * A stand-in for curl, which answers for the engine alone: once after each start that it is not ready, then that it is
 * well (engine: HealthStatus.java).
 */
export const CURL = sh`#!/bin/sh
for url do :; done
starting=$ROOT/run/ovirt-engine.starting
case "$*" in
  *"-w \n%{http_code} "*"--url http://localhost/ovirt-engine/services/health") ;;
  *--url\ *) echo "the curl of the demo knows the engine's health page alone, not $url" >&2; printf '\n000'; exit 6 ;;
  *) echo "the curl of the demo does not understand: curl $*" >&2; exit 99 ;;
esac
if [ -e "$starting" ]; then
  rm -f -- "$starting"
  printf 'Service Unavailable\n503'
elif grep -q '^ActiveState=active$' "$ROOT/run/systemd/units/ovirt-engine"; then
  printf 'DB Up!Welcome to Health Status!\n200'
else
  printf '\n000'
  exit 7
fi
`;
