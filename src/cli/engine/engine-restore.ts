import { type Failure, HostError } from '../../core/failure.ts';
import { printable } from '../../core/printable.ts';
import { HEALTH_TIMEOUT_SECONDS, HEALTH_URL } from '../../playbook/playbook.ts';
import { type BoundResource, bind } from '../../resources/bound.ts';
import { type EngineHistoryEntry, HISTORY_LOOK, readHistory } from '../../resources/engine/engine-history.ts';
import { engineRestoreResource } from '../../resources/engine/engine-restore.ts';
import { askHosts, exitCodeOf, type HostAnswer, tellTrouble } from '../login/ask-hosts.ts';
import type { EngineOptions } from '../options/engine-options.ts';
import { runPlays } from '../plays/run-plays.ts';
import { thisRun } from '../runs/this-run.ts';
import { findEngines } from './engine-hosts.ts';

/**
 * The command `engine restore`: brings back what engines had before a run, the way of every other change: the
 * difference, the question, the restart.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the input.
 */
export async function restoreEngines(run: string, options: EngineOptions): Promise<number> {
  const engines = await findEngines(options);
  const answers = sameRun(
    await askHosts(engines, options, async ask => {
      const [reply] = await ask([HISTORY_LOOK]);
      return pick(run, readHistory(reply?.stdout ?? ''));
    }),
  );
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
  const [{ id } = { id: run }] = entries.values();
  const play = {
    name: `Properties as they were before run ${id}`,
    hosts: engines.hosts,
    become: true,
    serial: [{ hosts: 1 }],
    budget: { maxFailPercentage: 0, maxFailed: 0 },
    pauseMs: 0,
    confirm: false,
    resourcesOf,
  };
  return runPlays(
    // By its whole name: what is the last run now is none any more once this one has written.
    { name: 'engine', words: ['restore', id], changes: options.check !== true },
    { plays: [play], notes: [], warnings: [], needsWhole: false },
    // Its warnings were told when the engines were looked for.
    { ...engines.inventory, warnings: [] },
    options,
  );
}

/** One run is brought back everywhere. Where `last`, or the beginning of a name, means several, each engine is told its own. */
export function sameRun(
  answers: readonly HostAnswer<EngineHistoryEntry>[],
): readonly HostAnswer<EngineHistoryEntry>[] {
  const ids = new Set(answers.flatMap(answer => (answer.error === null ? [answer.value.id] : [])));
  return ids.size < 2
    ? answers
    : answers.map(answer =>
        answer.error === null ? { name: answer.name, ...anotherRun(answer.name, answer.value) } : answer,
      );
}

function anotherRun(
  engine: string,
  { id }: EngineHistoryEntry,
): Pick<HostError, 'outcome'> & { error: Failure } {
  const { outcome, failure } = new HostError('failed', {
    kind: 'history',
    step: 'read the history',
    message: `That is the run ${id} on this engine, and another one elsewhere; nothing was touched`,
    hint: `Bring back one at a time: hookfleet engine restore ${id} --engine ${engine}`,
  });
  return { outcome, error: failure };
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
        newestFirst.length === 0
          ? 'The history of this engine is empty: no run has changed it'
          : meant.length === 0
            ? `The history of this engine has no run ${run}`
            : `${meant.length} runs in the history of this engine begin with ${run}`,
      hint: 'hookfleet engine history shows them all; --engine names the engine that is meant.',
    });
  }
  return exact;
}
