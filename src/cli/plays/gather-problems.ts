import { InputError, type Problem } from '../../core/input-error.ts';

/**
 * Waits for all of them, so that everything that is wrong with the input is told at once.
 *
 * @throws {InputError} with the problems of every one that failed so; any other error as it is.
 */
export async function allOrProblems<const T extends readonly Promise<unknown>[]>(
  promises: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  const settled = await Promise.allSettled(promises);
  const reasons: unknown[] = settled.flatMap(one => (one.status === 'rejected' ? [one.reason] : []));
  const problems = reasons.flatMap(reason => (reason instanceof InputError ? reason.problems : []));
  const unforeseen = reasons.find(reason => !(reason instanceof InputError));
  if (unforeseen !== undefined) {
    throw unforeseen;
  }
  if (problems.length > 0) {
    throw new InputError(withoutRepeats(problems));
  }
  return Promise.all(promises) as Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }>;
}

/** What is wrong with something that several plays share would else be told once a play. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()];
}
