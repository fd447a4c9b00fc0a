/** Whether a pattern's term is more than a plain name. */
export function isGlob(term: string): boolean {
  return /[*?[]/.test(term);
}

/**
 * A shell glob as a regular expression over the whole name: `*`, `?`, `[seq]`, `[!seq]`, as Python's `fnmatch` reads
 * them. A bracket that is never closed stands for itself.
 *
 * @throws {SyntaxError} for a set that is no set, such as `[z-a]`.
 */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replaceAll(
    /\[(!|(?!!))(\][^\]]*|[^\]]+)\]|[\s\S]/g,
    (part, not: string | undefined, set?: string) => {
      if (set !== undefined) {
        return `[${not === '!' ? '^' : ''}${set.replaceAll(/[\\[\]^]/g, '\\$&')}]`;
      }
      return part === '*' ? '.*' : part === '?' ? '.' : part.replace(/[\\^$.|+()[\]{}/-]/, '\\$&');
    },
  );
  return new RegExp(`^(?:${source})$`, 's');
}
