import { InputError, type Problem } from '../../core/input-error.ts';
import { type PropertyWish, wishFault } from '../../engine/custom-properties.ts';

/** What the words of `vm set` and `vnic set` say. */
export interface SetWords {
  /** Names and globs, in the order given. */
  readonly patterns: readonly string[];
  readonly wishes: readonly PropertyWish[];
}

/**
 * Takes `VM… name=value…` apart: what has an equals sign is a property, what has none is a VM.
 *
 * @param unset names of properties to be taken away.
 * @throws {InputError} with all that is wrong with them.
 */
export function readSetWords(words: readonly string[], unset: readonly string[]): SetWords {
  const wishes: PropertyWish[] = [
    ...words.filter(word => word.includes('=')).map(assignmentOf),
    ...unset.map(name => ({ name, absent: true as const })),
  ];
  const faults = wishes.flatMap((wish): Problem[] => {
    const message = wishFault(wish);
    return message === undefined ? [] : [{ message }];
  });
  const names = wishes.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const problems = [
    ...faults,
    ...[...twice].map(name => ({ message: `the property ${name} is named twice` })),
  ];
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return { patterns: words.filter(word => !word.includes('=')), wishes };
}

function assignmentOf(word: string): PropertyWish {
  const at = word.indexOf('=');
  return { name: word.slice(0, at), value: word.slice(at + 1) };
}

/**
 * Refuses words that name no VMs, or VMs in two ways, or nothing to be done with them.
 *
 * @param restart whether they are to be restarted, for which nothing need be set.
 * @throws {InputError}
 */
export function refuseUnclear(
  command: string,
  { patterns, wishes }: SetWords,
  search: string | undefined,
  restart: boolean,
): void {
  if (patterns.length > 0 === (search !== undefined)) {
    throw new InputError([
      search === undefined
        ? { message: `${command} is told no VM`, hint: 'Name VMs, or search them: --search WORDS.' }
        : {
            message: `${patterns.join(', ')}: VMs are named, or searched with --search, not both`,
            hint: 'A property is name=value.',
          },
    ]);
  }
  if (wishes.length === 0 && !restart) {
    throw new InputError([
      {
        message: `${command} is told nothing to set`,
        hint: 'Say name=value, or --unset NAME; or --restart, for what waits already.',
      },
    ]);
  }
}
