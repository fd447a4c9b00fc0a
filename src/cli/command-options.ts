import { type Command, InvalidArgumentError } from 'commander';

/** A command that reads a playbook and works on the fleet. */
export function playbookCommand(command: Command): Command {
  return fleetOptions(command.argument('<playbook>', 'a YAML file: the plays'));
}

/** The options of every command that works on the fleet. */
export function fleetOptions(command: Command): Command {
  return inventoryOption(command)
    .option('-l, --limit <pattern>', 'only hosts that match as well: a:b, a:&b, a:!b, globs')
    .option('-f, --forks <number>', 'how many hosts at once (default: 50)', text => positiveInteger(text))
    .option('-u, --user <name>', 'login user, where the inventory names none')
    .option('--private-key <file>', 'identity file, where the inventory names none')
    .option('--known-hosts <file>', 'trust the host keys in this file, instead of ~/.ssh/known_hosts')
    .option('-b, --become', "take root's rights with sudo, in every play")
    .option(
      '--dnf-lock-wait <seconds>',
      "how long to wait for another one's dnf (default: 60, at most 3600)",
      text => positiveInteger(text, 3600),
    )
    .option('--diff', 'show the whole text before and after each change')
    .option('--json', 'print one JSON document on stdout')
    .option('-v, --verbose', 'show every host, the unchanged ones too');
}

export function inventoryOption(command: Command): Command {
  return command.requiredOption(
    '-i, --inventory <file>',
    'inventory file; may be given several times',
    (file: string, files: readonly string[] = []) => [...files, file],
  );
}

export function positiveInteger(text: string, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1 || number > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  }
  return number;
}
