import { type Sh, sh } from '../../core/sh.ts';
import { UNFINISHED } from '../files/place-file.ts';
import { ASKED } from './protected-ask.ts';
import { STATE } from './protected-wanted.ts';

/** The exit code of a step that was stopped by one of its guards. */
export const STOPPED = 84;

/**
 * Defines what a step needs to leave a host as it was where it does not come to its end.
 *
 * - `stop WORD DETAIL`: ends the step; what it says is told by `explainStop`.
 * - `keep NAME PATH`: keeps a file for `take_back`, or that there is none.
 * - `take_back`: brings back what was kept, and the daemon `$unit` where it was restarted; run at the end unless `$done`.
 * - `remember NAME PATH`: keeps a file for the day on which nothing is protected any more.
 * - `renew PATH`: replaces a file by what stdin brings, with its owner and mode.
 */
export const UNDO: Sh = sh`undo=$(mktemp -d ./run/hookfleet.XXXXXX)
work= kept= done= restarted= subjects= fresh=yes
[ ! -d .${STATE} ] || fresh=
tab=$(printf '\t')
stop() {
  printf 'G\t%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\n\t' '  ')"
  printf '%s\n' "$2" | tr '|' ' ' >&2
  exit ${STOPPED}
}
keep() {
  if [ -e ".$2" ]; then cp -a -- ".$2" "$undo/$1"; else : >"$undo/$1.none"; fi
  kept="$kept$1 $2
"
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
  if [ -e ".$2" ]; then
    kept_as=$(mktemp .${STATE}/${UNFINISHED}XXXXXX)
    cp -a -- ".$2" "$kept_as"
    sync -- "$kept_as"
    mv -fT -- "$kept_as" .${STATE}/"$1.before"
  else
    : >.${STATE}/"$1.none"
  fi
}
bring_back() {
  new=$(mktemp ".\${2%/*}/${UNFINISHED}XXXXXX") && cp -a -- "$1" "$new" && sync -- "$new" && mv -fT -- "$new" ".$2"
}
take_back() {
  bad=
  while read -r name path; do
    if [ -e "$undo/$name.none" ]; then
      rm -f -- ".$path" || bad=yes
    elif [ -n "$name" ]; then
      bring_back "$undo/$name" "$path" || bad=yes
    fi
  done <<END
$kept
END
  if [ -n "$fresh" ]; then rm -rf -- .${STATE} || bad=yes; fi
  if [ -n "$restarted" ]; then start_anew || bad=yes; fi
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
  rm -rf -- "$undo" "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 143' HUP PIPE TERM`;
