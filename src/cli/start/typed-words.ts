import type { Command, Option } from 'commander';

/** What somebody has typed so far, and what the word at the cursor may become. */
export interface TypedWords {
  /** The innermost command that was named. */
  readonly command: Command;
  /** Its name with those above it: `hooks show`; empty before any is named. */
  readonly path: string;
  /** The option whose value stands at the cursor. */
  readonly pending?: Option;
  /** The arguments of the command before the cursor. */
  readonly operands: readonly string[];
  /** What `-i` was given. */
  readonly inventories: readonly string[];
  /** The word at the cursor, as far as it goes. */
  readonly current: string;
}

/** Goes over the words as commander would, as far as completion needs it. The last one is the word at the cursor. */
export function readTyped(program: Command, words: readonly string[]): TypedWords {
  let command = program;
  const path: string[] = [];
  const operands: string[] = [];
  const inventories: string[] = [];
  let pending: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (pending) {
      if (pending.attributeName() === 'inventory') {
        inventories.push(word);
      }
      pending = undefined;
    } else if (word.startsWith('-')) {
      const option = optionsOf(command).find(({ long, short }) => word === long || word === short);
      pending = option?.required ? option : undefined;
    } else {
      const below = command.commands.find(one => one.name() === word);
      if (below && operands.length === 0) {
        command = below;
        path.push(word);
      } else {
        operands.push(word);
      }
    }
  }
  return {
    command,
    path: path.join(' '),
    ...(pending && { pending }),
    operands,
    inventories,
    current: words.at(-1) ?? '',
  };
}

/** The options of a command and of those above it, without the hidden ones. */
export function optionsOf(command: Command): readonly Option[] {
  const own = command.options.filter(({ hidden }) => !hidden);
  return command.parent ? [...own, ...optionsOf(command.parent)] : own;
}
