import { dirname } from 'node:path/posix';
import { Secret } from '../../core/secret.ts';
import { type Sh, sh } from '../../core/sh.ts';

export interface PlacedFile {
  /** Absolute; its folder exists. */
  readonly path: string;
  /** The bytes of the file, a secret text of UTF-8, or one command that writes the content to its stdout. */
  readonly content: Uint8Array | Secret | Sh;
  /** Permission bits: 0o644. */
  readonly mode: number;
  /** As chown takes it: `root:root`. */
  readonly owner: string;
}

/**
 * What the names of half-written files begin with: a run that was killed leaves one of them and no half-written file.
 * dnf reads `*.repo` alone, and VDSM's `*` does not match a leading dot (vdsm: lib/vdsm/common/hooks.py).
 */
export const UNFINISHED = '.hookfleet-';

/**
 * Writes a file as a whole or not at all: beside its place, with owner and mode, on the disk before it gets its name.
 * What stands in its place, a link too, is replaced; a folder there makes it fail. What a killed run left in the
 * folder is cleared away, so the caller holds the host's lock. A part of a step under `set -e`, never of a condition.
 */
export function placeFile({ path, content, mode, owner }: PlacedFile): Sh {
  const target = `.${path}`;
  const folder = dirname(target);
  return sh`(
umask 077
rm -f -- ${folder}/${UNFINISHED}??????
new=$(mktemp -- ${folder}/${UNFINISHED}XXXXXX)
trap 'rm -f -- "$new"' EXIT
${writer(content)} >"$new"
chown ${owner} -- "$new"
chmod ${mode.toString(8).padStart(4, '0')} -- "$new"
sync -- "$new"
mv -fT -- "$new" ${target}
trap - EXIT
sync -- ${folder}
if [ -e ./sys/fs/selinux/enforce ]; then restorecon ${target}; fi
)`;
}

function writer(content: PlacedFile['content']): Sh {
  if (!(content instanceof Secret) && !(content instanceof Uint8Array)) {
    return content;
  }
  const bytes = content instanceof Secret ? Buffer.from(content.reveal()) : Buffer.from(content);
  // As a secret, though it may be none: an error shows the command, and shall not be a page of base64.
  return sh`printf %s ${new Secret(bytes.toString('base64'))} | base64 -d`;
}
