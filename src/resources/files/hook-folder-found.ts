import { dirname } from 'node:path/posix';
import { HOOK_POINTS } from '../../catalog/events.ts';
import { HostError } from '../../core/failure.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { EXECUTABLE_PROBE, HOOKS_ROOT, type HooksFound, readHooks } from '../vdsm-hook/vdsm-hook-found.ts';
import { encode, PLACED_LIST, type Placed, parsePlaced } from './placed-list.ts';
import { programsThere } from './printed.ts';

/** What the hook folders of a host hold, and what is known of where it came from. */
export interface HookFoldersFound
  extends Pick<HooksFound, 'disk' | 'digests' | 'executable' | 'mounts' | 'labels' | 'hasVdsm'> {
  /** What hookfleet placed, by path; of other folders than the hooks' too. */
  readonly placed: ReadonlyMap<string, Placed>;
  /** Whether every line of the list of placed files could be read. */
  readonly placedIsWhole: boolean;
  /** Every file that VDSM would run, sorted. */
  readonly executables: readonly { readonly path: string; readonly type: 'file' | 'link' }[];
  /** Folders with an executable whose name holds a tab or a line feed, or is not UTF-8. */
  readonly unreadableNames: ReadonlySet<string>;
  /** The package that owns a path, of the paths that hookfleet did not place as they are. */
  readonly owners: ReadonlyMap<string, string>;
  /** Paths that rpm says no package owns. */
  readonly unowned: ReadonlySet<string>;
  /** Those of the programs asked for that the host has. */
  readonly programs: ReadonlySet<string>;
  /** Those of the events asked for that have no folder. */
  readonly missingEvents: ReadonlySet<string>;
  readonly isOvirtNode: boolean;
  readonly hasFapolicyd: boolean;
}

/** What to look at besides what lies in the folders. */
export interface HookFoldersQuestion {
  /** Whose leftovers are looked for: what it placed and no longer names may be a package's by now. */
  readonly playbook: string;
  readonly paths: readonly string[];
  readonly events: readonly string[];
  /** A path, or a name to look for in the PATH. */
  readonly programs: readonly string[];
}

const EVENTS = HOOK_POINTS.map(point => point.name);

/** The exit code of the probe where the list of placed files is there and cannot be read. */
const UNREADABLE_LIST = 74;

/**
 * Prints the executables of all hook folders, whatever `*` matches there (vdsm: lib/vdsm/common/hooks.py), the list of
 * placed files, and what is on the disk of the files asked for and listed. rpm is asked once, and only for files that
 * hookfleet did not place as they are, or that the playbook placed and no longer names.
 */
