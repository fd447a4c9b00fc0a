import type { Reporter } from '../core/event.ts';
import { makePaint } from '../report/paint.ts';
import { plainReporter } from '../report/plain.ts';
import type { FleetOptions } from './options.ts';

/** What shows a run while it goes on. */
export interface View {
  readonly report: Reporter;
  finished(): Promise<void>;
}

/** A live view on a terminal, lines in a pipe or in CI, nothing with `--json`; all of it on stderr. */
export async function openView(options: FleetOptions, env: NodeJS.ProcessEnv = process.env): Promise<View> {
  if (options.json) {
    return silent(() => {});
  }
  if (process.stderr.isTTY && !env.CI && env.TERM !== 'dumb' && !options.verbose) {
    const { liveView } = await import('../report/live.ts');
    return liveView(process.stderr);
  }
  const write = (line: string) => process.stderr.write(`${line}\n`);
  return silent(plainReporter(write, makePaint(process.stderr, env), options.verbose ?? false));
}

function silent(report: Reporter): View {
  return { report, finished: async () => {} };
}
