import { findHookPoint, type HookPoint } from '../../catalog/events.ts';
import type { Problem } from '../../core/input-error.ts';
import type { TreeChange } from './change.ts';
import { debianFolder } from './debian.ts';
import { hookFunction } from './hook-functions.ts';
import { addToMakeList, findMakeList } from './make-list.ts';
import { manualPage } from './manual-page.ts';
import { firstOf, type VdsmTree } from './read-tree.ts';
import { specFolder } from './spec-file.ts';
import { linesOf } from './splice.ts';
import { editsOf, type WantedEdit } from './wanted-edits.ts';

/** A hook point that is to be made. */
export interface NewPoint {
  readonly event: string;
  readonly input: HookPoint['input'];
  /** Whether a failing script makes the operation fail. */
  readonly aborts: boolean;
}

/**
 * What a hook point of a name is: as in today's VDSM where that has it; else read off its name, as VDSM's are: `before_`
 * aborts, `_vm_` gives the domain, devices their XML, and what is asked for gives JSON.
 */
export function newPoint(event: string, input?: HookPoint['input']): NewPoint {
  const known = findHookPoint(event);
  return {
    event,
    input: input ?? known?.input ?? inputOf(event),
    aborts: known?.aborts ?? event.startsWith('before_'),
  };
}

function inputOf(event: string): HookPoint['input'] {
  if (/_(?:device|nic|disk|memory)(?:_|$)/.test(event)) {
    return 'device';
  }
  if (/_(?:get|list|network)_/.test(event)) {
    return 'json';
  }
  return /_vm_/.test(event) ? 'domain' : 'empty';
}

/** What is wrong with the name of a new hook point. */
export function pointNameProblem(event: string): Problem | undefined {
  return /^(?:before|after)_[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(event)
    ? undefined
    : {
        message: `"${event}" is no name for a hook point`,
        hint: 'They begin with before_ or after_, in small letters, as in before_vm_freeze.',
      };
}

const FUNCTIONS = ['lib/vdsm/common/hooks.py', 'lib/vdsm/hooks.py', 'vdsm/hooks.py'];
const MANUALS = ['static/usr/share/man/man8/vdsmd.8.in', 'vdsm/vdsmd.8.in'];

/**
 * What a new hook point changes in a checkout of VDSM: its function, its folder, the manual page; in trees that name each
 * folder of the package, those lists too. What is there already is left as it is.
 *
 * @throws {InputError} where the tree has no place for a change.
 */
export function planPoint(tree: VdsmTree, point: NewPoint): readonly TreeChange[] {
  const wanted: readonly WantedEdit[] = [
    {
      path: functionsOf(tree),
      make: text => hookFunction(text, point),
      needs: 'functions before_… and after_… that call _runHooksDir',
    },
    {
      path: 'vdsm_hooks/Makefile.am',
      make: text => {
        const lines = linesOf(text);
        const list = findMakeList(lines, 'VDSMHOOKS');
        return list && addToMakeList(lines, list, [point.event], () => false);
      },
      needs: 'list VDSMHOOKS',
    },
    {
      path: firstOf(tree, MANUALS) ?? MANUALS[0] ?? '',
      make: text => manualPage(text, point),
      needs: 'list of hooks with self-explanatory names, or none of those with another environment',
    },
    {
      path: 'vdsm.spec.in',
      make: text => specFolder(text, point.event),
      needs: '%dir …/hooks/…',
    },
    ...(tree.files.has('debian/vdsm.dirs')
      ? [
          {
            path: 'debian/vdsm.dirs',
            make: (text: string) => debianFolder(text, point.event),
            needs: 'usr/libexec/vdsm/hooks/…',
          },
        ]
      : []),
  ];
  return editsOf(tree, wanted);
}

/** The file of a tree that has the functions of the hook points; the newest place where there is none. */
export function functionsOf(tree: VdsmTree): string {
  return firstOf(tree, FUNCTIONS) ?? FUNCTIONS[0] ?? '';
}
