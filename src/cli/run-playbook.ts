import { loadInventory } from '../inventory/load.ts';
import { loadPlaybook } from '../playbook/playbook.ts';
import { LOCK_WAIT_SECONDS } from '../resources/dnf-shell.ts';
import { allOrProblems } from './gather-problems.ts';
import type { FleetOptions } from './options.ts';
import { probeScript } from './print-probe.ts';
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
  const [playbook, inventory] = await allOrProblems([loadPlaybook(file), loadInventory(options.inventory)]);
  const selection = await selectPlays(playbook, inventory, options, {
    dnfLockWaitSeconds: options.dnfLockWait ?? LOCK_WAIT_SECONDS,
    // A part of the hosts says nothing of what the others need.
    namedOnly: options.limit !== undefined,
  });
  if (options.printProbe) {
    process.stdout.write(probeScript(selection.plays));
    return 0;
  }
  const words = [file];
  return runPlays({ name: command, words, changes: command === 'apply' }, selection, inventory, options);
}
