import type { Change } from '../../core/change.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import { octal } from '../package/rpm.ts';
import type { Explanation, Step } from '../resource.ts';

/** What can be mended of a file whose content is right. */
export const MENDABLE = ['owner', 'mode', 'label'] as const;

export type Mendable = (typeof MENDABLE)[number];

/** How a file shall be. */
export interface MendedFile {
  /** Absolute. */
  readonly path: string;
  /** Permission bits, set-id bits included: 0o4755. */
  readonly mode: number;
  /** As chown takes it: `root:root`. */
  readonly owner: string;
}

/**
 * Mends one thing of one file, never through a link. rpm's own ways (--setperms, --setugids, --restore) are not used:
 * with one file of the package missing, rpm 4.18 deletes all its others (run).
 */
export function mendStep(action: Mendable, file: MendedFile, change: Change): Step {
  return {
    title: `${action} of ${file.path}`,
    script: mendScript(action, file),
    timeoutSeconds: 30,
    changes: [change],
  };
}

function mendScript(action: Mendable, { path, mode, owner }: MendedFile): Sh {
  // Five digits: chmod leaves the set-id bits of a folder as they are otherwise (GNU coreutils, "Directory Setuid and Setgid").
  const chmod = sh`[ ! -h .${path} ] || { echo 'it has become a link' >&2; exit 1; }
chmod -- ${octal(mode).padStart(5, '0')} .${path}`;
  switch (action) {
    case 'owner': {
      const chown = sh`chown -h -- ${owner} .${path}`;
      // A change of owner drops the set-id bits, root's too (chown(2)).
      return (mode & 0o6000) === 0 ? chown : lines([chown, chmod]);
    }
    case 'mode':
      return chmod;
    case 'label':
      return sh`restorecon -- .${path}`;
  }
}

/** Makes room for a file where a folder stands, if that is empty; {@link explainFolder} tells of one that is not. */
export function clearFolder(path: string): Sh {
  return sh`if [ -d .${path} ] && [ ! -h .${path} ]; then rmdir -- .${path}; fi`;
}

/** What a failure of {@link clearFolder} means; undefined where rmdir has not complained. */
export function explainFolder(stderr: string, path: string): Explanation | undefined {
  return /^rmdir: /m.test(stderr)
    ? {
        message: `A folder with files in it stands where ${path} should be`,
        hint: 'Look at what it holds and move it away, then run this again.',
      }
    : undefined;
}
