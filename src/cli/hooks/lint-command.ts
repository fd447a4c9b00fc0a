import type { Command } from 'commander';
import type { LintOptions } from './lint-hooks.ts';

/** The command that looks hooks through before anything runs them. */
export function addLint(hooks: Command, done: (exitCode: number) => void): void {
  hooks
    .command('lint')
    .description('what is wrong with hook scripts: their names, modes, places and text; runs none of them')
    .argument('<path...>', 'scripts, hooks, or folders with hooks in them')
    .option('--event <event>', 'the event of VDSM that the scripts are for, where no folder says it')
    .option('--driver <driver>', 'the driver of libvirt that the scripts are for: qemu, network …')
    .option('--strict', 'end with 1 for warnings too')
    .option('--json', 'print one JSON document on stdout')
    .action(async (paths: string[], options: LintOptions) => {
      const { lintHooks } = await import('./lint-hooks.ts');
      done(await lintHooks(paths, options));
    });
}
