import { lines, type Sh, sh } from '../../core/sh.ts';

/** Where a host keeps the list of the files that hookfleet placed on it. */
export const PLACED_LIST = '/var/lib/hookfleet/placed';

/** One file that hookfleet placed. */
export interface Placed {
  readonly path: string;
  /** Of its content, hex. */
  readonly sha256: string;
  /** The hook that it belongs to. */
  readonly hook: string;
  /** The playbook that names the hook. */
  readonly playbook: string;
}

/** One line of the list: path, digest, hook and playbook, a tab between; `%XX` stands for what a line cannot hold. */
export function printPlaced({ path, sha256, hook, playbook }: Placed): string {
  return [path, sha256, encode(hook), encode(playbook)].join('\t');
}

/** Reads one line of the list; undefined where it is none. */
export function parsePlaced(line: string): Placed | undefined {
  const found = /^(\/[^\t]+)\t([0-9a-f]{64})\t([^\t]+)\t([^\t]+)$/.exec(line);
  const [, path = '', sha256 = '', hook = '', playbook = ''] = found ?? [];
  try {
    return found
      ? { path, sha256, hook: decodeURIComponent(hook), playbook: decodeURIComponent(playbook) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A name as a line of the list has it. */
export function encode(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a line cannot hold
  return text.replaceAll(/[\u0000-\u001f\u007f%]/g, encodeURIComponent);
}

/** The exit code of {@link updatePlaced} where another playbook has placed one of the files. */
export const CLAIMED = 76;

/**
 * Brings the list up to date, as a whole or not at all; lines that are not named stay as they are. The caller holds
 * the host's lock. A part of a step under `set -e`.
 *
 * @param add replaces what the list says of these paths; it fails with {@link CLAIMED}, and prints the line, where the
 * list says that another playbook placed one of them.
 * @param drop the paths that the list shall forget.
 */
export function updatePlaced(add: readonly Placed[], drop: readonly string[]): Sh {
  return sh`(
tab=$(printf '\t')
umask 022
mkdir -p ./var/lib/hookfleet
rm -f ./var/lib/hookfleet/.placed-??????
new=$(mktemp ./var/lib/hookfleet/.placed-XXXXXX)
trap 'rm -f -- "$new"' EXIT
entries=$(
  [ ! -e .${PLACED_LIST} ] || while IFS= read -r line || [ -n "$line" ]; do
    case $line in
${lines(add.flatMap(keepOut))}
${lines(drop.map(path => sh`      ${path}"$tab"*) ;;`))}
      *) printf '%s\n' "$line" ;;
    esac
  done <.${PLACED_LIST}
${lines(add.map(entry => sh`  printf '%s\n' ${printPlaced(entry)}`))}
)
if [ -n "$entries" ]; then printf '%s\n' "$entries"; fi | cat >"$new"
chmod 0644 "$new"
sync "$new"
mv -fT "$new" .${PLACED_LIST}
trap - EXIT
sync ./var/lib/hookfleet
if [ -e ./sys/fs/selinux/enforce ]; then restorecon -R ./var/lib/hookfleet; fi
)`;
}

function keepOut({ path, playbook }: Placed): Sh[] {
  return [
    sh`      ${path}"$tab"*"$tab"${encode(playbook)}) ;;`,
    sh`      ${path}"$tab"*) printf '%s\n' "$line" >&2; exit ${CLAIMED} ;;`,
  ];
}
