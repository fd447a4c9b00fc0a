import { HostError } from '../core/failure.ts';
import { printable } from '../core/printable.ts';
import { HEALTH_TIMEOUT_SECONDS, HEALTH_URL } from '../playbook/playbook.ts';
import { type BoundResource, bind } from '../resources/bound.ts';
import { type EngineHistoryEntry, HISTORY_LOOK, readHistory } from '../resources/engine-history.ts';
import { engineRestoreResource } from '../resources/engine-restore.ts';
import { askEngines, exitCodeOf, findEngines, tellTrouble } from './engine-hosts.ts';
import type { EngineOptions } from './engine-options.ts';
import { runPlays } from './run-plays.ts';
import { thisRun } from './this-run.ts';

export interface RestoreOptions extends EngineOptions {
  readonly healthUrl?: string;
  /** Seconds. */
  readonly healthTimeout?: number;
}

/**
 * The command `engine restore`: brings back what engines had before a run, the way of every other change: the
 * difference, the question, the restart.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the input.
 */
export async function restoreEngines(run: string, options: RestoreOptions): Promise<number> {
  const engines = await findEngines(options);
  const answers = await askEngines(engines, options, async ask => {
    const [reply] = await ask([HISTORY_LOOK]);
    return pick(run, readHistory(reply?.stdout ?? ''));
  });
  const code = exitCodeOf(answers);
  if (code !== 0) {
    tellTrouble(answers);
    return code;
  }
  const entries = new Map(
    answers.flatMap(answer => (answer.error === null ? [[answer.name, answer.value] as const] : [])),
  );
  for (const [name, { id, holder }] of entries) {
    process.stderr.write(`${printable(`${name}: as it was before run ${id} of ${holder}`)}\n`);
  }
  const resourcesOf = ({ name }: { readonly name: string }): readonly BoundResource[] => [
    bind(engineRestoreResource, {
      values: entries.get(name)?.values ?? {},
      healthUrl: options.healthUrl ?? HEALTH_URL,
      healthTimeoutSeconds: options.healthTimeout ?? HEALTH_TIMEOUT_SECONDS,
      run: thisRun(),
    }),
  ];
  const play = {
    name: `Properties as they were before run ${run}`,
    hosts: engines.hosts,
    become: true,
    serial: [{ hosts: 1 }],
    budget: { maxFailPercentage: 0, maxFailed: 0 },
    pauseMs: 0,
    confirm: false,
    resourcesOf,
  };
  return runPlays(
    { name: 'engine', words: ['restore', run], changes: options.check !== true },
    { plays: [play], notes: [], warnings: [], needsWhole: true },
    // Its warnings were told when the engines were looked for.
    { ...engines.inventory, warnings: [] },
    options,
  );
}

/**
 * The saved state that a user means.
 * @throws {HostError} where there is none, or more than one.
 */
export function pick(run: string, newestFirst: readonly EngineHistoryEntry[]): EngineHistoryEntry {
  const meant = run === 'last' ? newestFirst.slice(0, 1) : newestFirst.filter(({ id }) => id.startsWith(run));
  const exact = meant.find(({ id }) => id === run) ?? (meant.length === 1 ? meant[0] : undefined);
  if (exact === undefined) {
    throw new HostError('failed', {
      kind: 'history',
      step: 'read the history',
      message:
        meant.length === 0
          ? `The history of this engine has no run ${run}`
          : `${meant.length} runs in the history of this engine begin with ${run}`,
      hint: 'hookfleet engine history shows them all; --engine names the engine that is meant.',
    });
  }
  return exact;
}
