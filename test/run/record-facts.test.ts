import test from 'ava';
import { changedSince } from '../../src/run/record-facts.ts';
import { type FakeHost, fakeFleet } from './fake-fleet.ts';
import { recordRun, recordsFolder } from './records.ts';

/** Records a run over hosts with these versions of VDSM; null for a host that is not reached. */
async function runWith(
  folder: string,
  day: number,
  versions: Record<string, string | null>,
  addresses?: Record<string, string>,
) {
  const hosts = Object.entries(versions).map(([name, vdsm]): [string, FakeHost] => [
    name,
    vdsm === null ? { state: 'good', unreachable: true } : { state: 'good', vdsm },
  ]);
  const { ports, play } = fakeFleet(Object.fromEntries(hosts));
  const id = `202611${String(day).padStart(2, '0')}T000000Z-00ff`;
  const where = addresses ?? Object.fromEntries(hosts.map(([name]) => [name, name]));
  const result = await recordRun(folder, [play()], ports, { id, addresses: where });
  return [...(await changedSince(folder, id, result, where))];
}

const change = (before: string, after: string) => [{ fact: 'vdsm', before, after }];

test('a host is compared with the last record in which it was seen, however far back', async t => {
  const folder = await recordsFolder(t);
  t.deepEqual(await runWith(folder, 1, { a: '1', b: '1', c: '1' }), []);
  t.deepEqual(await runWith(folder, 2, { a: '2', b: null, c: '1' }), [['a', change('1', '2')]]);
  t.deepEqual(await runWith(folder, 3, { a: '2', d: '7' }), []);
  t.deepEqual(await runWith(folder, 4, { a: '2', b: '2', c: '1', d: '7' }), [['b', change('1', '2')]]);
});

test('a host of the same name at another address is another host', async t => {
  const folder = await recordsFolder(t);
  await runWith(folder, 1, { a: '1' }, { a: '10.0.0.1' });
  t.deepEqual(await runWith(folder, 2, { a: '2' }, { a: '10.0.0.2' }), []);
  t.deepEqual(await runWith(folder, 3, { a: '3' }, { a: '10.0.0.1' }), [['a', change('1', '3')]]);
});

test('later records count for nothing: the clock may have been set back', async t => {
  const folder = await recordsFolder(t);
  await runWith(folder, 5, { a: '5' });
  t.deepEqual(await runWith(folder, 4, { a: '4' }), []);
});
