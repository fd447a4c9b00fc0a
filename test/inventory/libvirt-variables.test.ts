import test from 'ava';
import { readExtraOperations } from '../../src/inventory/libvirt-variables.ts';

const variable = (source: string) => ({
  name: 'libvirt_extra_operations',
  text: source,
  source,
  place: { file: 'hosts.ini', line: 2 },
});

for (const [source, names] of [
  ["['stop']", ['stop']],
  ["['stop', 'port-moved']", ['stop', 'port-moved']],
  [`"['stop']"`, ['stop']],
  ['[]', []],
  ['stop', ['stop']],
] as const) {
  test(`an INI file says ${source}`, t => t.deepEqual(readExtraOperations(variable(source)), [...names]));
}

test('YAML says it as a list', t => {
  t.deepEqual(readExtraOperations({ ...variable(''), value: ['stop'] }), ['stop']);
});

for (const source of ['[1]', "['Stop it']", 'stop, start', '{}']) {
  test(`${source} is no list of operations`, t => {
    const read = readExtraOperations(variable(source));
    t.true('message' in read && /libvirt_extra_operations/.test(read.message));
  });
}
