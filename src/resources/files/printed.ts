import { type Sh, sh } from '../../core/sh.ts';

/**
 * Prints a line `R` for each of the programs that is there: a path, or a name of the PATH, which a `#!` line needs.
 */
export function programsThere(programs: readonly string[]): Sh {
  return sh`for program in ${programs}; do
  case $program in
    /*) [ -f ".$program" ] && [ -x ".$program" ] ;;
    *) command -v "$program" >/dev/null 2>&1 ;;
  esac && printf 'R\t%s\n' "$program"
done`;
}

/** What sha256sum has printed of files below the host's root folder: their digests in hex, by their paths. */
export function digestsIn(stdout: string): ReadonlyMap<string, string> {
  const lines = stdout.matchAll(/^([0-9a-f]{64}) [ *]\.(.+)$/gm);
  return new Map([...lines].map(([, digest = '', path = '']) => [path, digest]));
}

/** The SELinux label that a file has, and the one that the policy wants. */
export interface Label {
  readonly found: string;
  readonly wanted: string;
}

/** What `restorecon -n -v` has printed: the labels that it would change, by path. */
export function labelsIn(stdout: string): ReadonlyMap<string, Label> {
  return new Map(
    stdout
      .split('\n')
      .map(relabelOf)
      .filter(label => label !== undefined),
  );
}

// What restorecon says it would do: "Would relabel PATH from A to B"; before policycoreutils 2.8 "restorecon reset PATH context A->B".
const RELABEL = /^(?:Would relabel (\S+) from (\S+) to (\S+)|restorecon reset (\S+) context (\S+)->(\S+))$/;

/** Reads a line of `restorecon -n -v`: a path, its label and the policy's; undefined for any other line. */
export function relabelOf(line: string): readonly [string, Label] | undefined {
  const [path, found, wanted] = RELABEL.exec(line)?.slice(1).filter(Boolean) ?? [];
  return path === undefined || found === undefined || wanted === undefined
    ? undefined
    : [path.replace(/^\./, ''), { found, wanted }];
}
