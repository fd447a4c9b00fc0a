import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { FAILURE_KINDS } from '../../src/core/failure-kinds.ts';

const ROOT = new URL('../../', import.meta.url);

test('docs/troubleshooting.md has every kind of failure once, and no other', t => {
  const page = readFileSync(new URL('docs/troubleshooting.md', ROOT), 'utf8');
  const rows = [...page.matchAll(/^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  );
  t.deepEqual(rows.toSorted(), [...FAILURE_KINDS].toSorted());
});

test('every kind is one that something fails with', t => {
  const source = readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('failure-kinds.ts'))
    .map(name => readFileSync(new URL(`src/${name}`, ROOT), 'utf8'))
    .join('\n');
  t.deepEqual(
    FAILURE_KINDS.filter(kind => !source.includes(`'${kind}'`)),
    [],
  );
});
