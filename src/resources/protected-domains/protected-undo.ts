import { type Sh, sh } from '../../core/sh.ts';
import { UNFINISHED } from '../files/place-file.ts';
import { ASKED } from './protected-ask.ts';
import { STATE, WRITTEN_BY } from './protected-wanted.ts';

/** The exit code of a step that was stopped by one of its guards. */
export const STOPPED = 84;

/**
 * Defines what a step needs to leave a host as it was where it does not come to its end.
 *
 * - `stop WORD DETAIL`: ends the step; what it says is told by `explainStop`.
 * - `keep NAME PATH`: keeps a file for `take_back`, or that there is none.
 * - `take_back`: brings back what was kept, and the daemon `$unit` where it was restarted; run at the end unless `$done`.
 *   As long as libvirt asks polkit, those who may use it need the rules: they go back after its configuration and its
 *   restart, and stay where that cannot be brought back.
 * - `remember NAME PATH`: keeps a file for the day on which nothing is protected any more.
 * - `renew PATH`: replaces a file by what stdin brings, with its owner and mode.
 */
export const UNDO: Sh = sh`undo=$(mktemp -d ./run/hookfleet.XXXXXX)
work= tried= new= kept_as= kept= kept_confs= done= restarted= subjects= fresh=yes
[ ! -d .${STATE} ] || fresh=
tab=$(printf '\t')
stop() {
  printf 'G\t%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\n\t' '  ')"
  printf '%s\n' "$2" | tr '|' ' ' >&2
  exit ${STOPPED}
}
keep() {
  if [ -e ".$2" ]; then cp -a -- ".$2" "$undo/$1"; else : >"$undo/$1.none"; fi
  case $2 in
    *.conf) kept_confs="$kept_confs$1 $2
" ;;
    *) kept="$kept$1 $2
" ;;
  esac
}
renew() {
  new=$(mktemp ".\${1%/*}/${UNFINISHED}XXXXXX")
  if [ -e ".$1" ]; then cp -a -- ".$1" "$new"; else chmod 0644 "$new"; fi
  cat >"$new"
  sync -- "$new"
  mv -fT -- "$new" ".$1"
  if [ -e ./sys/fs/selinux/enforce ]; then restorecon ".$1"; fi
}
remember() {
  if [ -e .${STATE}/"$1.before" ] || [ -e .${STATE}/"$1.none" ]; then return 0; fi
  mkdir -p -m 0700 .${STATE}
  # Of its own, where the folder is new and they are not, none is what was there before.
  if [ -e ".$2" ] && ! head -n 1 ".$2" | grep -q ${WRITTEN_BY}; then
    kept_as=$(mktemp .${STATE}/${UNFINISHED}XXXXXX)
    cp -a -- ".$2" "$kept_as"
    sync -- "$kept_as"
    mv -fT -- "$kept_as" .${STATE}/"$1.before"
  else
    : >.${STATE}/"$1.none"
  fi
}
bring_back() {
  back=$(mktemp ".\${2%/*}/${UNFINISHED}XXXXXX") && cp -a -- "$1" "$back" && sync -- "$back" && mv -fT -- "$back" ".$2" && return 0
  rm -f -- "$back"
  return 1
}
# A full disk takes nothing anew, and need not where nothing has changed.
is_as_kept() { [ "$(state_of "$1")" = "$(state_of "$2")" ]; }
state_of() { stat -c %a:%u:%g -- "$1" && sha256sum <"$1"; }
put_back() {
  while read -r name path; do
    if [ -z "$name" ]; then continue; fi
    if [ -e "$undo/$name.none" ]; then
      rm -f -- ".$path" || return 1
    else
      is_as_kept "$undo/$name" ".$path" || bring_back "$undo/$name" "$path" || return 1
    fi
  done <<END
$1
END
}
take_back() {
  bad=
  put_back "$kept_confs" || return 1
  if [ -n "$restarted" ]; then start_anew || bad=yes; fi
  put_back "$kept" || return 1
  if [ -n "$fresh" ]; then rm -rf -- .${STATE} || return 1; fi
  [ -z "$bad" ]
}
finish() {
  code=$?
  trap '' HUP PIPE TERM
  set +e +f
  unset IFS
  if [ -z "$done" ] && ! take_back >"$undo/said" 2>&1; then
    printf 'B\t%s\n' "$(tail -n 1 "$undo/said" | tr '\t' ' ')"
  fi
  ${ASKED}
  rm -rf -- "$undo" "$work" "$tried" "$new" "$kept_as"
  exit "$code"
}
trap finish EXIT
trap 'exit 143' HUP PIPE TERM`;
