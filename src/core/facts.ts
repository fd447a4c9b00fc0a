/** Versions of a host by what has them: `os`, `image`, and names of packages. What a host has not is left out. */
export type HostFacts = Readonly<Record<string, string>>;

/** What has another version than before; null where there was, or is, none. */
export interface FactChange {
  readonly fact: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between two looks at a host. */
export function factChanges(before: HostFacts, after: HostFacts): readonly FactChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map(fact => ({ fact, before: before[fact] ?? null, after: after[fact] ?? null }))
    .filter(change => change.before !== change.after);
}
