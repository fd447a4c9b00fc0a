import type { Command } from 'commander';
import { type CatalogOptions, catalogOption } from '../options/catalog-option.ts';
import { type EngineOptions, engineOptions } from '../options/engine-options.ts';
import { engineGuardOptions } from '../options/engine-view-options.ts';
import { positiveInteger } from '../options/positive-integer.ts';
import { recordOptions } from '../options/record-options.ts';

/** The commands about engines. */
export function addEngine(engine: Command, done: (exitCode: number) => void): void {
  engine.description('look at the custom properties of engines, and bring old ones back').helpCommand(false);
  catalogOption(engine.command('deploy-tasks'), 'catalog beside the playbook')
    .argument('<playbook>', 'a YAML file: the plays')
    .description('print the tasks by which the engine brings the hook packages to the hosts that it installs')
    .action(async (playbook: string, options: CatalogOptions) => {
      const { printDeployTasks } = await import('./deploy-tasks.ts');
      done(await printDeployTasks(playbook, options));
    });
  engineOptions(engine.command('show'))
    .description('the custom properties of every cluster level, and the hooks that read them')
    .action(async (options: EngineOptions) => {
      const { showEngines } = await import('./engine-show.ts');
      done(await showEngines(options));
    });
  engineOptions(engine.command('history'))
    .description('the runs that have changed properties, and what each has changed')
    .action(async (options: EngineOptions) => {
      const { showHistory } = await import('./engine-history.ts');
      done(await showHistory(options));
    });
  engineGuardOptions(recordOptions(engineOptions(engine.command('restore'))))
    .argument('<run>', 'a run of the history, or the beginning of its name; "last" for the newest')
    .description('bring the properties back that were there before a run')
    .option('--check', 'only show what differs')
    .option('--yes', 'do not ask before changing anything')
    .option('--diff', 'show the whole text before and after each change')
    .option(
      '--lock-wait <seconds>',
      'how long to wait for another hookfleet (default: 60, at most 86400)',
      text => positiveInteger(text, 86_400),
    )
    .option('--health-url <url>', 'where the engine host asks for the health of its engine')
    .option(
      '--health-timeout <seconds>',
      'how long the engine may take after a restart (default: 300)',
      text => positiveInteger(text, 86_400),
    )
    .action(async (run: string, options: EngineOptions) => {
      const { restoreEngines } = await import('./engine-restore.ts');
      done(await restoreEngines(run, options));
    });
}
