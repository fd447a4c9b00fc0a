import { Command, InvalidArgumentError, Option } from 'commander';
import { inventoryOption, loginOptions } from '../options/command-options.ts';
import { type EngineApiOptions, engineApiOptions } from '../options/engine-api-options.ts';
import type { FleetOptions } from '../options/options.ts';
import { positiveInteger } from '../options/positive-integer.ts';

/** Options of the commands about VMs and vNIC profiles. */
export interface VmOptions extends FleetOptions, EngineApiOptions {
  /** In the engine's search language. */
  readonly search?: string;
}

export interface VmSetOptions extends VmOptions {
  readonly unset?: readonly string[];
  readonly restart?: boolean;
  /** How long a VM may take to go down, and again to come up, in seconds. */
  readonly vmTimeout?: number;
  /** How many VMs at once. */
  readonly serial?: number;
}

/** As `--timeout` of the hosts, and the setting of that name, is not meant: its value is kept under another name. */
class VmTimeout extends Option {
  override attributeName(): string {
    return 'vmTimeout';
  }
}

/** How an engine's API is reached, and the host that its certificate may be read from; of these all but `--timeout`. */
export function engineOptionsOf(command: Command): Command {
  const { options } = engineApiOptions(loginOptions(inventoryOption(new Command())));
  for (const option of options.filter(({ long }) => long !== '--timeout')) {
    command.addOption(option);
  }
  return command
    .option(
      '--engine <pattern>',
      'the engine host, where the inventory has several (default: the group engine)',
    )
    .option('--json', 'print one JSON document on stdout')
    .option('--quiet', 'show only how it ended');
}

export function searchOption(command: Command): Command {
  return command.option(
    '--search <words>',
    "the VMs by the engine's search language: 'cluster=prod and tag=x'",
    readSearch,
  );
}

/** To the engine an empty search means all VMs; who gives one has most likely lost a variable. */
function readSearch(words: string): string {
  if (words.trim() === '') {
    throw new InvalidArgumentError("It is empty; all VMs are '*', without --search.");
  }
  return words;
}

export function cycleOptions(command: Command): Command {
  return command
    .addOption(
      new VmTimeout(
        '--timeout <seconds>',
        'how long a VM may take to go down, and again to come up (default: 300)',
      ).argParser(text => positiveInteger(text, 86_400)),
    )
    .option('--serial <number>', 'how many VMs at once (default: 1)', text => positiveInteger(text));
}

/** Seconds; a guest that installs updates as it goes down takes minutes. */
export const VM_TIMEOUT = 300;
