import anyTest, { type TestFn } from 'ava';
import type { Browser } from 'playwright-core';
import { pageReport } from '../../src/report/page/page.ts';
import { fleetStory } from '../report/fleet-story.ts';
import { openPage, startChromium } from './chromium.ts';

const test = anyTest as TestFn<{ browser: Browser }>;

test.before(async t => {
  t.context.browser = await startChromium();
});
test.after.always(async t => {
  await t.context.browser?.close();
});

const documentOf = (hosts: number) => pageReport(fleetStory(hosts), new Map());

for (const hosts of [3, 40, 1000]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${hosts} hosts, ${colorScheme}: nothing is loaded, nothing overflows, every name is there`, async t => {
      const story = fleetStory(hosts);
      for (const width of [400, 1280, 3840]) {
        const viewport = { width, height: 900 };
        const { page, requests, complaints } = await openPage(t, t.context.browser, documentOf(hosts), {
          colorScheme,
          viewport,
        });
        const names = await page.locator('.matrix tbody th').allInnerTexts();
        t.deepEqual(names.toSorted(), story.hosts.map(({ name }) => name).toSorted());
        t.true(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          `${width} wide`,
        );
        t.deepEqual(requests, []);
        t.deepEqual(complaints, []);
        const links = await page
          .locator('[href], [src], [action]')
          .evaluateAll(all => all.map(one => one.getAttribute('href') ?? 'src or action'));
        t.deepEqual(
          links.filter(link => !link.startsWith('#')),
          [],
        );
        const targets = await page.evaluate(
          all => all.filter(link => document.getElementById(link.slice(1)) === null),
          links,
        );
        t.deepEqual(targets, [], 'every link within the page has its place');
      }
    });

    test(`${hosts} hosts, ${colorScheme}: every text has enough contrast, every state a colour and a sign`, async t => {
      const { page } = await openPage(t, t.context.browser, documentOf(hosts), { colorScheme });
      t.deepEqual(await page.evaluate(poorContrasts), []);
      const looks = await page.evaluate(statesShown);
      t.true(looks.length >= 4);
      for (const part of ['sign', 'word', 'colours'] as const) {
        t.is(new Set(looks.map(look => look[part])).size, looks.length, part);
      }
      t.true(looks.every(({ sign, word }) => sign.length > 0 && word.length > 0));
    });
  }
}

test('what somebody smuggles into the page neither runs nor loads anything', async t => {
  const evil = `<script>document.title = 'evil'</script><img src="http://127.0.0.1:9/x" onerror="document.title = 'evil'"><p style="position:fixed" id="smuggled">x</p><iframe src="http://127.0.0.1:9/"></iframe>`;
  const smuggled = documentOf(3).replace('<main>', () => `${evil}<main>`);
  const { page, complaints } = await openPage(t, t.context.browser, smuggled);
  t.notRegex(await page.title(), /evil/);
  t.is(await page.locator('#smuggled').evaluate(one => getComputedStyle(one).position), 'static');
  t.true(complaints.length >= 3);
  t.true(
    complaints.every(text => text.includes('Content Security Policy')),
    complaints.join('\n'),
  );
});

test('filters show the hosts that are asked for, one by one and together', async t => {
  const story = fleetStory(120);
  const { page } = await openPage(t, t.context.browser, documentOf(120));
  const shown = () => page.locator('.matrix tbody tr:not([hidden]) th').allInnerTexts();
  const namesOf = (is: (host: (typeof story.hosts)[number]) => boolean) =>
    story.hosts.filter(is).map(({ name }) => name);
  const agrees = async (is: (host: (typeof story.hosts)[number]) => boolean) => {
    const names = namesOf(is);
    t.deepEqual((await shown()).toSorted(), names.toSorted());
    t.is(await page.locator('output').innerText(), `${names.length} of 121 hosts`);
  };
  await agrees(() => true);
  await page.getByRole('searchbox', { name: 'host' }).fill('KVM-01');
  await agrees(({ name }) => name.includes('kvm-01'));
  await page.getByRole('checkbox', { name: 'drifted' }).check();
  await agrees(({ name, result }) => name.includes('kvm-01') && result.outcome === 'drifted');
  await page.getByRole('button', { name: 'Show all' }).click();
  await agrees(() => true);
  await page.getByRole('checkbox', { name: 'failed' }).check();
  await page.getByRole('checkbox', { name: 'unreachable' }).check();
  await agrees(({ result: { outcome } }) => outcome === 'failed' || outcome === 'unreachable');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('combobox', { name: 'group' }).selectOption('rack-2');
  await agrees(({ groups }) => groups.includes('rack-2'));
  await page.getByRole('combobox', { name: 'differs in' }).selectOption('vdsm-hook nestedvt');
  const nestedvt = story.columns.findIndex(({ id }) => id === 'nestedvt');
  await agrees(({ groups, cells }) => groups.includes('rack-2') && cells[nestedvt]?.state === 'drifted');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('combobox', { name: 'version' }).selectOption('libvirt-daemon 10.0.0-7.el9');
  await agrees(({ result }) => result.facts?.['libvirt-daemon'] === '10.0.0-7.el9');
});

test('hosts can be ordered: the worst first, as in the inventory, by name', async t => {
  const story = fleetStory(40);
  const { page } = await openPage(t, t.context.browser, documentOf(40));
  const rows = () => page.locator('.matrix tbody th').allInnerTexts();
  const worst = await rows();
  t.like(worst, ['kvm-11.example.org', 'kvm-03.example.org', 'kvm-02.example.org']);
  await page.getByRole('combobox', { name: 'order' }).selectOption('as in the inventory');
  t.deepEqual(
    await rows(),
    story.hosts.map(({ name }) => name),
  );
  await page.getByRole('combobox', { name: 'order' }).selectOption('by name');
  t.is((await rows())[0], 'engine-01.example.org');
  await page.getByRole('combobox', { name: 'order' }).selectOption('worst first');
  t.deepEqual(await rows(), worst);
});

test('by keyboard alone: past the totals, through the filters, to what differs on a host', async t => {
  const { page } = await openPage(t, t.context.browser, documentOf(40));
  const focused = () => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 60) ?? '');
  await page.keyboard.press('Tab');
  t.regex(await focused(), /class="skip"/);
  await page.keyboard.press('Enter');
  t.true(page.url().endsWith('#hosts'));
  await page.keyboard.press('Tab');
  t.regex(await focused(), /type="search"/);
  await page.keyboard.type('kvm-05');
  t.is(await page.locator('output').innerText(), '1 of 41 hosts');
  for (let i = 0; i < 20 && !(await focused()).startsWith('<a href="#what'); i += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  const target = page.locator('article:target');
  t.regex(await target.innerText(), /kvm-05\.example\.org[\s\S]*nestedvt[\s\S]*install/);
  t.true(await target.evaluate(one => one.getBoundingClientRect().top < innerHeight));
});

test('a screen reader is told of tables, their heads, and each cell in words', async t => {
  const { page } = await openPage(t, t.context.browser, documentOf(3));
  await page.getByRole('region', { name: 'Hosts' }).first().waitFor();
  const row = page
    .getByRole('row', { name: /kvm-2\.example\.org/ })
    .filter({ has: page.getByRole('rowheader') });
  const cells = await row.last().getByRole('cell').allInnerTexts();
  t.true(cells.length > 0);
  const tree = await page.locator('.matrix').ariaSnapshot();
  t.regex(tree, /rowheader "kvm-2\.example\.org"/);
  t.regex(tree, /columnheader "vdsm-hook diskunmap"/);
  t.regex(tree, /cell "differs"/);
  t.regex(tree, /cell "ok"/);
  t.notRegex(tree, /[✓≠]/, 'the signs are for the eyes alone');
  const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts();
  t.deepEqual(headings, [
    'Since the run before',
    'Hosts',
    'What differs, and how',
    'Engines: custom properties by cluster level',
    'Versions',
  ]);
});

test('on paper there are no filters, and no table is cut off', async t => {
  const { page } = await openPage(t, t.context.browser, documentOf(120), { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
  t.false(await page.locator('form').isVisible());
  const scrolls = await page
    .locator('.scroll')
    .evaluateAll(all =>
      all.map(one => [one.scrollHeight - one.clientHeight, getComputedStyle(one).overflowY]),
    );
  t.true(
    scrolls.every(([hidden, overflow]) => hidden === 0 && overflow === 'visible'),
    JSON.stringify(scrolls),
  );
  t.is(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  t.true((await page.pdf({ format: 'A4' })).length > 10_000);
});

test('without its script the page says the same, and offers no filters', async t => {
  const { page, complaints } = await openPage(t, t.context.browser, documentOf(40), {
    javaScriptEnabled: false,
  });
  t.is(await page.locator('.matrix tbody tr').count(), 41);
  t.false(await page.locator('form').isVisible());
  t.deepEqual(complaints, []);
});

test('the page says how old it is, and warns when it is a day', async t => {
  const { page } = await openPage(t, t.context.browser, documentOf(3));
  const ended = await page.locator('header time').getAttribute('datetime');
  await page.clock.install({ time: Date.parse(ended ?? '') + 5 * 60_000 });
  await page.reload();
  t.is(await page.locator('#age').innerText(), '(5 min ago)');
  t.is(await page.locator('#age').getAttribute('class'), '');
  await page.clock.fastForward('25:00:00');
  t.is(await page.locator('#age').innerText(), '(25 h ago)');
  t.is(await page.locator('#age').getAttribute('class'), 'stale');
});

/** Texts whose colour is too near to what is behind them (WCAG 2.2, 1.4.3), each kind of element once. */
function poorContrasts(): string[] {
  const channel = (value: number) =>
    value / 255 <= 0.040_45 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const numbers = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([r = 0, g = 0, b = 0]: number[]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element: Element | null): number[] => {
    const back = element === null ? [255, 255, 255] : numbers(getComputedStyle(element).backgroundColor);
    return element !== null && back[3] === 0 ? behind(element.parentElement) : back;
  };
  const poor = new Set<string>();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(
      node => node.nodeType === 3 && (node.textContent ?? '').trim() !== '',
    );
    if (!own && getComputedStyle(element, '::before').content === 'none') {
      continue;
    }
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) {
      poor.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
    }
  }
  return [...poor];
}

/** How each state of the matrix looks. */
function statesShown(): { readonly sign: string; readonly word: string; readonly colours: string }[] {
  const looks = new Map<string, { readonly sign: string; readonly word: string; readonly colours: string }>();
  for (const cell of document.querySelectorAll('.matrix tbody td:nth-child(n + 3)')) {
    const style = getComputedStyle(cell);
    looks.set(cell.className, {
      sign: getComputedStyle(cell, '::before').content,
      word: cell.textContent ?? '',
      colours: `${style.color} on ${style.backgroundColor}`,
    });
  }
  return [...looks.values()];
}
