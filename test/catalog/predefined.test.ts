import test from 'ava';
import { isHookEnvironment } from '../../src/catalog/environment.ts';
import { isPredefined } from '../../src/catalog/predefined.ts';

const FROM_4_2 = ['sap_agent', 'sndbuf', 'vhost', 'viodiskcache', 'hugepages'];
const FROM_4_4 = [...FROM_4_2, 'scsi_hostdev', 'nvram_template'];
const FROM_4_6 = [...FROM_4_4, 'extra_cpu_flags'];

for (const [level, names] of [
  ['4.2', FROM_4_2],
  ['4.3', FROM_4_2],
  ['4.4', FROM_4_4],
  ['4.5', FROM_4_4],
  ['4.6', FROM_4_6],
  ['4.8', FROM_4_6],
  ['4.10', FROM_4_6],
  ['5.0', FROM_4_6],
] as const) {
  test(`the engine predefines ${names.length} VM properties at level ${level}`, t => {
    t.deepEqual(
      FROM_4_6.filter(name => isPredefined(name, level)),
      names,
    );
  });
}

test('without a level a name counts as predefined when it is so at any level', t => {
  t.true(isPredefined('extra_cpu_flags'));
  t.false(isPredefined('extra_cpu_flags', '4.5'));
  t.false(isPredefined('diskunmap'));
  t.false(isPredefined('toString'));
});

test('names that mean something in the environment of a hook are known', t => {
  for (const name of [
    ...[
      'PATH',
      'HOME',
      'IFS',
      'ENV',
      'BASH_ENV',
      'LANG',
      'LC_ALL',
      'LC_CTYPE',
      'LD_PRELOAD',
      'LD_LIBRARY_PATH',
    ],
    ...['PYTHONPATH', 'PYTHONHOME', 'vmId', '_hook_domxml', '_hook_json', 'SHELLOPTS', 'TMPDIR'],
  ]) {
    t.true(isHookEnvironment(name), name);
  }
});

test('ordinary names are free for properties', t => {
  for (const name of [
    'path',
    'Path',
    'MYPATH',
    'diskunmap',
    'vmid',
    'home',
    'LDX',
    'hook_json',
    'user',
    'ENVIRONMENT',
  ]) {
    t.false(isHookEnvironment(name), name);
  }
});
