import test from 'ava';
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
