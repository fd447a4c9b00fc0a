import { dirname } from 'node:path';
import { loadPlaybook } from '../../playbook/playbook.ts';
import { LOCK_WAIT_SECONDS } from '../../resources/package/dnf-shell.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { FleetOptions } from '../options/options.ts';
import { resolveRerun, withRerun } from '../runs/rerun.ts';
import { probeScript } from '../terminal/print-probe.ts';
import { allOrProblems } from './gather-problems.ts';
import { runPlays } from './run-plays.ts';
import { selectPlays } from './select-plays.ts';

/**
 * The commands `apply` and `check`: reads and checks all that the user wrote, before any host is contacted, then runs
 * the plays.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the input.
 */
export async function runPlaybook(
  command: 'apply' | 'check',
  file: string,
  options: FleetOptions,
): Promise<number> {
  const [playbook, inventory] = await allOrProblems([
    loadPlaybook(file, options.catalog),
    readInventory(options, dirname(file)),
  ]);
  const words = [file];
  const rerun = await resolveRerun({ name: command, words }, options, inventory);
  const prepare = {
    dnfLockWaitSeconds: options.dnfLockWait ?? LOCK_WAIT_SECONDS,
    deep: options.deep ?? false,
    // A part of the hosts says nothing of what the others need.
    namedOnly: options.limit !== undefined || rerun !== undefined,
  };
  const selection = await selectPlays(playbook, inventory, options, prepare, rerun);
  if (options.printProbe) {
    process.stdout.write(probeScript(selection.plays));
    return 0;
  }
  const about = { name: command, words, changes: command === 'apply' };
  return runPlays(about, selection, inventory, withRerun(options, rerun));
}
