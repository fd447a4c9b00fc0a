import { readFile } from 'node:fs/promises';
import test from 'ava';
import { docsOf } from '../../src/lint/finding.ts';
import { RULES } from '../../src/lint/rules.ts';
import { heldInDocs } from '../held-docs.ts';

const PAGE = 'docs/lint.md';

test('the table of findings is that of the program', t => {
  const rows = Object.entries(RULES)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { severity, of, what }]) => `| [\`${id}\`](#${id}) | ${severity} | ${of} | ${what} |`);
  return heldInDocs(
    t,
    PAGE,
    'findings',
    ['| id | severity | hooks of | what |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  );
});

test('each finding has a place of its own on the page, and nothing else has', async t => {
  const text = await readFile(new URL(`../../${PAGE}`, import.meta.url), 'utf8');
  const headings = [...text.matchAll(/^### (\S+)$/gm)].map(([, id]) => id ?? '');
  t.deepEqual(headings.toSorted(), [...Object.keys(RULES), 'shellcheck'].toSorted());
  t.is(docsOf('set-e'), `${PAGE}#set-e`);
  t.is(docsOf('shellcheck-SC2086'), `${PAGE}#shellcheck`);
});
