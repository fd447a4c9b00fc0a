import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import { findMakeList } from './make-list.ts';
import { linesOf } from './splice.ts';

/** What is read of a checkout of VDSM; paths are relative to it. */
export interface VdsmTree {
  readonly folder: string;
  /** The text of each file that was looked for and is there. */
  readonly files: ReadonlyMap<string, string>;
}

/** The files that a new hook or hook point changes, in any tree from 2014 on. */
const LOOKED_AT = [
  'configure.ac',
  'vdsm.spec.in',
  'vdsm_hooks/Makefile.am',
  'vdsm_hooks/README',
  // The one hook that every tree has: which Python the scripts of this tree run with.
  'vdsm_hooks/qemucmdline/before_vm_start.py',
  'lib/vdsm/common/hooks.py',
  'lib/vdsm/hooks.py',
  'vdsm/hooks.py',
  'static/usr/share/man/man8/vdsmd.8.in',
  'vdsm/vdsmd.8.in',
  'debian/control',
  'debian/Makefile.am',
  'debian/vdsm.dirs',
];

/** The checkout of VDSM that a folder lies in, or undefined. */
export async function findTree(from: string): Promise<string | undefined> {
  let folder = resolve(from);
  for (;;) {
    const configure = await readFile(join(folder, 'configure.ac'), 'utf8').catch(() => '');
    const hooks = await stat(join(folder, 'vdsm_hooks/Makefile.am')).catch(() => undefined);
    if (isVdsm(configure) && hooks) {
      return folder;
    }
    const above = dirname(folder);
    if (above === folder) {
      return undefined;
    }
    folder = above;
  }
}

function isVdsm(configure: string): boolean {
  return /^AC_INIT\(\[vdsm\]/m.test(configure);
}

/**
 * Reads what a new hook or hook point changes in a checkout of VDSM.
 *
 * @param hook the hook whose own folder is read too.
 * @throws {InputError} where the folder is no checkout of VDSM, with what is missing, or a file cannot be changed safely.
 */
export async function readTree(folder: string, hook?: string): Promise<VdsmTree> {
  const own = hook === undefined ? [] : await ownFiles(folder, hook);
  const files = new Map<string, string>();
  for (const path of [...LOOKED_AT, ...own]) {
    const text = await readText(folder, path);
    if (text !== undefined) {
      files.set(path, text);
    }
  }
  const missing = ['configure.ac', 'vdsm_hooks/Makefile.am', 'vdsm.spec.in'].filter(path => !files.has(path));
  if (missing.length > 0 || !isVdsm(files.get('configure.ac') ?? '')) {
    const reason =
      missing.length > 0 ? `it has no ${missing.join(', no ')}` : 'configure.ac has no AC_INIT([vdsm]';
    throw new InputError([
      {
        place: { file: folder },
        message: `is no checkout of VDSM: ${reason}`,
        hint: 'Name the top folder of the checkout.',
      },
    ]);
  }
  return { folder, files };
}

/** The hook points of a tree, as the list of folders in vdsm_hooks/Makefile.am has them. */
export function treeEvents({ files }: VdsmTree): readonly string[] {
  const list = findMakeList(linesOf(files.get('vdsm_hooks/Makefile.am') ?? ''), 'VDSMHOOKS');
  return list?.words.map(({ text }) => text) ?? [];
}

/** The first of some files that a tree has. */
export function firstOf({ files }: VdsmTree, paths: readonly string[]): string | undefined {
  return paths.find(path => files.has(path));
}

async function ownFiles(folder: string, hook: string): Promise<string[]> {
  const path = `vdsm_hooks/${hook}`;
  const found = await readdir(join(folder, path), { withFileTypes: true }).catch(() => []);
  const debian = [`debian/vdsm-hook-${hook.replaceAll('_', '-')}.docs`];
  return [
    ...found.filter(entry => entry.isFile()).map(({ name }) => `${path}/${name}`),
    ...debian,
    ...debian.map(one => one.replace(/docs$/, 'install')),
  ];
}

async function readText(folder: string, path: string): Promise<string | undefined> {
  const bytes = await readFile(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      return undefined;
    }
    throw unsafe(folder, path, `cannot be read: ${error.code}`);
  });
  const text = bytes?.toString('utf8');
  if (bytes && text !== undefined && !Buffer.from(text, 'utf8').equals(bytes)) {
    throw unsafe(folder, path, 'is no UTF-8, and would not be the same after a change');
  }
  return text;
}

function unsafe(folder: string, path: string, message: string): InputError {
  return new InputError([{ place: { file: join(folder, path) }, message }]);
}
