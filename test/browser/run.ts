/** `npm run test:browser [-- AVA_ARGUMENTS]`: the tests of the page in a real Chromium. */
import { runSuite } from '../run-suite.ts';
import { findChromium } from './chromium.ts';

await runSuite({
  config: 'ava.browser.config.js',
  folder: 'test/browser',
  name: 'THE TESTS IN A BROWSER',
  untested: 'the page of --html in a browser, reports with hostile texts in its parsers',
  missing: findChromium() === undefined ? ['chromium: apt-get install chromium'] : [],
});
