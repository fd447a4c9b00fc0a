import { driverHooks } from '../../catalog/libvirt-drivers.ts';
import { callsOf } from '../../catalog/libvirt-gates.ts';
import type { Change } from '../../core/change.ts';
import { Secret } from '../../core/secret.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import { UNFINISHED } from '../files/place-file.ts';
import { CLAIMED, parsePlaced, updatePlaced } from '../files/placed-list.ts';
import type { Explanation, Step } from '../resource.ts';
import { dryRun, readBy } from './libvirt-hook-dry-run.ts';
import type { LibvirtHooksFound } from './libvirt-hook-found.ts';
import { OWNER_OF } from './libvirt-hook-owner.ts';
import { LIBVIRT_HOOKS } from './libvirt-hook-probe.ts';
import { explainDryRun } from './libvirt-hook-verdict.ts';
import {
  folderOf,
  hookPath,
  type LibvirtHook,
  type LibvirtHooksWanted,
  listedAs,
  OWNER,
} from './libvirt-hook-wanted.ts';

/**
 * Puts hooks into their folders, each by one rename, once it is on the disk, is owned and labelled as it shall be, and has
 * stood its dry run. It is listed as placed right before that, so that the list names it whenever a run is killed. It is
 * staged beside the folder: whatever lies in it and has an x bit runs, half-written or not, and a file that is open for
 * writing makes a guest's start fail (run with 9.0.0 and 12.8.0). Of several hooks each is tried before the first is placed.
 */
export function placeSteps(
  hooks: readonly { readonly hook: LibvirtHook; readonly change: Change }[],
  wanted: LibvirtHooksWanted,
  found: LibvirtHooksFound,
): Step[] {
  const step = (parts: readonly Part[], { hook, change }: (typeof hooks)[number]) =>
    hookStep(parts, hook, parts.includes('place') ? [change] : [], wanted, found);
  return hooks.length === 1
    ? hooks.map(one => step(one.hook.dryRun === 'run' ? ['dry-run', 'place'] : ['place'], one))
    : [
        ...hooks.filter(({ hook }) => hook.dryRun === 'run').map(one => step(['dry-run'], one)),
        ...hooks.map(one => step(['place'], one)),
      ];
}

type Part = 'dry-run' | 'place';

function hookStep(
  parts: readonly Part[],
  hook: LibvirtHook,
  changes: readonly Change[],
  { extraOperations, playbook }: LibvirtHooksWanted,
  { version = '', placed, digests }: LibvirtHooksFound,
): Step {
  const path = hookPath(hook);
  const folder = folderOf(hook.driver);
  const title = `${parts.join(' and ')} ${path}`;
  const own = placed.get(path);
  const isOwn = own?.playbook === playbook && own.sha256 === digests.get(path);
  // As a secret, though it is none: an error shows the command, and shall not be a page of base64.
  const bytes = new Secret(hook.base64);
  const reading = hook.shell === undefined ? sh`` : readBy(hook.shell);
  const calling = dryRun({
    target: `${hook.driver}.d/${hook.name}`,
    object: driverHooks(hook.driver).object === '-' ? '-' : 'name',
    calls: callsOf(hook.driver, version, extraOperations),
  });
  // Another playbook's line for a file that somebody deleted claims nothing.
  const disowning =
    own === undefined || own.playbook === playbook
      ? sh``
      : sh`if [ ! -e .${path} ] && [ ! -h .${path} ]; then
${updatePlaced([], [path])}
fi`;
  const placing = sh`${disowning}
${updatePlaced([{ path, sha256: hook.sha256, hook: listedAs(hook), playbook }], [])}
mv -fT -- "$new" .${path}
sync -- .${folder}
if [ -e ./sys/fs/selinux/enforce ]; then restorecon .${path}; fi`;
  return {
    title,
    script: sh`${OWNER_OF}
new= work=
trap 'rm -f -- "$new"; rm -rf -- "$work"' EXIT
trap 'exit 143' HUP PIPE TERM
${mustBeFolders(hook.driver)}
${mustBeNobodys(path, isOwn ? own?.sha256 : undefined)}
for folder in .${LIBVIRT_HOOKS} .${folder}; do
  [ -d "$folder" ] || { mkdir -p -m 0755 "$folder"; chown ${OWNER} "$folder"; }
done
if [ -e ./sys/fs/selinux/enforce ]; then restorecon .${LIBVIRT_HOOKS} .${folder}; fi
if [ "$(stat -c %d .${LIBVIRT_HOOKS})" != "$(stat -c %d .${folder})" ]; then echo ${folder} ${OTHER_DISK} >&2; exit 1; fi
rm -f -- .${LIBVIRT_HOOKS}/${UNFINISHED}??????
new=$(umask 077; mktemp .${LIBVIRT_HOOKS}/${UNFINISHED}XXXXXX)
printf %s ${bytes} | base64 -d >"$new"
chown ${OWNER} -- "$new"
chmod 0755 -- "$new"
if [ -e ./sys/fs/selinux/enforce ]; then restorecon "$new"; fi
sync -- "$new"
${reading}
${parts.includes('dry-run') ? calling : sh``}
${parts.includes('place') ? placing : sh``}`,
    command: title,
    timeoutSeconds: 300,
    changes,
    explain: failed => explainDryRun(hook, failed) ?? explainTrouble(failed),
  };
}

const OTHER_DISK = 'lies on another disk than the folder above it, so nothing can be renamed into it';
const IS_LINK = 'is no folder of its own, so nothing in it is touched';

/** libvirt follows a folder that is a link; what lies behind it may be anybody's. */
export function mustBeFolders(driver: string): Sh {
  return sh`for folder in ${[LIBVIRT_HOOKS, folderOf(driver)]}; do
  if [ -h ".$folder" ]; then echo "$folder" ${IS_LINK} >&2; exit 1; fi
done`;
}

/** A package that came in this very run may have brought it; what is still as hookfleet placed it is known. */
function mustBeNobodys(path: string, placedDigest = 'none'): Sh {
  return sh`if [ -f .${path} ] && [ ! -h .${path} ] && [ "$(sha256sum <.${path})" = ${`${placedDigest}  -`} ]; then
  :
elif [ -e .${path} ] || [ -h .${path} ]; then
  owner_of ${path}
  if [ -n "$owner" ]; then echo 'the package' "$owner" 'owns it' >&2; exit 1; fi
  if [ -d .${path} ] && [ ! -h .${path} ]; then echo 'it has become a folder' >&2; exit 1; fi
fi`;
}

/** What a failure means that any step on the folders of hooks can have. */
export function explainTrouble({ exitCode, stderr }: Section): Explanation | undefined {
  const entry = stderr.split('\n').map(parsePlaced).find(Boolean);
  if (exitCode === CLAIMED && entry) {
    return {
      message: `${entry.path} was placed by the playbook ${entry.playbook} in the meantime`,
      hint: 'Somebody else is at work on this host: talk to them, then run this again.',
    };
  }
  const line = stderr.split('\n').find(one => one.endsWith(OTHER_DISK) || one.endsWith(IS_LINK));
  if (line !== undefined) {
    return {
      message: line,
      hint: 'Look at what it is, and make it a folder of its own; then run this again.',
    };
  }
  return /No space left on device/.test(stderr)
    ? {
        message: 'The disk of this host is full',
        hint: 'Free some space there (`df -h` tells where), then run this again.',
      }
    : undefined;
}
