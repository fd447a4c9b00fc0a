import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { heldInDocs } from '../held-docs.ts';
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

test('docs/rolling-out.md has the tables as the tests have them', t =>
  heldInDocs(t, 'docs/rolling-out.md', 'faults', fleetFaultTables()));
