import test from 'ava';
import fc from 'fast-check';
import { formatProblem, InputError } from '../../src/core/input-error.ts';
import { groupHosts, hostVariable, hostVariables } from '../../src/inventory/inventory.ts';
import { parseInventory } from '../../src/inventory/parse.ts';

const parse = (text: string) => parseInventory([{ file: 'hosts', text }]);

function problemsOf(text: string): string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    return error instanceof InputError ? error.problems.map(formatProblem) : [String(error)];
  }
}

const textOf = (text: string, host: string, variable: string) =>
  hostVariable(parse(text), host, variable)?.text;

test('a byte order mark, Windows line ends, tabs and a missing last line feed change nothing', t => {
  const plain = parse('[kvm]\nkvm-01 a=1 b=2\n[kvm:vars]\nc=x y\n');
  const odd = parse('\ufeff[kvm]\r\n\tkvm-01\ta=1\t\tb=2\r\n[kvm:vars]\r\nc\t=\tx y');
  t.deepEqual(odd.groups.get('kvm')?.hosts, plain.groups.get('kvm')?.hosts);
  t.deepEqual(
    [...hostVariables(odd, 'kvm-01').values()].map(({ name, text }) => [name, text]),
    [...hostVariables(plain, 'kvm-01').values()].map(({ name, text }) => [name, text]),
  );
});

test('values stay text', t => {
  const text =
    'h release=1.10 mode=0755 on=True quoted="\'a b\'" none=None\n[all:vars]\nx="q" # comment\ny=8080 # comment\nz=web # text\n';
  for (const [variable, value] of [
    ['release', '1.10'],
    ['mode', '0755'],
    ['on', 'True'],
    ['quoted', 'a b'],
    ['none', 'None'],
    ['x', 'q'],
    ['y', '8080'],
    ['z', 'web # text'],
  ] as const) {
    t.is(textOf(text, 'h', variable), value, variable);
  }
});

test('every variable knows the file and line that it came from', t => {
  const inventory = parseInventory([
    { file: 'one', text: '[kvm]\nkvm-01 a=1\n\n[kvm:vars]\nb=1\nc=1\n' },
    { file: 'two', text: 'kvm-01 a=2\n' },
  ]);
  t.deepEqual(hostVariable(inventory, 'kvm-01', 'a')?.place, { file: 'two', line: 1 });
  t.deepEqual(hostVariable(inventory, 'kvm-01', 'b')?.place, { file: 'one', line: 5 });
});

test('a host overrides a group, a child its parent, and any group all', t => {
  const text = `[child]
h v=host
[parent:children]
child
[all:vars]
v=all
w=all
x=all
y=all
[parent:vars]
v=parent
w=parent
x=parent
[child:vars]
v=child
w=child
`;
  t.deepEqual(
    ['v', 'w', 'x', 'y'].map(variable => textOf(text, 'h', variable)),
    ['host', 'child', 'parent', 'all'],
  );
  t.is(hostVariables(parse(text), 'h').get('w')?.text, 'child');
});

test('groups of one depth override each other by name, unless a priority says otherwise', t => {
  const text = '[a]\nh\n[b]\nh\n[a:vars]\nv=a\n[b:vars]\nv=b\n';
  t.is(textOf(text, 'h', 'v'), 'b');
  t.is(textOf(`${text}[a:vars]\nansible_group_priority=2\n`, 'h', 'v'), 'a');
  t.is(textOf(`${text}[a:vars]\nansible_group_priority=2\n`, 'h', 'ansible_group_priority'), undefined);
});

test('hosts and groups that are named again are merged', t => {
  const inventory = parse('h a=1\n[kvm]\nh b=2\nk\n[kvm]\nh a=3\nl\n[kvm:hosts]\nm\n');
  t.deepEqual([...inventory.hosts.keys()], ['h', 'k', 'l', 'm']);
  t.deepEqual(inventory.groups.get('kvm')?.hosts, ['h', 'k', 'l', 'm']);
  t.deepEqual(inventory.groups.get('ungrouped')?.hosts, []);
  t.is(hostVariable(inventory, 'h', 'a')?.text, '3');
  t.is(hostVariable(inventory, 'h', 'b')?.text, '2');
});

test('all holds every host, ungrouped those that are in no other group', t => {
  const inventory = parse('a\n[all]\nb\n[kvm]\nc\n');
  t.deepEqual(groupHosts(inventory, 'all').sort(), ['a', 'b', 'c']);
  t.deepEqual(groupHosts(inventory, 'ungrouped').sort(), ['a', 'b']);
  t.deepEqual(inventory.hosts.get('c')?.groups, ['all', 'kvm']);
});

test('several files make one inventory; a later one may use the groups of an earlier one', t => {
  const inventory = parseInventory([
    { file: 'one', text: '[kvm]\nk1\n' },
    { file: 'two', text: '[kvm:vars]\na=1\n[site:children]\nkvm\n' },
  ]);
  t.deepEqual(groupHosts(inventory, 'site'), ['k1']);
  t.is(hostVariable(inventory, 'k1', 'a')?.text, '1');
});

