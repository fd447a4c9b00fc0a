import type { Command } from 'commander';
import { catalogOption } from '../options/catalog-option.ts';
import { fleetOptions } from '../options/command-options.ts';
import { deepOption, engineGuardOptions } from '../options/engine-view-options.ts';
import type { InstallOptions } from './install.ts';

type Parsed = Omit<InstallOptions, 'engine'> & { readonly engine?: string | boolean };

/** Adds `install`. @param done takes the exit code. */
export function addInstall(command: Command, done: (exitCode: number) => void): void {
  engineGuardOptions(madePlaybook(command))
    .description('install hooks on all hypervisors, with the properties that they need, without a playbook')
    .argument('<hooks...>', 'names of the catalogue, or of packages; NAME@VERSION for one version')
    .option('--engine <pattern>', 'the engine host (default: the group engine)')
    .option('--no-engine', 'leave the custom properties out')
    .option('--allow-downgrade', 'let an older version come in the place of a newer one')
    .option(
      '--accept-risk <hook>',
      'install this hook also where it can keep VMs from starting (may be given several times)',
      (hook: string, others: readonly string[] = []) => [...others, hook],
    )
    .action(async (hooks: string[], { engine, ...others }: Parsed) => {
      const { install } = await import('./install.ts');
      // Without either option the parser says true: the engine is to be looked for.
      const options = engine === true || engine === undefined ? others : { ...others, engine };
      done(await install(hooks, options));
    });
}

/** Adds `remove`. @param done takes the exit code. */
export function addRemove(command: Command, done: (exitCode: number) => void): void {
  madePlaybook(command)
    .description('remove hooks from all hypervisors, without a playbook; the engine keeps its properties')
    .argument('<hooks...>', 'names of the catalogue, or of packages')
    .action(async (hooks: string[], options: InstallOptions) => {
      const { remove } = await import('./install.ts');
      done(await remove(hooks, options));
    });
}

function madePlaybook(command: Command): Command {
  return catalogOption(deepOption(fleetOptions(command)), 'catalog in the current folder')
    .option('--hosts <pattern>', 'the hosts (default: the group hypervisors, else all but the engine)')
    .option('--yes', 'do not ask before changing anything')
    .option('--check', 'only show what differs')
    .option('--print-playbook', 'print the playbook that this is, and contact nobody');
}
