/**
 * Whether a name matches a list of ssh's patterns: `*`, `?`, and `!` for all but (ssh_config(5), PATTERNS). One that
 * says `!` and matches decides alone; a list of nothing else matches nothing.
 */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  const hits = patterns.filter(pattern => wildcard(pattern.replace(/^!/, '')).test(name));
  return hits.length > 0 && !hits.some(pattern => pattern.startsWith('!'));
}

/** `*` for any text, `?` for any character. */
export function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
