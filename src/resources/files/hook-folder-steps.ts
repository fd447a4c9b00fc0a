import { dirname } from 'node:path/posix';
import type { Change } from '../../core/change.ts';
import type { HookFile } from '../../core/hook-file.ts';
import type { Section } from '../../core/section.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import type { Explanation, Step } from '../resource.ts';
import { HOOKS_ROOT } from '../vdsm-hook/vdsm-hook-found.ts';
import type { HookFoldersWanted } from './hook-folder.ts';
import type { HookFoldersFound } from './hook-folder-found.ts';
import { OWNER, scriptPath } from './hook-script.ts';
import { clearFolder, explainFolder, MENDABLE, mendStep } from './mend-file.ts';
import { placeFile } from './place-file.ts';
import { CLAIMED, PLACED_LIST, type Placed, parsePlaced, updatePlaced } from './placed-list.ts';

const STEP_SECONDS = 60;

/**
 * The steps for the changes of the hook folders. The list comes first when files are placed and last when they are
 * removed: whenever a run is killed, the list names every file that hookfleet placed.
 */
export function hookFolderSteps(
  changes: readonly Change[],
  wanted: HookFoldersWanted,
  found: HookFoldersFound,
): Step[] {
  const files = new Map(
    wanted.hooks.flatMap(hook =>
      hook.files.map(file => [`${hook.name} ${scriptPath(file)}`, { hook, file }]),
    ),
  );
  const of = (action: string) =>
    changes.flatMap(change => {
      const wish = files.get(change.id);
      return change.action === action && wish ? [{ change, ...wish }] : [];
    });
  const written = [...of('place'), ...of('content')];
  const entries = [...written, ...of('list')].map(({ hook, file }): Placed => {
    return { path: scriptPath(file), sha256: file.sha256, hook: hook.name, playbook: wanted.playbook };
  });
  const removed = changes.filter(({ action }) => action === 'remove');
  const mendings = MENDABLE.flatMap(action =>
    of(action).map(({ change, file }) =>
      mendStep(action, { path: scriptPath(file), mode: file.mode, owner: OWNER }, change),
    ),
  );
  return [
    ...(entries.length === 0
      ? []
      : [
          listStep(
            entries,
            of('list').map(({ change }) => change),
          ),
        ]),
    ...written.map(({ change, file }) => placeStep(file, change)),
    ...mendings,
    ...removed.map(removeStep),
    ...forgetStep(removed.map(pathOf), wanted, found),
  ];
}

function listStep(entries: readonly Placed[], changes: readonly Change[]): Step {
  return {
    title: `list in ${PLACED_LIST} what is placed`,
    script: updatePlaced(entries, []),
    timeoutSeconds: STEP_SECONDS,
    changes,
    explain: failed => explainClaimed(failed) ?? explainFullDisk(failed.stderr),
  };
}

function explainClaimed({ exitCode, stderr }: Section): Explanation | undefined {
  const entry = stderr.split('\n').map(parsePlaced).find(Boolean);
  return exitCode === CLAIMED && entry
    ? {
        message: `${entry.path} was placed by the hook ${entry.hook} of the playbook ${entry.playbook} in the meantime`,
        hint: 'Somebody else is at work on this host: talk to them, then run this again.',
      }
    : undefined;
}

/**
 * Leaves in `$owner` the package that has the path, or nothing: one that came in this very run may have brought it. Any
 * answer of rpm but these two ends the step, since a file of a package must not be touched.
 */
function findOwner(path: string): Sh {
  return sh`owned=yes
said=$(rpm -qf --qf '%{NAME}\n' -- ${path} 2>&1) || owned=
owner=$(printf '%s\n' "$said" | sed '/^warning: /d')
case $owned$owner in
  yes?*) ;;
  ${`file ${path} is not owned by any package`} | ${`error: file ${path}: No such file or directory`}) owner= ;;
  *) printf '%s\n' "$said" >&2; exit 1 ;;
esac`;
}

/** VDSM follows an event folder that is a link; what lies behind it may be anybody's, and is not touched. */
function refuseLink(folder: string): Sh {
  return sh`[ ! -h .${folder} ] || { echo ${`${folder} ${IS_LINK}`} >&2; exit 1; }`;
}

const IS_LINK = 'is a link, so nothing behind it is touched';

function explainLink(stderr: string): Explanation | undefined {
  const line = stderr.split('\n').find(one => one.endsWith(IS_LINK));
  return line === undefined
    ? undefined
    : {
        message: line,
        hint: 'Look at where it leads, and make it a folder of its own; then run this again.',
      };
}

function placeStep(file: HookFile, change: Change): Step {
  const path = scriptPath(file);
  const folder = dirname(path);
  const content = Buffer.from(file.base64, 'base64');
  return {
    title: `place ${path}`,
    script: lines([
      refuseLink(dirname(path)),
      findOwner(path),
      sh`if [ -n "$owner" ]; then echo 'the package' $owner 'owns it' >&2; exit 1; fi`,
      sh`if [ ! -d .${folder} ]; then`,
      sh`  mkdir -p -- .${folder}`,
      sh`  if [ -e ./sys/fs/selinux/enforce ]; then restorecon -R .${HOOKS_ROOT}; fi`,
      sh`fi`,
      clearFolder(path),
      placeFile({ path, content, mode: file.mode, owner: OWNER }),
    ]),
    timeoutSeconds: STEP_SECONDS,
    changes: [change],
    explain: ({ stderr }) => explainLink(stderr) ?? explainFolder(stderr, path) ?? explainFullDisk(stderr),
  };
}

function explainFullDisk(stderr: string): Explanation | undefined {
  return /No space left on device/.test(stderr)
    ? {
        message: 'The disk of this host is full',
        hint: 'Free some space there (`df -h` tells where), then run this again.',
      }
    : undefined;
}

function removeStep(change: Change): Step {
  const path = pathOf(change);
  return {
    title: `remove ${path}`,
    script: lines([
      refuseLink(dirname(path)),
      findOwner(path),
      sh`if [ -n "$owner" ]; then echo 'the package' $owner 'owns it'; else rm -f -- .${path}; fi`,
    ]),
    timeoutSeconds: STEP_SECONDS,
    changes: [change],
    made: ({ stdout }) => (/^the package .* owns it$/m.test(stdout) ? [] : [change]),
    explain: ({ stderr }) => explainLink(stderr),
  };
}

/** What the list names besides and is not there goes with it: a run that was killed while it removed left that. */
function forgetStep(
  removed: readonly string[],
  { playbook, hooks }: HookFoldersWanted,
  found: HookFoldersFound,
): Step[] {
  const named = new Set(hooks.flatMap(hook => hook.files).map(scriptPath));
  const paths = [...found.placed.values()]
    .filter(
      entry =>
        removed.includes(entry.path) ||
        (entry.playbook === playbook &&
          entry.path.startsWith(`${HOOKS_ROOT}/`) &&
          !found.disk.has(entry.path) &&
          !named.has(entry.path)),
    )
    .map(entry => entry.path);
  return removed.length === 0 || paths.length === 0
    ? []
    : [
        {
          title: `take out of ${PLACED_LIST} what was removed`,
          script: updatePlaced([], paths),
          timeoutSeconds: STEP_SECONDS,
          changes: [],
        },
      ];
}

/** The path in a change's id: what follows the hook's name, or all of it. */
function pathOf({ id }: Change): string {
  return id.slice(id.indexOf(HOOKS_ROOT));
}
