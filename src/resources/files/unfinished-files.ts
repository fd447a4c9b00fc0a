import { type Sh, sh } from '../../core/sh.ts';
import type { BoundResource } from '../bound.ts';
import { bind } from '../bound.ts';
import type { Resource } from '../resource.ts';
import { HOOKS_ROOT } from '../vdsm-hook/vdsm-hook-found.ts';
import { UNFINISHED } from './place-file.ts';

/** The kind of what a killed run leaves behind. */
export const UNFINISHED_FILE = 'unfinished-file';

/** Where half-written files can lie: the folders that hookfleet itself places files in. */
const FILES: Sh = sh`.${HOOKS_ROOT}/*/${UNFINISHED}?????? ./etc/yum.repos.d/${UNFINISHED}?????? ./etc/pki/rpm-gpg/${UNFINISHED}?????? ./etc/libvirt/${UNFINISHED}?????? ./etc/polkit-1/rules.d/${UNFINISHED}?????? ./etc/libvirt/hooks/${UNFINISHED}?????? ./etc/libvirt/hooks/*/${UNFINISHED}?????? ./etc/ovirt-engine/ansible/${UNFINISHED}?????? ./var/lib/hookfleet/${UNFINISHED}?????? ./var/lib/hookfleet/*/${UNFINISHED}?????? ./var/lib/hookfleet/.placed-??????`;

/**
 * What a run that was killed has left half done beside the files of others: never in use, and nobody else would ever
 * take it away. Files are written under the host's lock alone, so whoever holds the lock knows that these are nobody's. A
 * work folder in /run may belong to a probe, which takes no lock: after a day it belongs to none.
 */
const resource: Resource<null, readonly string[]> = {
  kind: UNFINISHED_FILE,

  probe: () => sh`for file in ${FILES}; do
  if [ -f "$file" ] && [ ! -L "$file" ] && [ ! -L "\${file%/*}" ]; then printf '%s\n' "\${file#.}"; fi
done
for folder in ./run/hookfleet.??????; do
  if [ -d "$folder" ]; then find "$folder" -maxdepth 0 -type d -mmin +1440 | cut -c 2-; fi
done`,

  read: ({ stdout }) => stdout.split('\n').filter(line => PATH.test(line)),

  diff: (_, found) => ({
    changes: found.map(path => ({
      resource: UNFINISHED_FILE,
      id: path,
      action: 'remove',
      before: 'left by a run that was killed',
      after: null,
    })),
    blocked: [],
    notes: [],
  }),

  apply: changes => [
    {
      title: 'remove what a killed run has left',
      script: sh`rm -rf -- ${changes.map(({ id }) => `.${id}`)}`,
      timeoutSeconds: 30,
      changes,
    },
  ],
};

/** As mktemp has named it; a folder with a line feed in its name would tell of another path. */
const PATH = /^\/.*\/(?:\.hookfleet-|\.placed-|hookfleet\.)[A-Za-z0-9]{6}$/;

export const unfinishedFiles: BoundResource = bind(resource, null);
