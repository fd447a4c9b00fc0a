import type { Command } from 'commander';

const FOLDER = 'the folder of run records (default: ~/.local/state/hookfleet/runs)';

/** Where a command finds the records of runs. */
export function recordOption(command: Command): Command {
  return command.option('--record <dir>', FOLDER);
}

/** Where a command records its run. */
export function recordOptions(command: Command): Command {
  return command
    .option('--record <dir>', `${FOLDER}; none for no record`)
    .option('--no-record', 'keep no record of this run');
}
