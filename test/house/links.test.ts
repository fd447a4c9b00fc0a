import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'ava';

const ROOT = new URL('../../', import.meta.url);

const pages = [
  ...readdirSync(ROOT, { encoding: 'utf8' }).filter(name => name.endsWith('.md')),
  ...readdirSync(new URL('docs/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
].map(name => ({ name, text: readFileSync(new URL(name, ROOT), 'utf8') }));

const FENCED = /^ *(```+)[\s\S]*?^ *\1/gm;

/** A page without its code, where brackets are no links. */
function prose(text: string): string {
  return text.replace(FENCED, '').replace(/`[^`\n]*`/g, '');
}

/** The anchor of a heading, as GitHub makes it. */
function anchors(text: string): readonly string[] {
  const headings = text.replace(FENCED, '').matchAll(/^#{1,6} +(.*)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

test('every link of the docs leads somewhere', t => {
  const broken = pages.flatMap(({ name, text }) =>
    [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^(?:https?|mailto):/.test(link)) {
        return [];
      }
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? new URL(name, ROOT) : new URL(path, new URL(name, ROOT));
      if (!existsSync(target)) {
        return [`${name}: ${link}`];
      }
      return anchor !== undefined && !anchors(readFileSync(target, 'utf8')).includes(anchor)
        ? [`${name}: ${link} has no such heading`]
        : [];
    }),
  );
  t.deepEqual(broken, []);
});

test('every page of the docs can be found from the README', t => {
  const seen = new Set<string>();
  const queue = ['README.md'];
  for (const name of queue) {
    const page = pages.find(one => one.name === name);
    if (page === undefined || seen.has(name)) {
      continue;
    }
    seen.add(name);
    for (const [, link = ''] of prose(page.text).matchAll(/\]\(([^)\s#]+)/g)) {
      queue.push(new URL(link, new URL(name, ROOT)).href.slice(ROOT.href.length));
    }
  }
  t.deepEqual(
    pages.map(({ name }) => name).filter(name => !seen.has(name)),
    [],
  );
});
