import test from 'ava';
import { engineProperties } from '../../src/catalog/hook-properties.ts';
import { findHook, HOOKS } from '../../src/catalog/hooks.ts';

const rowsOf = (name: string) => {
  const hook = findHook(name);
  return hook === undefined ? undefined : engineProperties(hook);
};

test('each kind of property goes to a key of its own', t => {
  t.deepEqual(rowsOf('macspoof'), [
    {
      key: 'UserDefinedVMProperties',
      deviceType: null,
      name: 'macspoof',
      regex: '^(true|false)$',
      predefined: false,
      predefinedSince: null,
    },
    {
      key: 'CustomDeviceProperties',
      deviceType: 'interface',
      name: 'ifacemacspoof',
      regex: '^(true|false)$',
      predefined: false,
      predefinedSince: null,
    },
  ]);
  t.like(rowsOf('ethtool_options'), [
    { key: 'UserDefinedNetworkCustomProperties', deviceType: null, name: 'ethtool_opts' },
  ]);
});

test('what the engine predefines says from which cluster level', t => {
  t.like(rowsOf('vhostmd'), [{ name: 'sap_agent', predefined: true, predefinedSince: '4.2' }]);
  t.like(rowsOf('diskunmap'), [{ name: 'diskunmap', predefined: false, predefinedSince: null }]);
});

test('what the engine of today predefines counts as predefined, and so does what an old one did', t => {
  const rows = HOOKS.flatMap(engineProperties);
  const names = (choose: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(choose).map(({ name }) => name);
  t.deepEqual(
    names(row => row.predefinedSince !== null && !row.predefined),
    [],
  );
  t.deepEqual(
    names(row => row.predefined && row.predefinedSince === null),
    ['mdev_type'],
  );
});

test('a hook without properties has none', t => {
  t.deepEqual(rowsOf('nestedvt'), []);
});
