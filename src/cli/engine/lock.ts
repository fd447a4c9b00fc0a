import { lockTable } from '../../report/engine-properties.ts';
import {
  type EngineLockFound,
  isLeftBehind,
  LOCK_LOOK,
  lockHolder,
  lockMeaning,
  readLock,
} from '../../resources/engine/engine-lock.ts';
import { askHosts, exitCodeOf, tellTrouble } from '../login/ask-hosts.ts';
import type { EngineOptions } from '../options/engine-options.ts';
import { pageLook, printDocument } from '../terminal/page.ts';
import { findEngines } from './engine-hosts.ts';

/**
 * The command `lock status`: the lock of every engine, and what its host can tell of the one who has it.
 *
 * @returns the exit code.
 * @throws {InputError} for anything wrong with the input.
 */
export async function showLocks(options: EngineOptions): Promise<number> {
  const answers = await askHosts(await findEngines(options), options, async run => {
    const [reply] = await run([LOCK_LOOK]);
    return { lock: readLock(reply?.stdout ?? '') };
  });
  if (options.json) {
    const engines = answers.map(answer =>
      answer.error === null
        ? [answer.name, { outcome: 'ok', error: null, lock: answer.value.lock }]
        : [answer.name, { outcome: answer.outcome, error: answer.error }],
    );
    printDocument('lock status', { engines: Object.fromEntries(engines) });
  } else {
    const lines = answers.flatMap(answer =>
      answer.error === null ? [{ name: answer.name, ...heldBy(answer.value.lock) }] : [],
    );
    process.stdout.write(lines.length === 0 ? '' : `${lockTable(lines, pageLook())}\n`);
  }
  tellTrouble(answers);
  return exitCodeOf(answers);
}

function heldBy(lock: EngineLockFound | null) {
  return lock === null
    ? {}
    : { held: { by: lockHolder(lock), meaning: lockMeaning(lock), left: isLeftBehind(lock) } };
}
