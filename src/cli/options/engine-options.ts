import type { Command } from 'commander';
import { inventoryOption, loginOptions } from './command-options.ts';
import type { FleetOptions } from './options.ts';

/** Options of the commands about engines alone. */
export interface EngineOptions extends FleetOptions {
  /** The pattern of the engine hosts; the group `engine` where it is left out. */
  readonly engine?: string;
}

/** The options of every command about engines alone. */
export function engineOptions(command: Command): Command {
  return loginOptions(
    inventoryOption(command).option('--engine <pattern>', 'the engine hosts (default: the group engine)'),
  ).option('--json', 'print one JSON document on stdout');
}
