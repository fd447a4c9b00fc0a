import test from 'ava';
import { medians } from './measure.ts';
import { goalsTable, latencyTable, memoryTable, putBetweenMarkers, sidesTable } from './table.ts';

test('the median of each figure is taken on its own', t => {
  const costs = [
    { wall: 3, cpu: 0.1, rss: 50 },
    { wall: 1, cpu: 0.3, rss: 70 },
    { wall: 2, cpu: 0.2, rss: 60 },
  ];
  t.deepEqual(medians(costs), { wall: 2, cpu: 0.2, rss: 60 });
});

test('the table has one row a side, set against the check', t => {
  const check = { wall: 1.5, cpu: 0.5, rss: 80 };
  const rows = [
    { name: 'check', cost: check },
    { name: 'other', cost: { wall: 30, cpu: 5, rss: 60 } },
  ];
  t.deepEqual(sidesTable(rows, check, 50).split('\n').slice(2), [
    '| check | 1.50 | 1.00 × | 0.50 | 10.0 | 80 |',
    '| other | 30.00 | 20.00 × | 5.00 | 100.0 | 60 |',
  ]);
  t.true(goalsTable([{ text: 'fast', reached: false }]).endsWith('| fast | **missed** |'));
});

test('latencies are told in round trips', t => {
  const table = latencyTable([{ name: 'hookfleet', login: 5.26, result: 7.44 }]);
  t.true(table.endsWith('| hookfleet | 5.3 | 7.4 |'));
});

test('memory is told in MB', t => {
  t.true(
    memoryTable([{ name: 'check, 50 hosts', bytes: 123_456_789 }]).endsWith('| check, 50 hosts | 123 |'),
  );
});

test('what stands between the markers of the page is replaced, and nothing else', t => {
  const page = '# Page\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nbelow\n';
  const once = putBetweenMarkers(page, 'new');
  t.is(once, '# Page\n<!-- bench: begin -->\n\nnew\n\n<!-- bench: end -->\nbelow\n');
  t.is(putBetweenMarkers(once, 'new'), once);
  t.throws(() => putBetweenMarkers('no markers', 'new'), { message: /no <!-- bench/ });
});
