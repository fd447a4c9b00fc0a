import { join } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import { type NewHook, scriptName } from '../new/new-hook.ts';
import type { TreeChange } from './change.ts';
import { configureMakefile } from './configure-list.ts';
import { debianControl, debianMakefile, debianNames } from './debian.ts';
import { treeFiles } from './hook-files.ts';
import { addToMakeList, findMakeList, type MakeList } from './make-list.ts';
import type { VdsmTree } from './read-tree.ts';
import { type HookPackage, specFiles, specPackage } from './spec-file.ts';
import { linesOf, type Splice } from './splice.ts';
import { editsOf, type WantedEdit } from './wanted-edits.ts';

/**
 * What a new hook changes in a checkout of VDSM: its folder below vdsm_hooks, the lists that build it, its package. What is
 * there already is left as it is, so a second time there is nothing to do.
 *
 * @param required whether it is built and packaged also without the additional hooks.
 * @param year for the copyright line of trees that have one.
 * @throws {InputError} where the tree has no place for a change, or another hook of that name.
 */
export function planHook(
  tree: VdsmTree,
  hook: NewHook,
  { required, year }: { readonly required: boolean; readonly year: number },
): readonly TreeChange[] {
  refuseOther(tree, hook, required);
  const dashed = hook.name.replaceAll('_', '-');
  const pack: HookPackage = {
    name: dashed,
    summary: hook.summary,
    description: `This hook of VDSM runs at ${hook.points.map(({ name }) => name).join(',\n')}.`.split('\n'),
    scripts: hook.points.map(point => `${point.name}/${scriptName(hook)}`),
    required,
  };
  const debian = tree.files.has('debian/control');
  const wanted: readonly WantedEdit[] = [
    {
      path: 'vdsm_hooks/Makefile.am',
      make: text => addToBuild(text, hook.name, required),
      needs: required ? 'list SUBDIRS' : 'list SUBDIRS inside `if HOOKS`',
    },
    {
      path: 'configure.ac',
      make: text => configureMakefile(text, hook.name),
      needs: 'list of vdsm_hooks/…/Makefile',
    },
    { path: 'vdsm.spec.in', make: text => specPackage(text, pack), needs: '%package hook-…' },
    {
      path: 'vdsm.spec.in',
      make: text => specFiles(text, pack),
      needs: required ? '%files hook-… outside of %if' : '%files hook-… inside `%if … with_hooks`',
    },
    ...(debian
      ? [
          {
            path: 'debian/control',
            make: (text: string) => debianControl(text, pack),
            needs: 'Package: vdsm-hook-…',
          },
          {
            path: 'debian/Makefile.am',
            make: (text: string) => debianMakefile(text, dashed),
            needs: 'list EXTRA_DIST',
          },
        ]
      : []),
  ];
  const [docs, install] = debianNames(dashed);
  const made = [
    ...treeFiles(tree, hook, year),
    ...(debian
      ? [
          { path: `debian/${docs}`, text: 'COPYING\n', mode: 0o644 as const },
          {
            path: `debian/${install}`,
            text: pack.scripts.map(script => `usr/libexec/vdsm/hooks/${script}\n`).join(''),
            mode: 0o644 as const,
          },
        ]
      : []),
  ];
  return [
    ...editsOf(tree, wanted),
    ...made.filter(({ path }) => !tree.files.has(path)).map(file => ({ kind: 'new' as const, ...file })),
  ];
}

interface Lists {
  readonly always: MakeList | undefined;
  readonly additional: MakeList | undefined;
}

function subdirs(lines: readonly string[]): Lists {
  const start = lines.indexOf('if HOOKS');
  const end = lines.indexOf('endif', start);
  return {
    always: findMakeList(lines, 'SUBDIRS', 0, start === -1 ? lines.length : start),
    additional: start === -1 || end === -1 ? undefined : findMakeList(lines, 'SUBDIRS', start, end),
  };
}

function addToBuild(text: string, name: string, required: boolean): readonly Splice[] | undefined {
  const lines = linesOf(text);
  const { always, additional } = subdirs(lines);
  const list = required ? always : additional;
  return list && addToMakeList(lines, list, [name]);
}

/** A folder of that name that was not made for this hook, or a hook on the other list. */
function refuseOther({ folder, files }: VdsmTree, hook: NewHook, required: boolean): void {
  const path = `vdsm_hooks/${hook.name}/Makefile.am`;
  const there = files.get(path);
  const absent = hook.points.filter(
    point => there !== undefined && !there.includes(`/${point.name}/${scriptName(hook)}`),
  );
  if (absent.length > 0 || (there === undefined && hasFolder(files, hook.name))) {
    throw new InputError([
      {
        place: { file: join(folder, path) },
        message:
          there === undefined
            ? 'is not there, and its folder is: this hook was not made here'
            : `is there already, and does not install ${absent[0]?.name}/${scriptName(hook)}`,
        hint: 'Choose another name, or add to that hook by hand.',
      },
    ]);
  }
  const { always, additional } = subdirs(linesOf(files.get('vdsm_hooks/Makefile.am') ?? ''));
  const other = required ? additional : always;
  if (other?.words.some(({ text }) => text === hook.name)) {
    throw new InputError([
      {
        place: { file: join(folder, 'vdsm_hooks/Makefile.am') },
        message: required
          ? `has ${hook.name} among the additional hooks: --required does not move it`
          : `has ${hook.name} among the hooks that are always built: that is --required`,
        hint: 'Undo it first, with --undo, or say what it is.',
      },
    ]);
  }
}

function hasFolder(files: VdsmTree['files'], name: string): boolean {
  return [...files.keys()].some(path => path.startsWith(`vdsm_hooks/${name}/`));
}
