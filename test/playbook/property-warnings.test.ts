import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { parsePlaybook } from '../../src/playbook/playbook.ts';

function warningsOf(properties: string): string[] {
  const { warnings } = parsePlaybook(`- hosts: a\n  engine_properties: ${properties}\n`, 'site.yml');
  return warnings.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);
}

test('an expression other than the one that a hook of the catalogue reads is a warning, with its place', t => {
  t.deepEqual(warningsOf("{ vm: { qemu_cmdline: '^[a-z]+$' } }"), [
    '2:44 the hook qemucmdline reads the property qemu_cmdline with another expression: ^.*$',
  ]);
});

test('the expression of the catalogue itself is none, with or without anchors', t => {
  t.deepEqual(warningsOf("{ vm: { qemu_cmdline: '^.*$' } }"), []);
  t.deepEqual(warningsOf("{ vm: { qemu_cmdline: '.*' } }"), []);
});

test('more definitions than one value can hold are refused with their place, those to be taken away not counted', t => {
  const many = (count: number, rest = '') =>
    `{ ${Array.from({ length: count }, (_, i) => `p${i}: x`).join(', ')}${rest} }`;
  t.deepEqual(warningsOf(`{ vm: ${many(450, ', gone: { state: absent }')}, network: ${many(450)} }`), []);
  for (const [properties, column] of [
    [`{ vm: ${many(451)} }`, 24],
    [`{ network: ${many(451)} }`, 24],
    [`{ device: { disk: ${many(225)}, interface: ${many(226)} } }`, 24],
  ] as const) {
    const error = t.throws(() => warningsOf(properties), { instanceOf: InputError });
    const [problem] = error?.problems ?? [];
    t.is(problem?.message, '451 definitions in one value are more than engine-config survives');
    t.is(problem?.place?.column, column);
  }
});

test('names of JavaScript are names like others', t => {
  t.deepEqual(warningsOf("{ vm: { constructor: 'a', toString: 'b' } }"), []);
});

test('what only Java can judge is a warning', t => {
  t.deepEqual(warningsOf("{ network: { mine: '\\p{Lower}+' }, device: { disk: { d: '(?<=a)b' } } }"), [
    '2:78 only Java can judge a part of this expression: a look-behind',
    '2:41 only Java can judge a part of this expression: the name of a character property, \\p{…}',
  ]);
});

test('a predefined name is defined anew only where the playbook says so', t => {
  t.deepEqual(
    warningsOf(
      "{ override_predefined: true, vm: { sap_agent: '^(true|false)$' }, network: { bridge_opts: 'y' } }",
    ),
    [],
  );
});
