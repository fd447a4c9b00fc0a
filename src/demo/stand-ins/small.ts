import { type Sh, sh } from '../../core/sh.ts';

// In all of these, whoever runs the demo is root on its hosts: a file of theirs is root's there.

const ID = sh`#!/bin/sh
case "$*" in
  -u) echo 0 ;;
  '-u vdsm') echo 36 ;;
  *) echo "the id of the demo does not understand: id $*" >&2; exit 99 ;;
esac
`;

const RUNUSER = sh`#!/bin/sh
case "$1 $2 $3" in
  '-u vdsm --') shift 3; exec "$@" ;;
  *) echo "the runuser of the demo does not understand: runuser $*" >&2; exit 99 ;;
esac
`;

/** `ls` says it all in a form that POSIX has settled; GNU's and BSD's stat share no option. */
const STAT = sh`#!/bin/sh
case $1 in
  '--printf=S\t%f\t%U\t%G\t%N\n') shift ;;
  *) echo "the stat of the demo does not understand: stat $*" >&2; exit 99 ;;
esac
[ "$1" != -- ] || shift
{ ls -ldn -- "$ROOT/."; ls -ldn -- "$@"; } | awk '
function triple(text, high, low,   bits) {
  bits = 4 * (substr(text, 1, 1) == "r") + 2 * (substr(text, 2, 1) == "w") + (substr(text, 3, 1) ~ /[xst]/)
  return bits * high + low * (substr(text, 3, 1) ~ /[sStT]/)
}
function name(id, mine) { return id == mine ? "root" : id == 36 ? "vdsm" : id }
NR == 1 { user = $3; group = $4; next }
{
  kind = substr($1, 1, 1)
  type = kind == "-" ? 32768 : kind == "l" ? 40960 : kind == "d" ? 16384 : 4096
  mode = triple(substr($1, 2, 3), 64, 2048) + triple(substr($1, 5, 3), 8, 1024) + triple(substr($1, 8, 3), 1, 512)
  found = "S\t" sprintf("%x", type + mode) "\t" name($3, user) "\t" name($4, group)
  for (i = 1; i <= 8; i++) sub(/^[^ ]+ +/, "")
  print found "\t" $0
}'
`;

const CHOWN = sh`#!/bin/sh
[ "$1" != -h ] || shift
[ "$1" != -- ] || shift
case $1 in
  root:root) shift ;;
  *) echo "the chown of the demo knows root:root alone, not: chown $*" >&2; exit 99 ;;
esac
[ "$1" != -- ] || shift
PATH=\${PATH#*:}
owner() { ls -ldn -- "$1" | awk '{ print $3 ":" $4 }'; }
root=$(owner "$ROOT/.")
for file do
  [ "$(owner "$file")" = "$root" ] || chown -h "$root" "$file" || exit 1
done
`;

const TIMEOUT = sh`#!/bin/sh
case "$1 $2" in
  '-k 5') shift 3; exec "$@" ;;
  *) echo "the timeout of the demo does not understand: timeout $*" >&2; exit 99 ;;
esac
`;

const LOCALE = sh`#!/bin/sh
case "$*" in
  charmap) echo UTF-8 ;;
  *) echo "the locale of the demo does not understand: locale $*" >&2; exit 99 ;;
esac
`;

/** A simulated host need not survive a loss of power. */
const SYNC = sh`#!/bin/sh
`;

/** What no ordinary user may do, or what differs between systems. */
export const SMALL_STAND_INS: Readonly<Record<string, Sh>> = {
  id: ID,
  runuser: RUNUSER,
  stat: STAT,
  chown: CHOWN,
  timeout: TIMEOUT,
  locale: LOCALE,
  sync: SYNC,
};
