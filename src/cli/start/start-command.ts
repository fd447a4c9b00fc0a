import { Argument, type Command } from 'commander';
import type { Shell } from './completion.ts';

/** The commands for the first minutes, and for what stands around the program: shells, editors. */
export function addStart(program: Command, done: (exitCode: number) => void): void {
  program
    .command('init')
    .description('write an inventory, a playbook and settings to begin with')
    .argument('[folder]', 'where to (default: here)', '.')
    .action(async (folder: string) => {
      const { init } = await import('./init.ts');
      done(await init(folder));
    });
  program
    .command('completion')
    .description('print a script that teaches a shell to complete commands, options, hosts and hooks')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh']))
    .action(async (shell: Shell) => {
      const { printCompletion } = await import('./completion.ts');
      done(printCompletion(shell));
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      const { complete } = await import('./complete.ts');
      done(await complete(program, words));
    });
  program
    .command('schema')
    .description('print the JSON Schema of playbooks, for editors')
    .action(async () => {
      const { printSchema } = await import('./schema.ts');
      done(printSchema());
    });
}
