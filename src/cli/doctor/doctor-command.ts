import type { Command } from 'commander';
import { inventoryOption, loginOptions } from '../options/command-options.ts';
import { positiveInteger } from '../options/positive-integer.ts';
import type { DoctorOptions } from './doctor.ts';

/** The command `doctor`. */
export function addDoctor(command: Command, done: (exitCode: number) => void): void {
  loginOptions(
    inventoryOption(command)
      .option('-l, --limit <pattern>', 'only hosts that match: a:b, a:&b, a:!b, globs')
      .option('-f, --forks <number>', 'how many hosts at once (default: 50)', text => positiveInteger(text)),
  )
    .description('look at this machine and, with -i, at each host: what is missing, what to type')
    .option('--json', 'print one JSON document on stdout')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./doctor.ts');
      done(await doctor(options));
    });
}
