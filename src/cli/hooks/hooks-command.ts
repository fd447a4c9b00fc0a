import type { Command } from 'commander';
import { catalogOption } from '../options/catalog-option.ts';
import type { EventsOptions } from './events.ts';
import type { ListOptions, ShowOptions } from './hooks.ts';
import { addLint } from './lint-command.ts';
import { addNew } from './new-command.ts';
import { addTry } from './try-command.ts';

/** The commands that look things up in the catalogue. */
export function addHooks(hooks: Command, done: (exitCode: number) => void): void {
  hooks.description('look hooks and events up in the catalogue').helpCommand(false);
  const json = ['--json', 'print one JSON document on stdout'] as const;
  const here = 'catalog in the current folder';
  catalogOption(hooks.command('list'), here)
    .description('the hooks that VDSM has, those that come from elsewhere, and your own')
    .option('--all', 'also those that VDSM no longer has')
    .option('--event <event>', 'only those with a script at this event')
    .option('--property <name>', 'only those that read this custom property')
    .option('--available-for <version>', 'only those that this oVirt or VDSM has: 4.4, 4.40, 4.50.5')
    .option('--removed', 'only those that VDSM no longer has')
    .option('--dangerous', 'only those that can keep VMs from starting without their property')
    .option(...json)
    .action(async (options: ListOptions) => {
      const { listHooks } = await import('./hooks.ts');
      done(await listHooks(options));
    });
  catalogOption(hooks.command('show'), here)
    .description('what a hook does and needs, its files, properties, versions and defects')
    .argument('<hook>', 'its name, or that of its package')
    .option(...json)
    .action(async (name: string, options: ShowOptions) => {
      const { showHook } = await import('./hooks.ts');
      done(await showHook(name, options));
    });
  catalogOption(hooks.command('events'), here)
    .description('the events at which VDSM and libvirt run hooks, or the rules of one')
    .argument(
      '[event]',
      'an event of VDSM, a driver of libvirt, or an operation: before_vm_start, qemu/prepare',
    )
    .option('--driver [driver]', 'only what libvirt calls, of this driver or of all')
    .option(...json)
    .action(async (event: string | undefined, options: EventsOptions) => {
      const { showEvents } = await import('./events.ts');
      done(await showEvents(event, options));
    });
  addLint(hooks, done);
  addNew(hooks, done);
  addTry(hooks, done);
}
