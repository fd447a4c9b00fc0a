import test from 'ava';
import { fleetEngines } from '../../../src/cli/engine/fleet-engines.ts';
import type { HostResult } from '../../../src/core/host-result.ts';

const RESULT: HostResult = {
  outcome: 'ok',
  changes: [],
  error: null,
  notes: [],
  ms: 1,
  engine: {
    UserDefinedVMProperties: { '4.8': 'a=^1$;b=^2$', '4.7': 'a=^1$' },
    CustomDeviceProperties: { '4.7': '', '4.8': '{type=interface;prop={c=^3$}}' },
  },
};

const enginesOf = (result: HostResult) =>
  fleetEngines({
    command: 'check',
    hosts: new Map([
      ['kvm-01', { outcome: 'ok', changes: [], error: null, notes: [], ms: 1 }],
      ['engine-01', result],
    ]),
    stopped: null,
    interrupted: false,
  });

const cellsOf = (result: HostResult) =>
  Object.fromEntries(
    (enginesOf(result)[0]?.properties ?? []).map(({ where, name, cells }) => [
      `${where} ${name}`,
      cells.map(({ state, found, other }) => `${state} ${found} ${other}`),
    ]),
  );

test('an engine is told property by property, level by level', t => {
  const [engine, ...others] = enginesOf(RESULT);
  t.like(engine, { host: 'engine-01', levels: ['4.7', '4.8'], unreadable: [] });
  t.is(others.length, 0);
  t.deepEqual(cellsOf(RESULT), {
    'device interface c': ['none null null', 'ok ^3$ ^3$'],
    'vm a': ['ok ^1$ ^1$', 'ok ^1$ ^1$'],
    'vm b': ['none null null', 'ok ^2$ ^2$'],
  });
});

test('what a check would have is held against what is there', t => {
  const set = { resource: 'engine-properties', action: 'set', before: null } as const;
  const changes = [
    { ...set, id: 'UserDefinedVMProperties 4.7', after: 'a=^9$;b=^2$' },
    { ...set, id: 'UserDefinedVMProperties 4.8', after: 'b=^2$' },
    { ...set, id: 'ovirt-engine', action: 'restart', after: 'restarted' },
  ];
  t.deepEqual(cellsOf({ ...RESULT, outcome: 'drifted', changes }), {
    'device interface c': ['none null null', 'ok ^3$ ^3$'],
    'vm a': ['differs ^1$ ^9$', 'extra ^1$ null'],
    'vm b': ['missing null ^2$', 'ok ^2$ ^2$'],
  });
});

test('what an apply has set is told from what was there before', t => {
  const engineBefore = { run: 'r', values: { UserDefinedVMProperties: { '4.7': 'a=^0$', '4.8': 'b=^2$' } } };
  t.deepEqual(cellsOf({ ...RESULT, outcome: 'changed', engineBefore })['vm a'], [
    'changed ^1$ ^0$',
    'changed ^1$ null',
  ]);
});

test('a value that cannot be read is named, and hides no other', t => {
  const engine = { UserDefinedVMProperties: { '4.7': 'a b c', '4.8': 'a=^1$' } };
  t.like(enginesOf({ ...RESULT, engine })[0], {
    levels: ['4.7', '4.8'],
    unreadable: ['UserDefinedVMProperties 4.7'],
  });
});
