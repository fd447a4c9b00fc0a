import test from 'ava';
import { formatProblem, InputError } from '../../src/core/input-error.ts';
import { hostVariable } from '../../src/inventory/inventory.ts';
import { parseInventory } from '../../src/inventory/parse.ts';

const parse = (text: string) => parseInventory([{ file: 'hosts.yml', text }]);

function told(text: string): string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    return error instanceof InputError ? error.problems.map(formatProblem) : [String(error)];
  }
}

test('every variable knows its file, line and column', t => {
  const inventory = parse('web:\n  hosts:\n    w1:\n      a: 1\n  vars: {b: 2}\n');
  t.deepEqual(hostVariable(inventory, 'w1', 'a')?.place, { file: 'hosts.yml', line: 4, column: 7 });
  t.deepEqual(hostVariable(inventory, 'w1', 'b')?.place, { file: 'hosts.yml', line: 5, column: 10 });
});

const FORM = 'A group is a mapping with hosts, children and vars, each a mapping too';

const errors: readonly (readonly [string, readonly string[]])[] = [
  ['- web\n', [`hosts.yml:1:1: A YAML inventory is a mapping of groups, and this is a list\n  ${FORM}`]],
  ['web: [w1]\n', [`hosts.yml:1:6: "web" is no group: it is a list\n  ${FORM}`]],
  ['web: w1\n', [`hosts.yml:1:6: "web" is no group: it is text\n  ${FORM}`]],
  [
    'web:\n  hosts: [w1]\n  host: {w2: }\n  web2:\n    hosts: {w3: }\n',
    [
      'hosts.yml:2:10: "hosts" of the group "web" must be a mapping, and this is a list\n  Write each name with a colon behind it, without a dash',
      'hosts.yml:3:3: The group "web" has an unknown key "host"\n  Did you mean "hosts"?',
      `hosts.yml:4:3: The group "web" has an unknown key "web2"\n  ${FORM}; groups in a group stand below children`,
    ],
  ],
  [
    'web:\n  hosts:\n    w[3:1]:\n    1:\n    w2: [a]\n',
    [
      'hosts.yml:3:5: The range [3:1] is reversed\n  Write [1:3]',
      'hosts.yml:4:5: The name of a host must be text\n  Put it in quotes',
      'hosts.yml:5:9: The variables of "w2" must be a mapping, and this is a list\n  Write them as name: value, indented below the host',
    ],
  ],
  ['1: {hosts: {w1: }}\n', ['hosts.yml:1:1: The name of a group must be text\n  Put it in quotes']],
  [
    'plugin: amazon.aws.aws_ec2\nregions: [x]\n',
    [
      'hosts.yml:1:1: This is a configuration of the inventory plugin amazon.aws.aws_ec2, and plugins are not run\n  Save what `ansible-inventory --list` makes of it with --export -y, or name a program that prints it',
    ],
  ],
  [
    'a: {children: {b: }}\nb: {children: {a: }}\n',
    [
      'hosts.yml:2:16: Groups contain each other: a > b > a\n  Take one of them out of the children of another',
    ],
  ],
  [
    'web:\n  hosts: {w1: }\n  vars:\n    a: !custom x\n    b: *nowhere\n    c: 2023-13-45\n',
    [
      'hosts.yml:4:16: "x" looks like a value of the tag !custom, but is none\n  Put text in quotes',
      'hosts.yml:5:8: No anchor &nowhere stands before *nowhere\n  Quote text that begins with *',
      'hosts.yml:6:8: "2023-13-45" looks like a date or a number, but is none\n  Put text in quotes',
    ],
  ],
  ['web: &a {vars: {x: *a}}\n', ['hosts.yml:1:20: The value contains itself']],
  [
    'web:\n---\ndb:\n',
    ['hosts.yml:2:1: A second YAML document begins here\n  Put everything into one document'],
  ],
];

for (const [text, problems] of errors) {
  test(`a mistake is told with its place and the way out: ${JSON.stringify(text)}`, t => {
    t.deepEqual(told(text), problems);
  });
}

test('a file of another form is told by its ending', t => {
  const sourceOf = (file: string, text: string) =>
    t.throws(() => parseInventory([{ file, text }]), { instanceOf: InputError })?.message;
  t.is(
    sourceOf('hosts.toml', '[web.hosts]\n'),
    'hosts.toml: TOML inventories are not read\n  Write it as YAML or INI',
  );
  t.is(
    sourceOf('hosts.ini', 'all:\n  hosts:\n'),
    'hosts.ini:1: This is no INI inventory: it begins with "all:"\n  A YAML inventory has the ending .yml, .yaml or .json, or none',
  );
});
