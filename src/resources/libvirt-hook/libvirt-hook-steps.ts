import type { Change } from '../../core/change.ts';
import { lines, sh } from '../../core/sh.ts';
import { MENDABLE, mendStep } from '../files/mend-file.ts';
import { PLACED_LIST, type Placed, updatePlaced } from '../files/placed-list.ts';
import type { Step } from '../resource.ts';
import { NOTICED, noteNoticed } from './libvirt-hook-daemons.ts';
import { type Looking, lookingDaemons } from './libvirt-hook-diff.ts';
import { IN_HOOK_FOLDER } from './libvirt-hook-extras.ts';
import { driverOf, type LibvirtHooksFound } from './libvirt-hook-found.ts';
import { OWNER_OF } from './libvirt-hook-owner.ts';
import { explainTrouble, mustBeFolders, placeSteps } from './libvirt-hook-place.ts';
import { reloadStep } from './libvirt-hook-reload.ts';
import { folderOf, hookPath, type LibvirtHooksWanted, listedAs, MODE, OWNER } from './libvirt-hook-wanted.ts';

const STEP_SECONDS = 60;

/**
 * The steps for the changes of libvirt's hooks. What the daemons are known to look for is noted first, since the time of
 * a file that is replaced or mended tells it no more; they are reloaded last. The list of placed files forgets what is
 * removed only afterwards.
 */
export function libvirtHookSteps(
  changes: readonly Change[],
  wanted: LibvirtHooksWanted,
  found: LibvirtHooksFound,
): Step[] {
  const hooks = new Map(wanted.hooks.map(hook => [hookPath(hook), hook]));
  const of = (...actions: readonly string[]) => changes.filter(({ action }) => actions.includes(action));
  const withHook = (made: readonly Change[]) =>
    made.flatMap(change => {
      const hook = hooks.get(change.id);
      return hook ? [{ change, hook }] : [];
    });
  const looking = lookingDaemons(wanted, found);
  // What libvirt passes over for want of an x bit has never run there: it is tried like a new one.
  const asleep = of('mode').filter(
    ({ id }) => hooks.has(id) && ((found.disk.get(id)?.mode ?? 0) & 0o111) === 0,
  );
  const written = withHook([...of('place', 'content'), ...asleep]);
  const listed = withHook(of('list'));
  const entries = listed.map(({ hook }): Placed => {
    return { path: hookPath(hook), sha256: hook.sha256, hook: listedAs(hook), playbook: wanted.playbook };
  });
  const removed = of('remove');
  return [
    ...noteStep(
      looking,
      changes.some(({ action }) => action !== 'list' && action !== 'reload'),
    ),
    ...(entries.length === 0
      ? []
      : [
          listStep(
            entries,
            listed.map(({ change }) => change),
          ),
        ]),
    ...placeSteps(written, wanted, found),
    ...MENDABLE.flatMap(action =>
      of(action)
        .filter(change => !asleep.includes(change))
        .map(change => mendStep(action, { path: change.id, mode: MODE, owner: OWNER }, change)),
    ),
    ...removed.map(removeStep),
    ...forgetStep(
      removed.map(({ id }) => id),
      wanted,
      found,
    ),
    ...of('reload').map(change => reloadStep(change, looking)),
  ];
}

function noteStep(looking: readonly Looking[], changesFiles: boolean): Step[] {
  const known = looking.filter(({ knows }) => knows);
  return known.length === 0 || !changesFiles
    ? []
    : [
        {
          title: 'note which daemons look for hooks',
          script: lines(
            known.map(({ driver, daemon }) => noteNoticed(driver, daemon.unit, sh`${daemon.identity}`)),
          ),
          timeoutSeconds: STEP_SECONDS,
          changes: [],
        },
      ];
}

function listStep(entries: readonly Placed[], changes: readonly Change[]): Step {
  return {
    title: `list in ${PLACED_LIST} what is placed`,
    script: updatePlaced(entries, []),
    timeoutSeconds: STEP_SECONDS,
    changes,
    explain: explainTrouble,
  };
}

/** With the last hook goes the folder, unless a package brought it: libvirt finds at once that there is nothing to call. */
function removeStep(change: Change): Step {
  const path = change.id;
  const driver = driverOf(path);
  const folder = folderOf(driver);
  return {
    title: `remove ${path}`,
    script: sh`${OWNER_OF}
${mustBeFolders(driver)}
owner=
if [ -e .${path} ] || [ -h .${path} ]; then owner_of ${path}; fi
if [ -n "$owner" ]; then echo 'the package' "$owner" 'owns it'; exit 0; fi
rm -f -- .${path}
if [ -d .${folder} ] && [ -z "$(ls -A .${folder})" ] && owner_of ${folder} && [ -z "$owner" ]; then
  rmdir -- .${folder}
  rm -f -- .${NOTICED}/${driver}.*
  if [ -d .${NOTICED} ]; then rmdir --ignore-fail-on-non-empty .${NOTICED}; fi
elif [ -d .${folder} ]; then
  sync -- .${folder}
fi`,
    timeoutSeconds: STEP_SECONDS,
    changes: [change],
    made: ({ stdout }) => (/^the package .* owns it$/m.test(stdout) ? [] : [change]),
    explain: explainTrouble,
  };
}

/** What the list names besides and is not there goes with it: a run that was killed while it removed left that. */
function forgetStep(
  removed: readonly string[],
  wanted: LibvirtHooksWanted,
  found: LibvirtHooksFound,
): Step[] {
  const named = new Set(wanted.hooks.filter(({ state }) => state === 'present').map(hookPath));
  const paths = [...found.placed.values()]
    .filter(
      ({ path, playbook }) =>
        removed.includes(path) ||
        (playbook === wanted.playbook &&
          IN_HOOK_FOLDER.test(path) &&
          !found.disk.has(path) &&
          !named.has(path) &&
          !wanted.namedElsewhere.includes(path)),
    )
    .map(({ path }) => path);
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
