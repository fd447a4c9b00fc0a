import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { FLEET_FAULTS, fleetFaultTables } from './fleet-faults-cases.ts';

test('every fault of the fleet that the table has is proved by a test', t => {
  const folder = new URL('../lab/', import.meta.url);
  const text = readdirSync(folder)
    .filter(name => /^fleet-faults.*\.test\.ts$/.test(name))
    .map(name => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const ids = FLEET_FAULTS.flatMap(({ cases }) => cases).map(({ id }) => id);
  t.is(new Set(ids).size, ids.length);
  t.deepEqual(
    ids.filter(id => !text.includes(`'${id}'`)),
    [],
  );
});

test('docs/rolling-out.md has the tables as the tests have them', t => {
  const file = new URL('../../docs/rolling-out.md', import.meta.url);
  const page = readFileSync(file, 'utf8');
  const fresh = page.replace(
    /(<!-- faults: .* -->\n)[\s\S]*(<!-- end of faults -->)/,
    (_, begin: string, end: string) => `${begin}\n${fleetFaultTables()}\n\n${end}`,
  );
  if (process.env.UPDATE_DOCS === '1') {
    writeFileSync(file, fresh);
    t.pass();
    return;
  }
  t.true(page.includes('<!-- end of faults -->'));
  t.is(page, fresh, 'stale: UPDATE_DOCS=1 npx ava test/run/fleet-faults.test.ts writes it');
});
