import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { heldInDocs } from '../held-docs.ts';
import { FAULTS, faultTables, HARMLESS } from './fault-cases.ts';

test('every fault of the table is proved by a test, and so is all that does no harm', t => {
  const sources = ['../remote/', '../lab/'].flatMap(folder => {
    const url = new URL(folder, import.meta.url);
    return readdirSync(url, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.test.ts'))
      .map(name => readFileSync(new URL(name, url), 'utf8'));
  });
  const text = sources.join('\n');
  const ids = [...FAULTS.flatMap(({ cases }) => cases), ...HARMLESS].map(({ id }) => id);
  t.is(new Set(ids).size, ids.length);
  t.deepEqual(
    ids.filter(id => !text.includes(`'${id}'`) && !text.includes(`[${id}]`)),
    [],
  );
});

test('docs/ssh-faults.md has the tables as the tests have them', t =>
  heldInDocs(t, 'docs/ssh-faults.md', 'faults', faultTables()));
