import { type Sh, sh } from '../../core/sh.ts';

/**
 * A stand-in for dnf, with one repository: a folder a package, its manifest and its files as they are to lie on the
 * host. It knows `-y install NAME…`, `-y reinstall NAME-EVRA…` and `-y remove NAME…` behind `--`, and refuses anything
 * else. Settings (`--setopt`) make no difference where each package has one version.
 *
 * @param repository the folder's path, absolute.
 */
export function dnf(repository: string): Sh {
  return sh`#!/bin/sh
refuse() { echo "the dnf of the demo does not understand: $*" >&2; exit 99; }
all="dnf $*"
repository=${repository}
db=$ROOT/var/lib/rpm
tab=$(printf '\t')
yes= verb=
while [ $# -gt 0 ]; do
  case $1 in
    --setopt=?*) ;;
    -y) yes=1 ;;
    install | reinstall | remove) [ -z "$verb" ] || refuse "$all"; verb=$1 ;;
    --) shift; break ;;
    *) refuse "$all" ;;
  esac
  shift
done
[ "$yes" ] && [ "$verb" ] && [ $# -gt 0 ] || refuse "$all"

# MANIFEST: takes the files of a package off the disk.
take_off() {
  while IFS=$tab read -r tag path _; do
    [ "$tag" != F ] || set -- "$@" "$ROOT$path"
  done <"$1"
  shift
  rm -f -- "$@"
}
# NAME: puts the files of a package on the disk, and its manifest into the database.
put_on() {
  take_off "$repository/$1/manifest"
  cp -RPp "$repository/$1/files/." "$ROOT/" && cp "$repository/$1/manifest" "$db/$1"
}
# NAME: the packages that it requires.
requirements() {
  while IFS=$tab read -r tag name _; do [ "$tag" != R ] || echo "$name"; done <"$repository/$1/manifest"
}

case $verb in
  install)
    missing=
    for name do
      [ -f "$repository/$name/manifest" ] || { echo "No match for argument: $name"; missing="$missing, $name"; }
    done
    [ -z "$missing" ] || { echo "Error: Unable to find a match: \${missing#, }" >&2; exit 1; }
    while [ $# -gt 0 ]; do
      name=$1
      shift
      [ ! -f "$db/$name" ] || continue
      [ -f "$repository/$name/manifest" ] || { echo "Error: nothing provides $name" >&2; exit 1; }
      set -- "$@" $(requirements "$name")
      put_on "$name" || exit 1
    done ;;
  reinstall)
    for spec do
      found=
      for manifest in "$db"/*; do
        IFS=$tab read -r _ name epoch version release arch <"$manifest"
        [ "$spec" != "$name-$epoch:$version-$release.$arch" ] || found=$name
      done
      [ "$found" ] || { echo "Error: Unable to find a match: $spec" >&2; exit 1; }
      put_on "$found" || exit 1
    done ;;
  remove)
    for name do
      [ -f "$db/$name" ] || { echo "No match for argument: $name"; continue; }
      take_off "$db/$name" && rm -f -- "$db/$name"
    done ;;
esac
echo 'Complete!'
`;
}
