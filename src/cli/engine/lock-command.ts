import type { Command } from 'commander';
import { type EngineOptions, engineOptions } from '../options/engine-options.ts';

/** The commands about the locks of engines. */
export function addLock(lock: Command, done: (exitCode: number) => void): void {
  lock.description('look at the locks of engines, and take one away that was left').helpCommand(false);
  engineOptions(lock.command('status'))
    .description('who has the lock of each engine, and whether that hookfleet is still there')
    .action(async (options: EngineOptions) => {
      const { showLocks } = await import('./lock.ts');
      done(await showLocks(options));
    });
  engineOptions(lock.command('release'))
    .description('take the locks away, after telling whose they are and what may be half done')
    .option('--yes', 'do not ask')
    .action(async (options: EngineOptions) => {
      const { releaseLocks } = await import('./lock-release.ts');
      done(await releaseLocks(options));
    });
}
