import anyTest, { type TestFn } from 'ava';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { printable } from '../../src/core/printable.ts';
import { junitReport } from '../../src/report/junit.ts';
import { pageReport } from '../../src/report/page/page.ts';
import { fleetStory, PLAIN, type Wording } from '../report/fleet-story.ts';
import { startChromium } from './chromium.ts';

const test = anyTest as TestFn<{ browser: Browser; page: Page }>;

test.before(async t => {
  t.context.browser = await startChromium();
  const context = await t.context.browser.newContext();
  await context.addInitScript('globalThis.__name = one => one');
  t.context.page = await context.newPage();
  await t.context.page.goto('about:blank');
});
test.after.always(async t => {
  await t.context.browser?.close();
});

/** As many as have a map of tiles. */
const HOSTS = 22;

/** What breaks out of text, attributes, scripts, comments and XML where it is not escaped. */
const EVIL = [
  '</title><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '-->]]><svg onload=alert(1)>',
  '</style></script><iframe srcdoc=x>',
  '&lt;b&gt;&#0;&amp;amp;',
  '`<a href=javascript:alert(1)>',
  '\u0000\u001b[2J\u0007\u009b\u202eevil\ufffe\uffff',
  '\ud800 half \udc00',
  '<!--<plaintext>',
];

const evil = fc.oneof(
  fc.constantFrom(...EVIL),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '=', '/', '!', '-', ' ', '\n', 'a'),
    maxLength: 20,
  }),
);

/** Host names stay different, and what is told of several hosts stays the same: then the documents are alike. */
function evilWording(text: string): Wording {
  return {
    host: (number, hosts) => `${PLAIN.host(number, hosts)}${text}`,
    text: plain => `${plain}${text}`,
  };
}

const shown = (text: string) => printable(text).replaceAll(/\p{Surrogate}/gu, '\ufffd');

test('no text from a host, a playbook or an inventory becomes markup of the page, and none of it is lost', async t => {
  const { page } = t.context;
  const pageOf = (text: string) => pageReport(fleetStory(HOSTS, evilWording(text)), new Map());
  const harmless = await page.evaluate(skeletonOf, pageOf(''));
  t.is(harmless.filter(line => line.startsWith('script')).length, 1);
  await fc.assert(
    fc.asyncProperty(evil, async text => {
      // A text of as many characters and lines is shown in the same place.
      const harmlessToo = text.replaceAll(/[^\n]/g, 'x');
      const [found, wanted] = [
        await page.evaluate(skeletonOf, pageOf(text)),
        await page.evaluate(skeletonOf, pageOf(harmlessToo)),
      ];
      t.deepEqual(differing(found, wanted), []);
      const names = await page.evaluate(rowHeads, pageOf(text));
      const expected = fleetStory(HOSTS, evilWording(text)).hosts.map(({ name }) => shown(name));
      t.deepEqual(names.toSorted(), expected.toSorted());
    }),
    { numRuns: 150 },
  );
});

test('the JUnit report is XML whatever hosts say, and says the same', async t => {
  const { page } = t.context;
  const plain = await page.evaluate(xmlOf, junitReport(fleetStory(HOSTS)));
  t.is(plain.length, HOSTS + 1);
  await fc.assert(
    fc.asyncProperty(evil, async text => {
      const story = fleetStory(HOSTS, evilWording(text));
      const suites = await page.evaluate(xmlOf, junitReport(story));
      t.deepEqual(
        suites.map(({ cases }) => cases),
        plain.map(({ cases }) => cases),
      );
      const xmlShown = (name: string) =>
        printable(name).replaceAll(
          /\p{Surrogate}|[\ufffe\uffff]/gu,
          one => `\\u{${one.charCodeAt(0).toString(16)}}`,
        );
      t.deepEqual(
        suites.map(({ name }) => name),
        story.hosts.map(({ name }) => xmlShown(name)),
      );
    }),
    { numRuns: 150 },
  );
});

/** The first few of two lists that are not alike. */
function differing(found: readonly string[], wanted: readonly string[]): string[] {
  const all = Array.from({ length: Math.max(found.length, wanted.length) }, (_, i) => i);
  return all
    .filter(i => found[i] !== wanted[i])
    .slice(0, 5)
    .map(i => `${found[i]} in the place of ${wanted[i]}`);
}

/** Every element with the names of its attributes, and the values of those that are no text of anybody. */
function skeletonOf(text: string): string[] {
  const fixed = ['id', 'class', 'href', 'scope', 'role', 'http-equiv', 'data-i', 'data-o', 'content'];
  const parsed = new DOMParser().parseFromString(text, 'text/html');
  return [...parsed.querySelectorAll('*')].map(element => {
    const attributes = [...element.attributes].map(({ name, value }) =>
      fixed.includes(name) ? `${name}=${value}` : name,
    );
    const code = ['SCRIPT', 'STYLE'].includes(element.tagName) ? (element.textContent ?? '').length : '';
    return [element.tagName.toLowerCase(), ...attributes, code].join(' ');
  });
}

function rowHeads(text: string): string[] {
  const parsed = new DOMParser().parseFromString(text, 'text/html');
  return [...parsed.querySelectorAll('.matrix tbody th')].map(({ textContent }) => textContent ?? '');
}

function xmlOf(text: string): { readonly name: string; readonly cases: readonly string[] }[] {
  const parsed = new DOMParser().parseFromString(text, 'application/xml');
  const error = parsed.querySelector('parsererror');
  if (error !== null) {
    throw new Error(error.textContent ?? 'this is no XML');
  }
  return [...parsed.querySelectorAll('testsuite')].map(suite => ({
    name: suite.getAttribute('name') ?? '',
    cases: [...suite.querySelectorAll('*')].map(
      element => `${element.tagName} ${[...element.attributes].map(({ name }) => name).join(' ')}`,
    ),
  }));
}
