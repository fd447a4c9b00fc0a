import type { Command } from 'commander';
import { positiveInteger } from '../options/positive-integer.ts';
import { recordOption } from '../options/record-options.ts';
import type { RunsOptions } from './runs.ts';
import type { RunsDiffOptions } from './runs-diff.ts';
import type { RunsShowOptions } from './runs-show.ts';

const JSON_OPTION = ['--json', 'print one JSON document on stdout'] as const;
const DIFF_OPTION = ['--diff', 'show the whole text before and after each change'] as const;

/** The commands about the records of earlier runs. */
export function addRuns(runs: Command, done: (exitCode: number) => void): void {
  runs.description('look at the records of earlier runs').helpCommand(false);
  recordOption(runs.command('list', { isDefault: true }))
    .description('the runs, the newest first')
    .option('-n, --number <number>', 'how many at most (default: 20)', text => positiveInteger(text))
    .option(...JSON_OPTION)
    .action(async (options: RunsOptions) => {
      const { listRuns } = await import('./runs.ts');
      done(await listRuns(options));
    });
  recordOption(runs.command('show'))
    .description('what a run was asked, and what came of it')
    .argument('[run]', 'its id, or the beginning of it (default: the last one)')
    .option(...DIFF_OPTION)
    .option('-v, --verbose', 'show every host by its name, the unchanged ones too')
    .option(...JSON_OPTION)
    .action(async (run: string | undefined, options: RunsShowOptions) => {
      const { showRun } = await import('./runs-show.ts');
      done(await showRun(run, options));
    });
  recordOption(runs.command('diff'))
    .description('what has changed in the fleet between two runs: exit code 3 where something has')
    .argument('<earlier>', 'the id of a run, or the beginning of it')
    .argument('[later]', 'the same (default: the last run)')
    .option(...DIFF_OPTION)
    .option(...JSON_OPTION)
    .action(async (earlier: string, later: string | undefined, options: RunsDiffOptions) => {
      const { diffRecords } = await import('./runs-diff.ts');
      done(await diffRecords(earlier, later, options));
    });
}
