import type { Command } from 'commander';

/** For a command that may compare hooks with what VDSM and the engine see of them. */
export function deepOption(command: Command): Command {
  return command.option(
    '--deep',
    'compare the hooks also with what VDSM and the engine see of them; takes seconds a host',
  );
}

/** For a command that may change an engine, against what the engine itself says of that. */
export function engineGuardOptions(command: Command): Command {
  return command
    .option('--restart-busy-engine', 'restart the engine while jobs run there, or hosts are being installed')
    .option('--remove-used-properties', 'remove custom properties that VMs, templates or profiles still use');
}
