import { InputError, type Problem } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import { globToRegExp, isGlob } from '../../inventory/glob.ts';

/** A VM or a vNIC profile, and where it is. */
export interface Named {
  readonly id: string;
  /** `DATACENTER/VM`, `DATACENTER/NETWORK/PROFILE` */
  readonly path: string;
}

/**
 * Those that are named: by an id, by the last parts of their path, or by a glob of these; each once.
 *
 * @param noun in the singular: `VM`.
 * @param which how to say which one is meant, where several have the name.
 * @throws {InputError} for a pattern that none matches, and for a name that several have.
 */
export function chooseNamed<T extends Named>(
  all: readonly T[],
  patterns: readonly string[],
  { noun, which }: { readonly noun: string; readonly which: string },
): readonly T[] {
  const chosen = new Set<T>();
  const problems: Problem[] = [];
  for (const pattern of patterns) {
    const matches = matcherOf(pattern);
    const some = all.filter(({ id, path }) => id === pattern || matches(tail(path, pattern)));
    if (some.length === 0) {
      problems.push(noneFault(pattern, noun, all));
    } else if (some.length > 1 && !isGlob(pattern)) {
      const paths = some.map(({ path }) => path).join(', ');
      problems.push({ message: `${some.length} ${noun}s are called ${pattern}: ${paths}`, hint: which });
    }
    for (const one of some) {
      chosen.add(one);
    }
  }
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return [...chosen];
}

/** What tells one from all others: its path, or its id where another has that path too, whose place this user is not shown. */
export function uniquePath({ id, path }: Named, all: readonly Named[]): string {
  return all.some(other => other.path === path && other.id !== id) ? id : path;
}

/** As many of the last parts of a path as the pattern has. */
function tail(path: string, pattern: string): string {
  return path.split('/').slice(-pattern.split('/').length).join('/');
}

function matcherOf(pattern: string): (name: string) => boolean {
  if (!isGlob(pattern)) {
    return name => name === pattern;
  }
  try {
    const glob = globToRegExp(pattern);
    return name => glob.test(name);
  } catch {
    throw new InputError([{ message: `"${pattern}" is no pattern of names` }]);
  }
}

function noneFault(pattern: string, noun: string, all: readonly Named[]): Problem {
  const near = didYouMean(
    pattern,
    all.map(({ path }) => tail(path, pattern)),
  );
  return {
    message: isGlob(pattern)
      ? `no ${noun} matches ${pattern}`
      : `the engine shows no ${noun} ${pattern} to this user; a property is name=value`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  };
}
