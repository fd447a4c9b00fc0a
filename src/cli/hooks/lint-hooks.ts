import { type LintResult, lintPaths } from '../../authoring/lint.ts';
import { lintText } from '../../authoring/lint-text.ts';
import { HOOK_POINTS } from '../../catalog/events.ts';
import { LIBVIRT_DRIVERS, type LibvirtDriver } from '../../catalog/libvirt-drivers.ts';
import { InputError } from '../../core/input-error.ts';
import { didYouMean } from '../../core/suggest.ts';
import { docsOf } from '../../lint/finding.ts';
import { jsonText } from '../../report/json.ts';
import { makePaint } from '../../report/paint.ts';
import { readVersion } from '../version.ts';

/** Options of the command `hooks lint`. */
export interface LintOptions {
  readonly event?: string;
  readonly driver?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/**
 * The command `hooks lint PATH…`: 1 where a finding is an error, with `--strict` also where one is a warning.
 *
 * @throws {InputError} for a path with nothing there, and an event or driver that there is not.
 */
export async function lintHooks(paths: readonly string[], options: LintOptions): Promise<number> {
  const result = await lintPaths(paths, {
    ...(options.event === undefined ? {} : { event: known('event', options.event, EVENTS) }),
    ...(options.driver === undefined ? {} : { driver: known('driver', options.driver, DRIVERS) }),
  });
  const exitCode = exitCodeOf(result, options.strict ?? false);
  const { stdout } = process;
  stdout.write(
    options.json
      ? `${jsonText(document(result, exitCode))}\n`
      : `${lintText(result, makePaint(stdout, process.env))}\n`,
  );
  return exitCode;
}

const EVENTS = HOOK_POINTS.map(point => point.name);
const DRIVERS: readonly LibvirtDriver[] = LIBVIRT_DRIVERS.map(one => one.driver);

function known<T extends string>(kind: string, word: string, all: readonly T[]): T {
  const found = all.find(one => one === word);
  if (found !== undefined) {
    return found;
  }
  const near = didYouMean(word, all);
  const hint =
    near !== undefined
      ? `Did you mean "${near}"?`
      : kind === 'driver'
        ? `There are ${all.join(', ')}.`
        : 'hookfleet hooks events shows them all';
  throw new InputError([{ message: `unknown ${kind} "${word}"`, hint }]);
}

function exitCodeOf({ findings }: LintResult, strict: boolean): number {
  return findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning')) ? 1 : 0;
}

function document({ findings, scripts, missing }: LintResult, exitCode: number): object {
  return {
    hookfleet: readVersion(),
    command: 'hooks lint',
    exitCode,
    scripts,
    missing,
    findings: findings.map(({ id, severity, path, line, message, hint }) => ({
      ...{ id, severity, path, line, message, hint },
      docs: docsOf(id),
    })),
  };
}
