import { insertAt, linesOf, type Splice } from './splice.ts';

const LINE = /^(\s*)vdsm_hooks\/([\w.-]+)\/Makefile$/;

/**
 * Names the Makefile of a hook in configure.ac, among those of the other hooks, which stand sorted.
 *
 * @returns undefined where the file names no such Makefile.
 */
export function configureMakefile(text: string, hook: string): readonly Splice[] | undefined {
  const found = linesOf(text).flatMap((line, at) => {
    const [, indent, name] = LINE.exec(line) ?? [];
    return indent === undefined || name === undefined ? [] : [{ at, indent, name }];
  });
  const last = found.at(-1);
  if (last === undefined) {
    return undefined;
  }
  if (found.some(({ name }) => name === hook)) {
    return [];
  }
  const next = found.find(({ name }) => name > hook);
  return [insertAt(next ? next.at : last.at + 1, [`${last.indent}vdsm_hooks/${hook}/Makefile`])];
}
