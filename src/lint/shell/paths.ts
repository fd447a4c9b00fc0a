import { type Finding, finding } from '../finding.ts';
import type { Command } from './commands.ts';

/** A path below /tmp that is not made up as the script runs. */
const FORESEEN = /(?:^|[\s=:"'(])((?:\/var)?\/tmp\/[^\s"':;()<>|&]{1,200})/;

/** Whether a text names a file below /tmp whose name anybody can know before; then that name. */
export function foreseenPath(text: string): string | undefined {
  const path = FORESEEN.exec(text)?.[1];
  return path === undefined || /X{3}|\$\(mktemp/.test(path) ? undefined : path;
}

export function tmpPath(line: number, path: string): Finding {
  return finding(
    'tmp-path',
    line,
    `anybody on the host can make ${path} first, as a link to a file of root's or as a pipe that blocks the hook`,
    "Write below /run or /var/log in a folder of root's, use logger, or `mktemp -d`.",
  );
}

/** One finding for each path, at its first place. */
export function tmpPaths(commands: readonly Command[]): Finding[] {
  const seen = new Set<string>();
  return commands.flatMap(({ assignments, words, redirects }) => {
    const made = words[0]?.text === 'mktemp';
    const all = made ? [] : [...assignments, ...words, ...redirects.map(one => one.target)];
    return all.flatMap(({ text, line }) => {
      const path = foreseenPath(text);
      if (path === undefined || seen.has(path)) {
        return [];
      }
      seen.add(path);
      return [tmpPath(line, path)];
    });
  });
}
