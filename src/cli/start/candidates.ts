import { HOOK_POINTS } from '../../catalog/events.ts';
import { HOOKS } from '../../catalog/hooks.ts';
import { optionsOf, type TypedWords } from './typed-words.ts';

/** Words that the one at the cursor may become; or it is the name of a file, which the shell itself completes. */
export type Candidates = readonly string[] | 'files';

/** Names of hosts and groups, looked up only where one may stand. */
export type InventoryNames = (inventories: readonly string[]) => Promise<readonly string[]>;

type Kind = 'file' | 'host' | 'pattern' | 'hook' | 'event' | 'other';

/** What arguments are, by their names in `--help`. */
const ARGUMENTS: Readonly<Record<string, Kind>> = {
  playbook: 'file',
  path: 'file',
  paths: 'file',
  folder: 'file',
  hook: 'hook',
  hooks: 'hook',
  event: 'event',
  patterns: 'pattern',
};

const OPTIONS: Readonly<Record<string, Kind>> = {
  limit: 'pattern',
  host: 'host',
  explain: 'host',
  event: 'event',
  acceptRisk: 'hook',
};

/** What may stand at the cursor. */
export async function candidates(typed: TypedWords, names: InventoryNames): Promise<Candidates> {
  const { command, pending, operands, inventories, current } = typed;
  if (pending) {
    if (pending.argChoices) {
      return beginning(pending.argChoices, current);
    }
    const isFile = /<(?:file|folder)>/.test(pending.flags);
    return ofKind(isFile ? 'file' : (OPTIONS[pending.attributeName()] ?? 'other'));
  }
  if (current.startsWith('-')) {
    return beginning(
      optionsOf(command).flatMap(({ long }) => long ?? []),
      current,
    );
  }
  const commands = command.createHelp().visibleCommands(command);
  if (commands.length > 0 && operands.length === 0) {
    return beginning(
      commands.map(one => one.name()),
      current,
    );
  }
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[operands.length] ?? (last?.variadic ? last : undefined);
  return argument?.argChoices
    ? beginning(argument.argChoices, current)
    : ofKind(ARGUMENTS[argument?.name() ?? ''] ?? 'other');

  async function ofKind(kind: Kind): Promise<Candidates> {
    switch (kind) {
      case 'file':
        return 'files';
      case 'hook':
        return beginning(
          HOOKS.filter(({ status }) => status !== 'removed').map(({ name }) => name),
          current,
        );
      case 'event':
        return beginning(
          HOOK_POINTS.map(({ name }) => name),
          current,
        );
      case 'host':
        return beginning(await names(inventories), current);
      case 'pattern': {
        const [, before = '', word = ''] = /^(.*[:,])?(.*)$/s.exec(current) ?? [];
        const sign = /^[!&]/.exec(word)?.[0] ?? '';
        const found = beginning(await names(inventories), word.slice(sign.length));
        return found.map(name => `${before}${sign}${name}`);
      }
      default:
        return [];
    }
  }
}

/** Those of the words that begin so and that no shell reads anything else into. */
function beginning(words: readonly string[], with_: string): string[] {
  return [...new Set(words)]
    .filter(word => word.startsWith(with_) && /^[\w@%+=:,./~-]+$/.test(word))
    .toSorted();
}
