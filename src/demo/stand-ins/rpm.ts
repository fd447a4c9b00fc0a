import { sh } from '../../core/sh.ts';

/**
 * A stand-in for rpm. Its database is the folder var/lib/rpm of the host: one manifest a package, as manifest.ts writes
 * it. It knows `-q`, `-qf`, `-qa` with `--qf`, and `-e --test`; anything else is refused, so that it can never be
 * mistaken for an answer.
 */
export const RPM = sh`#!/bin/sh
refuse() { echo "error: the rpm of the demo does not understand: rpm $*" >&2; exit 99; }
db=$ROOT/var/lib/rpm
case "$1 $2" in
  '-q --qf' | '-qf --qf' | '-qa --qf') mode=$1 format=$3; shift 3 ;;
  '-e --test') mode=-e format=; shift 2 ;;
  *) refuse "$@" ;;
esac
case "$mode \${1-}" in
  '-qa ') ;;
  *' --') shift ;;
  *) refuse "$mode" "$@" ;;
esac
export mode format
{
  for asked do
    printf 'A\t%s\n' "$asked"
    [ "$mode" != -qf ] || [ ! -e "$ROOT$asked" ] || printf 'T\t%s\n' "$asked"
  done
  cat "$db"/* 2>/dev/null
} | awk -F '\t' '
function fail(text) { print "error: the rpm of the demo does not know " text | "cat >&2"; exit 99 }
function expand(text,   done, tag) {
  while (match(text, /%[{][^}]*[}]/)) {
    tag = substr(text, RSTART + 2, RLENGTH - 3)
    sub(/^=/, "", tag)
    if (!(tag in value)) fail("the tag " tag)
    done = done substr(text, 1, RSTART - 1) value[tag]
    text = substr(text, RSTART + RLENGTH)
  }
  return done text
}
function show(name,   i, part) {
  split(package[name], part, "\t")
  value["NAME"] = part[2]; value["EPOCHNUM"] = part[3]; value["VERSION"] = part[4]
  value["RELEASE"] = part[5]; value["ARCH"] = part[6]; value["FILEDIGESTALGO"] = 8
  printf "%s", expand(before)
  for (i = 1; each != "" && i <= files[name]; i++) {
    split(file[name, i], part, "\t")
    value["FILENAMES"] = part[2]; value["FILEMODES:octal"] = part[3]; value["FILEUSERNAME"] = part[4]
    value["FILEGROUPNAME"] = part[5]; value["FILEFLAGS"] = 0; value["FILESTATES"] = 0
    value["FILEDIGESTS"] = part[6]; value["FILELINKTOS"] = part[7]
    printf "%s", expand(each)
  }
  printf "%s", expand(after)
}
BEGIN {
  format = ENVIRON["format"]; mode = ENVIRON["mode"]
  gsub(/\\t/, "\t", format); gsub(/\\n/, "\n", format)
  before = format
  if (match(format, /\[[^]]*\]/)) {
    before = substr(format, 1, RSTART - 1)
    each = substr(format, RSTART + 1, RLENGTH - 2)
    after = substr(format, RSTART + RLENGTH)
  }
}
$1 == "A" { asked[++count] = $2 }
$1 == "T" { there[$2] }
$1 == "P" { name = $2; package[name] = $0; names[++packages] = name }
$1 == "F" { file[name, ++files[name]] = $0; owner[$2] = name }
$1 == "R" { needed[$2] = needed[$2] "\t" $2 " is needed by (installed) " name "\n" }
END {
  if (mode == "-qa") for (i = 1; i <= packages; i++) show(names[i])
  for (i = 1; i <= count; i++) {
    one = asked[i]
    if (mode == "-q" && one in package) show(one)
    else if (mode == "-q") { print "package " one " is not installed"; status = 1 }
    else if (mode == "-qf" && one in owner) show(owner[one])
    else if (mode == "-qf" && one in there) { print "file " one " is not owned by any package"; status = 1 }
    else if (mode == "-qf") { print "error: file " one ": No such file or directory" | "cat >&2"; status = 1 }
    else if (mode == "-e" && !(one in package)) { print "error: package " one " is not installed" | "cat >&2"; status = 1 }
    else if (mode == "-e" && one in needed) { printf "error: Failed dependencies:\n%s", needed[one] | "cat >&2"; status = 1 }
  }
  exit status
}'
`;
