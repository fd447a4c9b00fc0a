import type { EngineValues } from '../../core/engine-values.ts';
import { HEALTH_URL } from '../../playbook/playbook.ts';
import { type HistoryLine, historyPage } from '../../report/engine-properties.ts';
import { readEngine } from '../../resources/engine/engine-found.ts';
import {
  type EngineHistoryEntry,
  HISTORY_LOOK,
  readHistory,
  valuesOf,
} from '../../resources/engine/engine-history.ts';
import { engineProbe } from '../../resources/engine/engine-probe.ts';
import { askHosts, exitCodeOf, tellTrouble } from '../login/ask-hosts.ts';
import type { EngineOptions } from '../options/engine-options.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import { findEngines } from './engine-hosts.ts';

/**
 * The command `engine history`: the runs that have changed each engine, the newest first.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the input.
 */
export async function showHistory(options: EngineOptions): Promise<number> {
  const probe = engineProbe({ network: true, healthUrl: HEALTH_URL });
  const answers = await askHosts(await findEngines(options), options, async run => {
    const [history, now] = await run([HISTORY_LOOK, probe]);
    const found = readEngine(now ?? { stdout: '', stderr: '', exitCode: 127 }, '');
    return historyLines(readHistory(history?.stdout ?? ''), valuesOf(found));
  });
  if (options.json) {
    const engines = answers.map(answer =>
      answer.error === null
        ? [answer.name, { outcome: 'ok', error: null, runs: answer.value }]
        : [answer.name, { outcome: answer.outcome, error: answer.error }],
    );
    printDocument('engine history', { engines: Object.fromEntries(engines) });
  } else {
    const pages = answers.flatMap(answer =>
      answer.error === null ? [historyPage(answer.name, answer.value, pageLook())] : [],
    );
    process.stdout.write(pages.map(page => `${page}\n`).join('\n'));
  }
  tellTrouble(answers);
  return exitCodeOf(answers);
}

/**
 * What each run has changed: the difference between what was there before it, and before the next one that saved the same
 * key; where there is none, what is there now. What others have changed in between counts with the run before it.
 */
export function historyLines(
  newestFirst: readonly EngineHistoryEntry[],
  now: EngineValues,
): readonly HistoryLine[] {
  let after = now;
  return newestFirst.map(({ id, holder, values }) => {
    const changed = differingRows(values, after);
    after = { ...after, ...values };
    return { run: id, holder, changed };
  });
}

function differingRows(before: EngineValues, after: EngineValues): string[] {
  return Object.entries(before).flatMap(([key, rows]) =>
    Object.entries(rows)
      .filter(([level, value]) => after[key] !== undefined && after[key][level] !== value)
      .map(([level]) => `${key} ${level}`)
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })),
  );
}
