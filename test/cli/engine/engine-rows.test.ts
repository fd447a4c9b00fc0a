import test from 'ava';
import { HOOKS } from '../../../src/catalog/hooks.ts';
import { historyLines } from '../../../src/cli/engine/engine-history.ts';
import { pick, sameRun } from '../../../src/cli/engine/engine-restore.ts';
import { engineRows } from '../../../src/cli/engine/engine-rows.ts';
import { HostError } from '../../../src/core/failure.ts';

test('a property that is the same at several levels is one row, in the order of names and levels', t => {
  const { rows, unreadable } = engineRows({
    UserDefinedVMProperties: { '4.10': 'b=1;a=x', '4.8': 'a=x;b=2;', '4.7': '' },
    CustomDeviceProperties: { '4.8': '{type=interface;prop={extnet=e;a=y}}', '4.7': '{type=disk}' },
  });
  t.deepEqual(rows, [
    { name: 'a', where: 'device interface', regex: 'y', hooks: [], levels: ['4.8'] },
    { name: 'a', where: 'vm', regex: 'x', hooks: [], levels: ['4.8', '4.10'] },
    { name: 'b', where: 'vm', regex: '2', hooks: [], levels: ['4.8'] },
    { name: 'b', where: 'vm', regex: '1', hooks: [], levels: ['4.10'] },
    { name: 'extnet', where: 'device interface', regex: 'e', hooks: ['extnet'], levels: ['4.8'] },
  ]);
  t.deepEqual(unreadable, [{ key: 'CustomDeviceProperties', level: '4.7', value: '{type=disk}' }]);
});

test('a hook of the site’s own catalogue stands beside the property that it reads', t => {
  const [hook] = HOOKS;
  const properties = { vm: { mine: 'x' }, device: {}, network: {} };
  const own = hook === undefined ? [] : [{ ...hook, name: 'own', properties }];
  const { rows } = engineRows({ UserDefinedVMProperties: { '4.8': 'mine=x' } }, own);
  t.deepEqual(rows[0]?.hooks, ['own']);
});

test('of two definitions of one name the one in force is shown', t => {
  const { rows } = engineRows({ UserDefinedNetworkCustomProperties: { '4.8': 'a=1;a=2' } });
  t.deepEqual(
    rows.map(({ where, regex }) => `${where} ${regex}`),
    ['network 2'],
  );
});

const vm = (value: string) => ({ UserDefinedVMProperties: { '4.7': value, '4.8': 'same' } });
const HISTORY = [
  { id: '20261122T-b', holder: 'ben', values: vm('second') },
  { id: '20261121T-a', holder: 'ana', values: vm('first') },
  { id: '20261120T-a', holder: 'ana', values: vm('first') },
];

test('what a run has changed is what was there before it, against what was there before the next one', t => {
  t.deepEqual(historyLines(HISTORY, vm('third')), [
    { run: '20261122T-b', holder: 'ben', changed: ['UserDefinedVMProperties 4.7'] },
    { run: '20261121T-a', holder: 'ana', changed: ['UserDefinedVMProperties 4.7'] },
    { run: '20261120T-a', holder: 'ana', changed: [] },
  ]);
  t.deepEqual(historyLines([], vm('x')), []);
});

test('what a run has changed of a key that the next one has not looked at is told all the same', t => {
  const net = (value: string) => ({ UserDefinedNetworkCustomProperties: { '4.8': value } });
  const history = [
    { id: 'c', holder: 'ana', values: vm('2') },
    { id: 'b', holder: 'ana', values: { ...vm('1'), ...net('new') } },
    { id: 'a', holder: 'ana', values: { ...vm('1'), ...net('old') } },
    { id: '9', holder: 'ana', values: vm('1') },
    { id: '8', holder: 'ana', values: { ...vm('1'), ...net('older') } },
  ];
  const changed = historyLines(history, { ...vm('3'), ...net('newer') }).map(line => line.changed.join());
  t.deepEqual(changed, [
    'UserDefinedVMProperties 4.7',
    'UserDefinedVMProperties 4.7,UserDefinedNetworkCustomProperties 4.8',
    'UserDefinedNetworkCustomProperties 4.8',
    '',
    'UserDefinedNetworkCustomProperties 4.8',
  ]);
});

test('one run is brought back everywhere; several that were meant by one word are told each to its engine', t => {
  const [a, b] = HISTORY.map((value, i) => ({ name: `engine-${i}`, value, error: null }));
  if (a === undefined || b === undefined) {
    throw new Error('No history');
  }
  t.deepEqual(
    sameRun([a, { ...b, value: a.value }]).map(({ error }) => error),
    [null, null],
  );
  const hints = sameRun([a, b]).map(({ error }) => error?.hint ?? '');
  t.regex(hints[1] ?? '', /engine restore 20261121T-a --engine engine-1$/);
  t.regex(hints[0] ?? '', /engine restore 20261122T-b --engine engine-0$/);
});

test('a run is meant by its name, by a beginning that only it has, or as the last', t => {
  t.is(pick('last', HISTORY).id, '20261122T-b');
  t.is(pick('20261121T-a', HISTORY).id, '20261121T-a');
  t.is(pick('20261120', HISTORY).id, '20261120T-a');
  const failure = (run: string, entries = HISTORY) =>
    t.throws(() => pick(run, entries), { instanceOf: HostError })?.failure;
  t.is(failure('2019')?.message, 'The history of this engine has no run 2019');
  t.is(failure('202611')?.message, '3 runs in the history of this engine begin with 202611');
  t.regex(failure('last', [])?.message ?? '', /is empty/);
  t.regex(failure('last', [])?.hint ?? '', /engine history/);
});
