import { type Command, Option } from 'commander';
import type { NewHookOptions } from './new-hook.ts';
import type { NewPointOptions } from './new-point.ts';

/** Adds `new` and `new-point`: what begins a hook's life. */
export function addNew(hooks: Command, done: (exitCode: number) => void): void {
  treeOptions(hooks.command('new'))
    .description('make a hook of your own, in a folder or in a checkout of VDSM')
    .argument('<name>', 'its name, as in site_audit')
    .option('--event <event>', 'an event that it runs at; may be given more than once', gather)
    .addOption(
      new Option('--language <language>', 'what its scripts are written in')
        .choices(['python', 'sh'])
        .default('python'),
    )
    .option('--property <name=regex>', 'its custom property (default: NAME=^(true|false)$)')
    .option('--summary <text>', 'what it does, in one line')
    .option('--dir <folder>', 'where its folder is made, also inside a checkout of VDSM (default: here)')
    .option('--required', 'in a checkout: built and packaged also without the additional hooks')
    .action(async (name: string, options: NewHookOptions) => {
      const { newHook } = await import('./new-hook.ts');
      done(await newHook(name, options));
    });
  treeOptions(hooks.command('new-point'))
    .description('make a hook point in a checkout of VDSM: its function, its folder, its manual page')
    .argument('<event>', 'its name, as in before_vm_freeze')
    .addOption(
      new Option('--input <kind>', 'what its scripts are given (default: read off its name)').choices([
        'domain',
        'device',
        'json',
        'empty',
      ]),
    )
    .action(async (event: string, options: NewPointOptions) => {
      const { makePoint } = await import('./new-point.ts');
      done(await makePoint(event, options));
    });
}

function treeOptions(command: Command): Command {
  return command
    .option('--tree <folder>', 'a checkout of VDSM (default: the one that the current folder lies in)')
    .option('--undo', 'take back what the same command has done to a checkout')
    .option('--yes', 'do not ask before changing a checkout')
    .option('--check', 'only show what would be changed')
    .addOption(new Option('--dry-run', 'the same as --check').implies({ check: true }))
    .option('--json', 'print one JSON document on stdout');
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
