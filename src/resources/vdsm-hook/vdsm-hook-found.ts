import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { relabelOf } from '../files/printed.ts';
import {
  type FileType,
  fileType,
  type InstalledPackage,
  manifestQuery,
  readPackages,
} from '../package/rpm.ts';

/** Where VDSM looks for hooks: one folder an event below it (vdsm: configure.ac, lib/vdsm/common/hooks.py). */
export const HOOKS_ROOT = '/usr/libexec/vdsm/hooks';

/** A file as it is on the disk; links are not followed. */
export interface DiskFile {
  readonly type: FileType;
  readonly mode: number;
  readonly user: string;
  readonly group: string;
  /** Where a link points, else empty. */
  readonly linkTarget: string;
}

/** What decides, besides its mode, whether VDSM can run a file of a hook folder. */
export interface Script {
  /** Up to the first line feed. */
  readonly firstLine: string;
  /** Whether the program that the `#!` line names, behind `env` too, is there. True without such a line: a shell takes it. */
  readonly interpreterFound: boolean;
}

export interface HooksFound {
  readonly packages: ReadonlyMap<string, InstalledPackage>;
  readonly disk: ReadonlyMap<string, DiskFile>;
  /** Hex digests of the regular files, by each manifest's own algorithm. */
  readonly digests: ReadonlyMap<string, string>;
  readonly scripts: ReadonlyMap<string, Script>;
  /** The scripts that user `vdsm` may execute; null on a host without that user. */
  readonly executable: ReadonlySet<string> | null;
  /** Mount options by mount point: of the hooks' root, of what it lies on and of what is mounted below it. */
  readonly mounts: ReadonlyMap<string, readonly string[]>;
  /** Where SELinux is on: the scripts whose label is not the policy's. */
  readonly labels: ReadonlyMap<string, { readonly found: string; readonly wanted: string }>;
  readonly hasVdsm: boolean;
}

/**
 * Prints for the scripts in `$@` which of them user `vdsm` may execute, what they are mounted on, and whose label is
 * not the policy's.
 */
export const EXECUTABLE_PROBE = sh`if id -u vdsm >/dev/null 2>&1; then
  echo U
  runuser -u vdsm -- sh -c 'for script do [ -x "$script" ] && printf "X\t%s\n" "$script"; done' sh "$@"
fi
set -f
mounts=$(cat ./proc/self/mountinfo 2>/dev/null)
IFS='
'
for line in $mounts; do
  line=\${line#* * * * }
  point=\${line%% *} options=\${line#* }
  options=\${options%% *}
  above=\${point%/} # in the pattern itself, bash 5.2 would match nothing for / (run)
  case ${HOOKS_ROOT}/ in "$above"/*) printf 'M\t%s\t%s\n' "$point" "$options" ;; *)
    case $point in ${HOOKS_ROOT}/*) printf 'M\t%s\t%s\n' "$point" "$options" ;; esac
  esac
done
unset IFS
[ -e ./sys/fs/selinux/enforce ] && restorecon -n -v "$@"`;

/**
 * Prints the manifests of the packages, and everything on the disk that they speak of, with a handful of processes
 * however many hooks there are. Each line begins with a letter that tells what it is; digest lines are the tool's own.
 *
 * Here and in the probe above, lines are the words of a text split at line feeds: the shell's `read` would ask the
 * kernel for every single byte.
 */
export function hooksProbe(packages: readonly string[]): Sh {
  return sh`command -v rpm >/dev/null || exit 127
set -f
tab=$(printf '\t')
manifest=$(${manifestQuery(packages)})
printf '%s\n' "$manifest"
[ -e ./usr/lib/systemd/system/vdsmd.service ] && echo V
IFS='
'
path_of() { path=\${1#*"$tab"*"$tab"}; path=\${path%%"$tab"*}; }
set --
for line in $manifest; do
  case $line in "F$tab"*) path_of "$line"; set -- "$@" ".$path" ;; esac
done
[ $# -gt 0 ] || exit 0
QUOTING_STYLE=literal stat --printf='S\t%f\t%U\t%G\t%N\n' -- "$@" 2>/dev/null
sums() {
  number=$1 tool=$2
  set --
  for line in $manifest; do
    case $line in "F$tab$number$tab"*)
      path_of "$line"
      [ -f ".$path" ] && [ ! -h ".$path" ] && set -- "$@" ".$path" ;;
    esac
  done
  [ $# -eq 0 ] || "$tool" -- "$@"
}
sums 1 md5sum
sums 2 sha1sum
sums 8 sha256sum
sums 9 sha384sum
sums 10 sha512sum
set --
for line in $manifest; do
  case $line in "F$tab"*) path_of "$line" ;; *) continue ;; esac
  case $path in
    ${HOOKS_ROOT}/*/*/*) ;;
    ${HOOKS_ROOT}/*/*) [ -f ".$path" ] && set -- "$@" ".$path" ;;
  esac
done
unset IFS
[ $# -gt 0 ] || exit 0
interpreter() {
  answer=no
  case \${1-} in
    */env)
      shift
      while :; do case \${1-} in -*|*=*) shift ;; *) break ;; esac; done
      command -v "\${1-}" >/dev/null 2>&1 && answer=yes ;;
    /*) [ -f ".$1" ] && [ -x ".$1" ] && answer=yes ;;
  esac
}
for script do
  line= answer=yes
  IFS= read -r line <"$script"
  case $line in '#!'*) interpreter \${line#??} ;; esac
  printf 'I\t%s\t%s\t%s\n' "$answer" "$script" "$line"
done
${EXECUTABLE_PROBE}
exit 0`;
}

/** @throws {HostError} where the rpm database cannot be read. */
export function readHooks(reply: Section): HooksFound {
  const disk = new Map<string, DiskFile>();
  const digests = new Map<string, string>();
  const scripts = new Map<string, Script>();
  const executable = new Set<string>();
  const mounts = new Map<string, readonly string[]>();
  const labels = new Map<string, { found: string; wanted: string }>();
  let hasUser = false;
  let hasVdsm = false;
  for (const line of reply.stdout.split('\n')) {
    const [tag = '', ...fields] = line.split('\t');
    const [first = '', second = '', third = '', fourth = ''] = fields;
    const digest = /^([0-9a-f]{32,128}) [ *]\.(.+)$/.exec(line);
    const relabel = relabelOf(line);
    if (tag === 'S') {
      const bits = Number.parseInt(first, 16);
      const type = fileType(bits);
      const [path = '', linkTarget = ''] =
        type === 'link' ? absolute(fourth).split(' -> ') : [absolute(fourth)];
      disk.set(path, { type, mode: bits & 0o7777, user: second, group: third, linkTarget });
    } else if (tag === 'I') {
      scripts.set(absolute(second), {
        interpreterFound: first === 'yes',
        firstLine: fields.slice(2).join('\t'),
      });
    } else if (tag === 'X') {
      executable.add(absolute(first));
    } else if (tag === 'M') {
      mounts.set(first, second.split(','));
    } else if (line === 'U') {
      hasUser = true;
    } else if (line === 'V') {
      hasVdsm = true;
    } else if (digest?.[1] && digest[2]) {
      digests.set(digest[2], digest[1]);
    } else if (relabel) {
      labels.set(...relabel);
    }
  }
  return {
    packages: readPackages(reply),
    disk,
    digests,
    scripts,
    executable: hasUser ? executable : null,
    mounts,
    labels,
    hasVdsm,
  };
}

// The probe speaks of files relative to the host's root folder.
function absolute(path: string): string {
  return path.replace(/^\./, '');
}
