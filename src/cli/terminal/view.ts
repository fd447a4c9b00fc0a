import type { Aliases } from '../../report/cause.ts';
import { systemClock } from '../../report/clock.ts';
import type { RunAbout } from '../../report/header.ts';
import { makePaint } from '../../report/paint.ts';
import { plainView } from '../../report/plain.ts';
import type { View } from '../../report/view.ts';
import type { FleetOptions } from '../options/options.ts';

/** A live view on a terminal, lines in a pipe or in CI, nothing with `--json` or `--quiet`; all of it on stderr. */
export async function openView(
  options: Pick<FleetOptions, 'json' | 'quiet' | 'verbose'>,
  about: RunAbout,
  aliases: Aliases,
  env: NodeJS.ProcessEnv = process.env,
): Promise<View> {
  const write = (line: string) => {
    process.stderr.write(`${line}\n`);
  };
  if (options.json || options.quiet) {
    return { report: () => {}, say: write, finished: async () => {} };
  }
  const shared = { about, aliases, paint: makePaint(process.stderr, env), clock: systemClock };
  if (process.stderr.isTTY && !isCi(env) && env.TERM !== 'dumb' && !options.verbose) {
    const [{ liveView }, { symbolsFor }] = await Promise.all([
      import('../../report/live.ts'),
      import('../../report/symbols.ts'),
    ]);
    return liveView(process.stderr, { ...shared, symbols: symbolsFor(env) });
  }
  return plainView(write, { ...shared, verbose: options.verbose ?? false });
}

/** As CI systems say it of themselves. */
function isCi({ CI = '' }: NodeJS.ProcessEnv): boolean {
  return !['', '0', 'false'].includes(CI.toLowerCase());
}
