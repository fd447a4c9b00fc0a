import { InputError } from '../../core/input-error.ts';
import { printable } from '../../core/printable.ts';
import { sh } from '../../core/sh.ts';
import {
  type EngineLockFound,
  LOCK_LOOK,
  lockHolder,
  lockMeaning,
  readLock,
  releaseLock,
} from '../../resources/engine/engine-lock.ts';
import { MARKER_FILE } from '../../resources/engine/engine-shell.ts';
import { type AskedHosts, askHosts, exitCodeOf, type HostAnswer, tellTrouble } from '../login/ask-hosts.ts';
import type { EngineOptions } from '../options/engine-options.ts';
import { confirm } from '../terminal/confirm.ts';
import { listenForInterrupts } from '../terminal/interrupt.ts';
import { printDocument } from '../terminal/page.ts';
import { canAsk } from '../terminal/questions.ts';
import { findEngines } from './engine-hosts.ts';

interface Held {
  readonly lock: EngineLockFound | null;
  /** A restart of the engine may be due. */
  readonly marked: boolean;
}

/**
 * The command `lock release`: tells whose locks these are and what may be half done, asks, and takes them away.
 *
 * @returns the exit code: also 1 where a lock was taken by somebody else meanwhile.
 * @throws {InputError} for anything wrong with the input, and where nobody can answer.
 */
export async function releaseLocks(options: EngineOptions): Promise<number> {
  if (!options.yes && !canAsk(options)) {
    throw new InputError([
      {
        message: 'lock release asks before it takes a lock away, and nobody can answer here',
        hint: 'Look at `hookfleet lock status`, then give --yes.',
      },
    ]);
  }
  const engines = await findEngines(options);
  const looked = await askHosts(engines, options, async (run): Promise<Held> => {
    const [look, marker] = await run([LOCK_LOOK, sh`[ -e .${MARKER_FILE} ]`]);
    return { lock: readLock(look?.stdout ?? ''), marked: marker?.exitCode === 0 };
  });
  tellTrouble(looked);
  const held = new Map(looked.flatMap(answer => heldOf(answer)));
  for (const [name, { lock, marked }] of held) {
    for (const line of situation(name, lock, marked)) {
      process.stderr.write(`${printable(line)}\n`);
    }
  }
  if (held.size > 0 && !(await agrees(held.size, options))) {
    return exitCodeOf(looked);
  }
  const hosts = engines.hosts.filter(({ name }) => held.has(name));
  const released = await release({ ...engines, hosts }, held, options);
  if (options.json) {
    printDocument('lock release', { released: released.filter(isFree).map(({ name }) => name) });
  } else {
    process.stdout.write(released.map(answer => printable(`${outcomeOf(answer)}\n`)).join(''));
    process.stdout.write(held.size === 0 ? 'No engine that was reached is locked.\n' : '');
  }
  return released.every(isFree) ? exitCodeOf(looked) : 1;
}

type Taken = HostAnswer<EngineLockFound | null>;

async function release(
  engines: AskedHosts,
  held: ReadonlyMap<string, { readonly lock: EngineLockFound }>,
  options: EngineOptions,
): Promise<readonly Taken[]> {
  if (engines.hosts.length === 0) {
    return [];
  }
  const answers = await askHosts(engines, options, async (run, { name }) => {
    const [, look] = await run([releaseLock(held.get(name)?.lock.run ?? ''), LOCK_LOOK]);
    return readLock(look?.stdout ?? '');
  });
  tellTrouble(answers);
  return answers;
}

function heldOf(answer: HostAnswer<Held>): [string, { lock: EngineLockFound; marked: boolean }][] {
  return answer.error === null && answer.value.lock !== null
    ? [[answer.name, { lock: answer.value.lock, marked: answer.value.marked }]]
    : [];
}

function situation(name: string, lock: EngineLockFound, marked: boolean): string[] {
  return [
    `${name} is locked by ${lockHolder(lock)}: ${lockMeaning(lock)}.`,
    ...(lock.state === 'alive' || lock.state === 'unknown'
      ? ['  If it is at work after all, the lock does not keep another run out of the middle of it any more.']
      : ['  An apply takes such a lock over by itself.']),
    marked
      ? '  Half done, perhaps: some cluster levels may have their new values and others not, and a restart may be due. The next apply goes on from what is there.'
      : '  No restart is due: it had not begun to write, or had come to its end.',
  ];
}

async function agrees(count: number, options: EngineOptions): Promise<boolean> {
  if (options.yes) {
    return true;
  }
  const interrupt = listenForInterrupts(() => {});
  try {
    return await confirm(`Take ${count === 1 ? 'this lock' : `these ${count} locks`} away?`, interrupt.stop);
  } finally {
    interrupt.dispose();
  }
}

function isFree(answer: Taken): boolean {
  return answer.error === null && answer.value === null;
}

function outcomeOf(answer: Taken): string {
  if (answer.error !== null) {
    return `${answer.name}: not released`;
  }
  return answer.value === null
    ? `${answer.name}: released`
    : `${answer.name}: not released, it is locked by ${lockHolder(answer.value)} by now`;
}
