import { addToMakeList, findMakeList } from './make-list.ts';
import type { HookPackage } from './spec-file.ts';
import { insertAt, linesOf, type Splice } from './splice.ts';

const STANZA = /^Package: vdsm-hook-(\S+)/;

/** The names of the files below debian/ for a hook: its scripts, and its documentation. */
export function debianNames(name: string): readonly [docs: string, install: string] {
  return [`vdsm-hook-${name}.docs`, `vdsm-hook-${name}.install`];
}

/**
 * Adds the package of a hook to debian/control, behind the hook before it by name.
 *
 * @returns undefined where the file has no package of a hook.
 */
export function debianControl(text: string, hook: HookPackage): readonly Splice[] | undefined {
  const lines = linesOf(text);
  const found = lines.flatMap((line, at) => {
    const name = STANZA.exec(line)?.[1];
    return name === undefined ? [] : [{ name, at }];
  });
  const [first] = found;
  if (first === undefined || found.some(({ name }) => name === hook.name)) {
    return first && [];
  }
  const made = [
    `Package: vdsm-hook-${hook.name}`,
    'Architecture: all',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution of dpkg
    'Depends: ${shlibs:Depends}, ${misc:Depends}, python (>=2.7.3), vdsm (>= ${source:Version})',
    `Description: ${hook.summary}`,
    ...hook.description.map(line => ` ${line}`),
  ];
  const before = found
    .filter(({ name }) => name < hook.name)
    .reduce<typeof first | undefined>((best, one) => (best && best.name > one.name ? best : one), undefined);
  if (before === undefined) {
    return [insertAt(first.at, [...made, ''])];
  }
  const blank = lines.findIndex((line, i) => i > before.at && line.trim() === '');
  return [insertAt(blank === -1 ? lines.length : blank, ['', ...made])];
}

/** Names a hook's two files in debian/Makefile.am. @returns undefined where it has no list. */
export function debianMakefile(text: string, name: string): readonly Splice[] | undefined {
  const lines = linesOf(text);
  const list = findMakeList(lines, 'EXTRA_DIST');
  return list && addToMakeList(lines, list, debianNames(name), word => word.startsWith('vdsm-hook-'));
}

/** Names the folder of a hook point in debian/vdsm.dirs, which is sorted. @returns undefined where it names none. */
export function debianFolder(text: string, event: string): readonly Splice[] | undefined {
  const lines = linesOf(text);
  const folder = 'usr/libexec/vdsm/hooks/';
  const last = lines.findLastIndex(line => line.startsWith(folder));
  if (last === -1 || lines.includes(folder + event)) {
    return last === -1 ? undefined : [];
  }
  const next = lines.findIndex(line => line.startsWith(folder) && line > folder + event);
  return [insertAt(next === -1 ? last + 1 : next, [folder + event])];
}
