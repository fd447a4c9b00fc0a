import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** A set of tests that needs more than Node. */
export interface Suite {
  /** Ava's settings, in the project's own folder. */
  readonly config: string;
  /** Where the tests lie. */
  readonly folder: string;
  /** What they are, for a heading: `THE TESTS ON REAL HOSTS`. */
  readonly name: string;
  /** What is not tested where they do not run. */
  readonly untested: string;
  /** What is not there, and where to get it; empty where the tests can run. */
  readonly missing: readonly string[];
}

/**
 * Runs a set of tests, with the arguments of the command line for ava. Where something is missing it says so, loudly, and
 * ends well - unless HOOKFLEET_LAB=require, as in CI.
 */
export async function runSuite(suite: Suite): Promise<void> {
  if (suite.missing.length > 0) {
    const required = process.env.HOOKFLEET_LAB === 'require';
    process.stderr.write(notice(suite, required));
    process.exitCode = required ? 1 : 0;
    return;
  }
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { exitCode } = await execa(
    process.execPath,
    ['node_modules/ava/entrypoints/cli.mjs', '--config', suite.config, ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit', reject: false },
  );
  process.exitCode = exitCode ?? 1;
}

function notice({ name, folder, untested, missing }: Suite, required: boolean): string {
  const bar = '*'.repeat(100);
  return [
    '',
    bar,
    `${name} ${required ? 'CANNOT RUN' : 'ARE LEFT OUT'}: ${folder}`,
    '',
    `Nothing was tested of: ${untested}.`,
    'Missing here:',
    ...missing.map(line => `  - ${line}`),
    ...(required ? ['HOOKFLEET_LAB=require says that they must run, so this is a failure.'] : []),
    bar,
    '',
    '',
  ].join('\n');
}
