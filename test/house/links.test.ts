import { existsSync } from 'node:fs';
import test from 'ava';
import { PAGES, type Page, ROOT } from './pages.ts';

/** Where the links of a page lead; brackets in code are none. */
function linksOn({ prose }: Page): readonly string[] {
  const text = prose.join('\n').replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf({ prose }: Page): readonly string[] {
  return prose.flatMap(line => {
    const [, heading] = /^#{1,6} +(.*)$/.exec(line) ?? [];
    const anchor = heading
      ?.toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    return anchor === undefined ? [] : [anchor];
  });
}

/** The file that a link of a page leads to, below the project's folder. */
function targetOf(page: Page, link: string): string {
  const [path = ''] = link.split('#');
  return path === '' ? page.name : new URL(path, new URL(page.name, ROOT)).href.slice(ROOT.href.length);
}

function fault(page: Page, link: string): string | undefined {
  const target = targetOf(page, link);
  if (!existsSync(new URL(target, ROOT))) {
    return 'leads nowhere';
  }
  const [, anchor] = link.split('#');
  const there = PAGES.find(({ name }) => name === target);
  return anchor === undefined || there === undefined || anchorsOf(there).includes(anchor)
    ? undefined
    : 'has no such heading';
}

const isOutside = (link: string) => /^(?:https?|mailto):/.test(link);

test('every link of the docs leads somewhere', t => {
  t.deepEqual(
    PAGES.flatMap(page =>
      linksOn(page)
        .filter(link => !isOutside(link))
        .flatMap(link => {
          const wrong = fault(page, link);
          return wrong === undefined ? [] : [`${page.name}: ${link} ${wrong}`];
        }),
    ),
    [],
  );
});

test('every page of the docs can be found from the README', t => {
  const seen = new Set<string>();
  const queue = ['README.md'];
  for (const name of queue) {
    const page = PAGES.find(one => one.name === name);
    if (page !== undefined && !seen.has(name)) {
      seen.add(name);
      queue.push(...linksOn(page).map(link => targetOf(page, link)));
    }
  }
  t.deepEqual(
    PAGES.map(({ name }) => name).filter(name => !seen.has(name)),
    [],
  );
});
