import { type Sh, sh } from '../../core/sh.ts';

/**
 * Defines the function `owner_of PATH`: leaves in `$owner` the package that has the file, or nothing where rpm or dpkg
 * say that none has it. It fails where neither can tell: such a file must not be touched.
 */
export const OWNER_OF: Sh = sh`owner_of() {
  owner= told=
  if command -v rpm >/dev/null; then
    if said=$(rpm -qf --qf '%{NAME}\n' -- "$1" 2>&1); then
      owner=$(printf '%s\n' "$said" | sed '/^warning: /d' | head -n 1)
    else
      case $(printf '%s\n' "$said" | sed '/^warning: /d') in
        "file $1 is not owned by any package" | "error: file $1: No such file or directory") ;;
        *) printf '%s\n' "$said" >&2; return 1 ;;
      esac
    fi
    told=yes
  fi
  if [ -z "$owner" ] && [ -e ./var/lib/dpkg/status ]; then
    # To dpkg a path is a pattern.
    case $1 in *'*'* | *'?'* | *'['* | *'\'*) return 1 ;; esac
    if said=$(dpkg-query -S -- "$1" 2>&1); then
      owner=\${said%%:*}
    else
      case $said in
        "dpkg-query: no path found matching pattern $1") ;;
        *) printf '%s\n' "$said" >&2; return 1 ;;
      esac
    fi
    told=yes
  fi
  [ -n "$told" ]
}`;
