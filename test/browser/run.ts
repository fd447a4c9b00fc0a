/**
 * `npm run test:browser [-- AVA_ARGUMENTS]`: the tests of the page in a real Chromium. Where there is none it says so,
 * loudly, and ends well - unless HOOKFLEET_LAB=require, as in CI.
 */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { findChromium } from './chromium.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

if (findChromium() !== undefined) {
  const ava = fileURLToPath(new URL('../../node_modules/ava/entrypoints/cli.mjs', import.meta.url));
  const { exitCode } = await execa(
    process.execPath,
    [ava, '--config', 'ava.browser.config.js', ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit', reject: false },
  );
  process.exitCode = exitCode ?? 1;
} else {
  const required = process.env.HOOKFLEET_LAB === 'require';
  process.stderr.write(notice(required));
  process.exitCode = required ? 1 : 0;
}

function notice(required: boolean): string {
  const bar = '*'.repeat(100);
  return [
    '',
    bar,
    `THE TESTS IN A BROWSER ${required ? 'CANNOT RUN' : 'ARE LEFT OUT'}: test/browser`,
    '',
    'Nothing was tested of: the page of --html in a browser, reports with hostile texts in its parsers.',
    'Missing here: chromium (apt-get install chromium)',
    ...(required ? ['HOOKFLEET_LAB=require says that they must run, so this is a failure.'] : []),
    bar,
    '',
    '',
  ].join('\n');
}
