import type { Command } from 'commander';
import type { HooksOptions } from './hooks.ts';

/** The commands that look things up in the catalogue. */
export function addHooks(hooks: Command, done: (exitCode: number) => void): void {
  hooks.description('look hooks and events up in the catalogue').helpCommand(false);
  const json = ['--json', 'print one JSON document on stdout'] as const;
  hooks
    .command('list')
    .description('the hooks that VDSM has, and those that come from elsewhere')
    .option('--all', 'also those that VDSM no longer has')
    .option(...json)
    .action(async (options: HooksOptions) => {
      const { listHooks } = await import('./hooks.ts');
      done(listHooks(options));
    });
  hooks
    .command('show')
    .description('what a hook does and needs, its files, properties, versions and defects')
    .argument('<hook>', 'its name, or that of its package')
    .option(...json)
    .action(async (name: string, options: HooksOptions) => {
      const { showHook } = await import('./hooks.ts');
      done(showHook(name, options));
    });
  hooks
    .command('events')
    .description('the events at which VDSM runs hooks, or the rules of one')
    .argument('[event]', 'the name of an event: before_vm_start …')
    .option(...json)
    .action(async (event: string | undefined, options: HooksOptions) => {
      const { showEvents } = await import('./hooks.ts');
      done(showEvents(event, options));
    });
}