export function hookFoldersProbe({ playbook, paths, events, programs }: HookFoldersQuestion): Sh {
  const wanted = paths.map(path => `.${path}`);
  return sh`tab=$(printf '\t')
nl='
'
[ -e ./usr/lib/systemd/system/vdsmd.service ] && echo V
if [ -e ./usr/sbin/imgbase ] || grep -q '^VARIANT_ID="\{0,1\}ovirt-node"\{0,1\}$' ./etc/os-release 2>/dev/null; then echo N; fi
[ -e ./usr/lib/systemd/system/fapolicyd.service ] && systemctl is-active --quiet fapolicyd && echo A
for event in ${events}; do
  [ -d .${HOOKS_ROOT}/"$event" ] || printf 'E\t%s\n' "$event"
done
${programsThere(programs)}
set -- ${wanted}
known=$nl
named=$nl
for file do named=$named$file$nl; done
# Lines are words here, of which none is a pattern.
set -f
IFS=$nl
if [ -e .${PLACED_LIST} ]; then
  placed=$(cat .${PLACED_LIST}) || exit ${UNREADABLE_LIST}
  for line in $placed; do
    printf 'L\t%s\n' "$line"
    path=\${line%%"$tab"*} digest=\${line#*"$tab"}
    case $path in ${HOOKS_ROOT}/*/*) set -- "$@" ".$path" ;; *) continue ;; esac
    case $line in *"$tab"${encode(playbook)}) case $named in *"$nl.$path$nl"*) ;; *) continue ;; esac ;; esac
    known=$known\${digest%%"$tab"*}"  .$path$nl"
  done
fi
sums=
facts() {
  for file do shift; if [ -e "$file" ] || [ -h "$file" ]; then set -- "$@" "$file"; fi; done
  [ $# -gt 0 ] || return 0
  QUOTING_STYLE=literal stat --printf='S\t%f\t%U\t%G\t%N\n' -- "$@"
  for file do shift; if [ -f "$file" ] && [ ! -h "$file" ]; then set -- "$@" "$file"; fi; done
  [ $# -eq 0 ] || sums=$(sha256sum -- "$@")
  printf '%s\n' "$sums"
}
facts "$@"
settled=$nl
for line in $sums; do
  case $known in *"$nl$line$nl"*) settled=$settled\${line#*  }$nl ;; esac
done
set +f
unset IFS
is_settled() { case $settled in *"$nl$1$nl"*) ;; *) return 1 ;; esac; }
for file do shift; is_settled "$file" || set -- "$@" "\${file#.}"; done
for event in ${EVENTS}; do
  for file in .${HOOKS_ROOT}/"$event"/*; do
    [ -f "$file" ] && [ -x "$file" ] || continue
    case $file in *"$tab"*|*"$nl"*) printf 'O\t%s\n' ${HOOKS_ROOT}/"$event"; continue ;; esac
    type=file
    [ ! -h "$file" ] || type=link
    printf 'C\t%s\t%s\n' "$type" "$file"
    is_settled "$file" || set -- "$@" "\${file#.}"
  done
done
if [ $# -gt 0 ]; then
  command -v rpm >/dev/null || exit 127
  said=$(rpm -qf --qf '[W\t%{=NAME}\t%{FILENAMES}\n]' -- "$@" 2>&1)
  printf '%s\n' "$said" | grep -e '^file ' -e "^W$tab.*$tab"${HOOKS_ROOT}/ | sort -u
  printf '%s\n' "$said" | grep '^error: ' | grep -v '^error: file ' >&2
fi
set --
for file in ${wanted}; do
  [ -f "$file" ] && set -- "$@" "$file"
done
[ $# -gt 0 ] || exit 0
${EXECUTABLE_PROBE}
exit 0`;
}

/** @throws {HostError} where the rpm database or the list of placed files cannot be read. */
export function readHookFolders(reply: Section): HookFoldersFound {
  if (reply.exitCode === UNREADABLE_LIST) {
    throw new HostError('failed', {
      kind: 'probe',
      step: 'probe',
      message: `The list of what hookfleet placed on this host, ${PLACED_LIST}, cannot be read`,
      command: `cat ${PLACED_LIST}`,
      exitCode: reply.exitCode,
      stderr: reply.stderr,
      hint: 'Look at that file and at its disk on the host; without it nothing is known to be hookfleet’s.',
    });
  }
  const { disk, digests, executable, mounts, labels, hasVdsm } = readHooks(reply);
  const records = reply.stdout.split('\n').map(line => line.split('\t'));
  const firstFields = (tag: string) =>
    new Set(records.flatMap(([found, field = '']) => (found === tag ? [field] : [])));
  const listed = records.flatMap(([tag, ...fields]) => (tag === 'L' ? [parsePlaced(fields.join('\t'))] : []));
  const placed = listed.filter(entry => entry !== undefined);
  const candidates = records.flatMap(([tag, type, path = '']) =>
    tag === 'C'
      ? [{ path: path.replace(/^\./, ''), type: type === 'link' ? ('link' as const) : ('file' as const) }]
      : [],
  );
  return {
    ...{ disk, digests, executable, mounts, labels, hasVdsm },
    placed: new Map(placed.map(entry => [entry.path, entry])),
    placedIsWhole: placed.length === listed.length,
    executables: candidates.filter(({ path }) => !isGarbled(path)).sort((a, b) => (a.path < b.path ? -1 : 1)),
    unreadableNames: new Set([
      ...firstFields('O'),
      ...candidates.filter(({ path }) => isGarbled(path)).map(({ path }) => dirname(path)),
    ]),
    owners: new Map(
      records.flatMap(([tag, name = '', path = '']) => (tag === 'W' ? [[path, name] as const] : [])),
    ),
    unowned: new Set(
      [...reply.stdout.matchAll(/^file (.+) is not owned by any package$/gm)].map(found => found[1] ?? ''),
    ),
    programs: firstFields('R'),
    missingEvents: firstFields('E'),
    isOvirtNode: records.some(([tag]) => tag === 'N'),
    hasFapolicyd: records.some(([tag]) => tag === 'A'),
  };
}

/** A name that is not UTF-8 came here as another one: nothing may be done to it. */
function isGarbled(path: string): boolean {
  return path.includes('\ufffd');
}