const errors: readonly (readonly [string, readonly string[]])[] = [
  [
    '[web db]',
    [
      'hosts:1: Not a section header: "[web db]"\n  A header reads [group], [group:children] or [group:vars]; no spaces within the brackets',
    ],
  ],
  [
    '[kvm',
    [
      'hosts:1: Not a section header: "[kvm"\n  A header reads [group], [group:children] or [group:vars]; no spaces within the brackets',
    ],
  ],
  ['[kvm] ; x', ['hosts:1: Not a section header: "[kvm] ; x"\n  Behind a header only # begins a comment']],
  [
    '[kvm:varz]\na=1\nb c\n[kvm]',
    ['hosts:1: Unknown section type "varz" in [kvm:varz]\n  Did you mean [kvm:vars]?'],
  ],
  [
    '[kvm]\n\n[site:children]\nkwm',
    [
      'hosts:4: Group "kwm", a child of "site", is not defined\n  Did you mean "kvm"? Add a section [kwm] or [kwm:children]; it may be empty',
    ],
  ],
  [
    '[kvm:vars]\na=1',
    [
      'hosts:1: [kvm:vars] is for a group that is not defined\n  Add a section [kvm] or [kvm:children]; it may be empty',
    ],
  ],
  [
    '[a:children]\nb\n[b:children]\na',
    ['hosts:4: Groups contain each other: a > b > a\n  Take one of them out of the children of another'],
  ],
  [
    '[a:children]\nall',
    ['hosts:2: Groups contain each other: all > a > all\n  Take one of them out of the children of another'],
  ],
  [
    'h\n[a:children]\nungrouped',
    [
      'hosts:3: "ungrouped" cannot be a child of "a": its hosts would then be in a group\n  Put these hosts in a group of their own',
    ],
  ],
  [
    'h a="x',
    [
      'hosts:1: The quote " in column 5 is not closed\n  Close it on the same line, or put a backslash before it',
    ],
  ],
  [
    'h a=x\\',
    ['hosts:1: Nothing follows the backslash at the end of the line\n  Write it twice, or in single quotes'],
  ],
  ['db[9:1]', ['hosts:1: The range [9:1] is reversed\n  Write [1:9]']],
  ['h:99999', ['hosts:1: Bad port "99999" in "h:99999"\n  A port is a number from 1 to 65535']],
  [
    'h become',
    [
      'hosts:1: "become" is not name=value\n  Behind the host name each word reads name=value, without blanks around "="; quote a value that holds blanks',
    ],
  ],
  ['[a]\n[a:vars]\nfoo', ['hosts:3: Not a variable: "foo"\n  Below [a:vars] each line reads name=value']],
  [
    '[a:children]\nb c',
    ['hosts:2: Not a group name: "b c"\n  Below [a:children] each line is the name of one group'],
  ],
  [
    '[a]\n[a:vars]\nansible_group_priority=high',
    ['hosts:3: Bad ansible_group_priority "high"\n  A priority is a whole number; the greater one wins'],
  ],
  [
    'all:\n  hosts:\n  - a',
    [
      'hosts:3:3: "hosts" of the group "all" must be a mapping, and this is a list\n  Write each name with a colon behind it, without a dash',
    ],
  ],
];

for (const [text, problems] of errors) {
  test(`a mistake is told with its line and the way out: ${JSON.stringify(text)}`, t => {
    t.deepEqual(problemsOf(text), problems);
  });
}

test('all mistakes of all files are told together, in order', t => {
  const error = t.throws(
    () =>
      parseInventory([
        { file: 'one', text: '[x:vars]\na=1\n[kvm\nk1\n[kvm]\nk[3:1]\n' },
        { file: 'two', text: 'h "\n' },
      ]),
    { instanceOf: InputError },
  );
  t.deepEqual(
    error?.problems.map(({ place }) => `${place?.file}:${place?.line}`),
    ['one:1', 'one:3', 'one:6', 'two:1'],
  );
});

test('what is odd but no mistake is a warning with its place', t => {
  const { warnings } = parse('[kvm]\nkvm a=1\nk1:22\nk1:23\nk2 ansible_hots=x\n');
  t.deepEqual(
    warnings.map(({ place, message }) => [place?.line, message]),
    [
      [2, '"kvm" is a host and a group: as in Ansible, variables on this line hold for the whole group'],
      [4, 'The port of k1:23 is not heeded, because the host is already defined above'],
      [5, 'The variable ansible_hots has no meaning to the connection'],
    ],
  );
});

test('whatever the file holds, an inventory comes out or an input error', t => {
  const pieces = fc.constantFrom(
    ...['[', ']', ':', 'a', 'b', '1', '=', '"', "'", '\\', '#', ';', ' ', '\n', '\r\n', '\t'],
    ...[
      'vars',
      'children',
      '[a]\n',
      '[a:children]\n',
      '[a:vars]\n',
      '__proto__',
      '\u2028',
      '\ufeff',
      'all',
      'ungrouped',
    ],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), parts => {
      try {
        const inventory = parse(parts.join(''));
        t.deepEqual(new Set(groupHosts(inventory, 'all')), new Set(inventory.hosts.keys()));
      } catch (error) {
        t.true(error instanceof InputError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
