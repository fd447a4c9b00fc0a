import test from 'ava';
import type { EnginePropertiesFound } from '../../../src/resources/engine/engine-found.ts';
import { engineRestoreResource } from '../../../src/resources/engine/engine-restore.ts';

const FOUND: EnginePropertiesFound = {
  values: {
    UserDefinedVMProperties: { '4.7': 'a=1', '4.8': 'a=2', '4.9': '' },
    CustomDeviceProperties: { '4.7': 'same', '4.8': 'same', '4.9': '' },
    UserDefinedNetworkCustomProperties: { '4.8': 'n=1' },
  },
  charmap: 'UTF-8',
  unit: { state: 'active', start: 'second' },
  lock: null,
  hosted: null,
  marker: null,
  health: null,
};

const WISH = { healthUrl: 'http://x', healthTimeoutSeconds: 1, run: { id: 'r2', holder: 'ana' } };

test('what differs is brought back byte for byte, also what cannot be read', t => {
  const values = {
    UserDefinedVMProperties: { '4.7': 'a=1', '4.8': ';;unreadable' },
    CustomDeviceProperties: { '4.7': 'same', '4.8': 'same' },
  };
  const { changes, blocked, notes } = engineRestoreResource.diff({ ...WISH, values }, FOUND);
  t.deepEqual(
    changes.map(({ action, id, after }) => `${action} ${id} ${after}`),
    ['set UserDefinedVMProperties 4.8 ;;unreadable', 'restart ovirt-engine restarted and healthy'],
  );
  t.deepEqual(blocked, []);
  t.deepEqual(notes, ['The engine has got the cluster level 4.9 since then; it is left alone']);
  t.deepEqual(
    engineRestoreResource.apply(changes, { ...WISH, values }, FOUND).map(({ title }) => title),
    [
      'save the old properties',
      'note that a restart of ovirt-engine will be due',
      'set UserDefinedVMProperties at 4.8',
      'restart ovirt-engine',
      'wait until ovirt-engine is healthy',
    ],
  );
});

test('a level that is gone, and network properties that were empty, are named and left out', t => {
  const values = {
    UserDefinedVMProperties: { '4.2': 'old=1', '4.7': 'a=1', '4.8': 'a=2', '4.9': '' },
    UserDefinedNetworkCustomProperties: { '4.8': '' },
  };
  const { changes, blocked } = engineRestoreResource.diff({ ...WISH, values }, FOUND);
  t.deepEqual(changes, []);
  t.deepEqual(
    blocked.map(({ change, message }) => `${change.id}: ${message}`),
    [
      'UserDefinedVMProperties 4.2: The engine has no such value any more, since it has no such cluster level',
      'UserDefinedNetworkCustomProperties 4.8: engine-config cannot empty the network properties',
    ],
  );
});

test('a stopped engine is not written to', t => {
  const values = { UserDefinedVMProperties: { '4.7': 'b=1' } };
  const found = { ...FOUND, unit: { state: 'inactive', start: 'second' } };
  const { changes, blocked } = engineRestoreResource.diff({ ...WISH, values }, found);
  t.deepEqual(changes, []);
  t.regex(blocked[0]?.message ?? '', /^ovirt-engine is inactive/);
});
