import type { Command } from 'commander';

/** Where the records of runs are. */
export function recordOption(command: Command): Command {
  return command.option(
    '--record <dir>',
    'the folder of run records (default: ~/.local/state/hookfleet/runs); none for no record',
  );
}

/** The same for a command that makes one. */
export function recordOptions(command: Command): Command {
  return recordOption(command).option('--no-record', 'keep no record of this run');
}
