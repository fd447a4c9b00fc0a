import type { EngineValues } from '../../core/engine-values.ts';
import { HEALTH_URL } from '../../playbook/playbook.ts';
import { enginePage } from '../../report/engine-properties.ts';
import { levelsOf } from '../../resources/engine/engine-diff.ts';
import { readEngine } from '../../resources/engine/engine-found.ts';
import { valuesOf } from '../../resources/engine/engine-history.ts';
import { engineProbe } from '../../resources/engine/engine-probe.ts';
import { diffWrites } from '../../resources/engine/engine-writes.ts';
import { askHosts, exitCodeOf, type HostAnswer, tellTrouble } from '../login/ask-hosts.ts';
import type { EngineOptions } from '../options/engine-options.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import { findEngines } from './engine-hosts.ts';
import { engineRows } from './engine-rows.ts';

interface Shown {
  readonly levels: readonly string[];
  readonly values: EngineValues;
  readonly notes: readonly string[];
}

/**
 * The command `engine show`: what every engine has, property by property.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the input.
 */
export async function showEngines(options: EngineOptions): Promise<number> {
  const probe = engineProbe({ network: true, healthUrl: HEALTH_URL });
  const answers = await askHosts(await findEngines(options), options, async (run): Promise<Shown> => {
    const [reply] = await run([probe]);
    const found = readEngine(reply ?? { stdout: '', stderr: '', exitCode: 127 }, '');
    const { changes, notes } = diffWrites([], found, false);
    const due = changes.some(({ action }) => action === 'restart')
      ? ['The engine runs with older properties than these: an apply restarts it']
      : [];
    return { levels: levelsOf(found), values: valuesOf(found), notes: [...due, ...notes] };
  });
  if (options.json) {
    printDocument('engine show', { engines: Object.fromEntries(answers.map(asJson)) });
  } else {
    const pages = answers.flatMap(answer =>
      answer.error === null
        ? [enginePage({ name: answer.name, ...answer.value, ...engineRows(answer.value.values) }, pageLook())]
        : [],
    );
    process.stdout.write(pages.map(page => `${page}\n`).join('\n'));
  }
  tellTrouble(answers);
  return exitCodeOf(answers);
}

function asJson(answer: HostAnswer<Shown>): [string, object] {
  if (answer.error !== null) {
    return [answer.name, { outcome: answer.outcome, error: answer.error }];
  }
  const { levels, values, notes } = answer.value;
  const { rows, unreadable } = engineRows(values);
  return [answer.name, { outcome: 'ok', error: null, levels, properties: rows, unreadable, values, notes }];
}
