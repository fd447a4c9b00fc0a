import { makeThrowAway, removeThrowAway } from '../../authoring/try/throw-away.ts';
import type { Tried } from '../../authoring/try/tried.ts';
import { InputError } from '../../core/input-error.ts';
import { jsonText } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { EXIT_INTERRUPTED } from '../../run/exit-code.ts';
import { confirm } from '../terminal/confirm.ts';
import { listenForInterrupts } from '../terminal/interrupt.ts';
import { Interrupted } from '../terminal/interrupted.ts';
import { canAsk } from '../terminal/questions.ts';
import { readVersion } from '../version.ts';
import { planTry, type TryPlan, type TryWishes } from './try-plan.ts';
import { passedOverText, triedDocument, triedText } from './try-text.ts';

/** Options of the command `hooks try`. */
export interface TryOptions extends TryWishes {
  /** In seconds. */
  readonly timeout: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * The command `hooks try PATH`: runs a hook as VDSM or libvirt would, on a sample or a file of the user's, as the user who
 * calls it. 0 where the operation would go on, 1 where it would not.
 *
 * @throws {InputError} for words that are wrong, a path with nothing to run, and where scripts would run as root and nobody
 * has agreed to that.
 */
export async function tryHook(path: string, options: TryOptions): Promise<number> {
  const plan = await planTry(path, options);
  const interrupt = listenForInterrupts(() => {}, '');
  try {
    await agreeToRoot(options, interrupt.stop);
    const done = await runAll(plan, options, interrupt.stop);
    if (interrupt.stop.aborted) {
      return EXIT_INTERRUPTED;
    }
    return show(path, plan, done, options);
  } finally {
    interrupt.dispose();
  }
}

/** A hook that is being written may do anything; as root it may do so to everything. */
async function agreeToRoot(options: TryOptions, signal: AbortSignal): Promise<void> {
  if (process.getuid?.() !== 0 || options.yes) {
    return;
  }
  const asked = canAsk({ json: options.json ?? false });
  const agreed =
    asked && (await confirm('You are root here, and so would the scripts be. Run them?', signal));
  if (signal.aborted) {
    throw new Interrupted();
  }
  if (!agreed) {
    throw new InputError([
      {
        message: 'the scripts would run as root on this machine',
        hint: 'Try them as another user; where they may have root here, give --yes.',
      },
    ]);
  }
}

async function runAll({ tries }: TryPlan, options: TryOptions, signal: AbortSignal) {
  const done: { tried: Tried; lent: boolean }[] = [];
  for (const one of tries) {
    const folder = await makeThrowAway();
    try {
      done.push(await one({ folder, timeLimitMs: options.timeout * 1000, signal }));
    } finally {
      await removeThrowAway(folder);
    }
  }
  return done;
}

function show(
  path: string,
  { caller, passedOver }: TryPlan,
  done: readonly { tried: Tried; lent: boolean }[],
  options: TryOptions,
): number {
  const exitCode = done.every(({ tried }) => tried.goesOn) ? 0 : 1;
  const lent = done.some(one => one.lent);
  if (options.json) {
    const document = {
      hookfleet: readVersion(),
      command: 'hooks try',
      exitCode,
      path,
      caller,
      lent,
      passedOver,
    };
    process.stdout.write(
      `${jsonText({ ...document, tries: done.map(({ tried }) => triedDocument(tried)) })}\n`,
    );
    return exitCode;
  }
  for (const one of passedOver) {
    process.stderr.write(`${passedOverText(one, caller)}\n`);
  }
  if (lent) {
    process.stderr.write(
      "VDSM is not installed here: scripts get a small module hooking of hookfleet's own.\n",
    );
  }
  const paint = makePaint(process.stdout, process.env);
  process.stdout.write(`${done.map(({ tried }) => triedText(tried, paint)).join('\n\n')}\n`);
  return exitCode;
}
