import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { exportGraph, exportHost, exportList } from '../../src/inventory/export.ts';
import { parseInventory } from '../../src/inventory/parse.ts';

// Each recorded/NAME.list and NAME.graph is what `ansible-inventory -i NAME.ini` of ansible-core 2.14.18 printed.
const recorded = new URL('recorded/', import.meta.url);

const read = (name: string) => readFileSync(new URL(name, recorded), 'utf8');
const parse = (text: string) => parseInventory([{ file: 'hosts', text }]);

const names = readdirSync(recorded)
  .filter(file => file.endsWith('.ini'))
  .map(file => file.replace('.ini', ''));

for (const name of names) {
  test(`--list and --graph print what ansible-inventory prints: ${name}`, t => {
    const inventory = parse(read(`${name}.ini`));
    t.is(`${exportList(inventory)}\n`, read(`${name}.list`));
    t.is(`${exportGraph(inventory)}\n`, read(`${name}.graph`));
  });
}

test('--host prints the variables of one host, typed as Ansible types them', t => {
  const inventory = parse('[kvm]\nkvm-01 release=1.10 note="a b"\nkvm-02\n[kvm:vars]\nports=[22, 2222]\n');
  t.is(
    exportHost(inventory, 'kvm-01'),
    '{\n    "note": "a b",\n    "ports": [\n        22,\n        2222\n    ],\n    "release": 1.1\n}',
  );
});

test('--host of a host without variables prints an empty object', t => {
  t.is(exportHost(parse('kvm-01'), 'kvm-01'), '{}');
});

test('--graph can begin at a group', t => {
  t.is(exportGraph(parse('[kvm]\nkvm-01\n'), 'kvm'), '@kvm:\n  |--kvm-01');
});

test('an unknown host or group is an input error with the nearest name', t => {
  const inventory = parse('[kvm]\nkvm-01\n');
  const host = t.throws(() => exportHost(inventory, 'kvm-0l'), { instanceOf: InputError });
  t.is(host?.message, 'There is no host "kvm-0l" in the inventory\n  Did you mean "kvm-01"?');
  const group = t.throws(() => exportGraph(inventory, 'kwm'), { instanceOf: InputError });
  t.is(group?.message, 'There is no group "kwm" in the inventory\n  Did you mean "kvm"?');
});

test('values that JSON cannot hold are input errors with their places, all at once', t => {
  const inventory = parse('a x={1}\nb y=2j\nc z="[{\'k\': set()}]"\n');
  const error = t.throws(() => exportList(inventory), { instanceOf: InputError });
  t.deepEqual(
    error?.problems.map(({ place, message }) => [place?.line, message]),
    [
      [1, 'x holds a set, which JSON cannot'],
      [2, 'y holds a complex number, which JSON cannot'],
      [3, 'z holds a set, which JSON cannot'],
    ],
  );
});
