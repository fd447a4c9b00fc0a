import fc from 'fast-check';
import type { Case } from './compare.ts';

/** Random inventories that are valid: of INI and YAML, with variables beside them. */

const GROUPS = ['web', 'db', 'site-a', 'x_1', 'all', 'ungrouped', '__proto__', 'constructor', 'grün', 'a.b'];
const OWN_GROUPS = GROUPS.filter(name => name !== 'all' && name !== 'ungrouped');
const HOSTS = [
  ...[
    'h1',
    'h2',
    'h[1:3]',
    'h[01:04:2]',
    'k[a:c]',
    'r[1:2]-s[a:b]',
    'toString',
    'n.example.org:2222',
    'h1:22',
  ],
  ...['192.0.2.1', '2001:db8::1', '[2001:db8::2]:2200', 'hö'],
];
const NAMES = ['a', 'b', 'c', 'ansible_host', 'ansible_user', '__proto__', 'toString', 'x.y', 'ä'];

/** Mostly one of the first few, so that what is said of them meets. */
const mostly = (few: number, names: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...names.slice(0, few)) },
    { weight: 1, arbitrary: fc.constantFrom(...names) },
  );
const GROUP = mostly(3, GROUPS);
const HOST = mostly(2, HOSTS);
const NAME = mostly(2, NAMES);

/** Values as they stand behind `=` in a section of variables. */
const INI_VALUES = fc.oneof(
  fc.constantFrom(
    ...[
      '1',
      '1.10',
      '0755',
      'True',
      'None',
      'yes',
      'text',
      'two words',
      "'q'",
      '"q"',
      '[1, "a"]',
      "{'k': 1.0}",
      '(1, 2)',
    ],
    ...[
      '',
      '1e3',
      '0x1f',
      '12345678901234567890',
      'a # b',
      '#a',
      'a=b',
      '{{ x }}',
      "b'x'",
      '1_000',
      '-0.0',
      '[',
      "'open",
      '1, 2',
    ],
  ),
  fc
    .string({ unit: fc.constantFrom(...'ab1 .,:;=[]{}()\'"\\#-_TrueNo'.split('')), maxLength: 12 })
    .map(text => text.trim()),
  fc.double({ noNaN: true }).map(String),
  fc.bigInt().map(String),
);

const YAML_VALUES = fc.oneof(
  fc.constantFrom(
    ...[
      '1',
      '1.10',
      '0755',
      'yes',
      'Off',
      '~',
      '',
      'text',
      'two words',
      "'q'",
      '"q"',
      '[1, a]',
      '{k: 1.0}',
      '1:30',
      '1e5',
      '1.0e+5',
    ],
    ...[
      '.inf',
      '0o17',
      '08',
      '2023-01-02',
      '!vault x',
      '!unsafe y',
      '1_0',
      '+1',
      '.5',
      '-.5',
      '0b1',
      '1.5e3',
      '.5e+2',
      '|\n    block\n    text',
      '>-\n    f\n    g',
    ],
  ),
  fc
    .string({ unit: fc.constantFrom(...'019+-._:eExXob'.split('')), minLength: 1, maxLength: 7 })
    .filter(isPlainYaml),
  fc.json({ maxDepth: 2 }),
);

/** YAML has no plain text that begins with an indicator, ends with a colon or looks like a pair. */
function isPlainYaml(text: string): boolean {
  return !/^[-:.]*$|:$|^-$|^[:]/.test(text) && !/^[-.]{3}/.test(text) && isTimeOfSense(text);
}

/** Days that there are not break Ansible, so they are no valid inventory. */
function isTimeOfSense(text: string): boolean {
  return !/^\d{4}-\d/.test(text) && !/^[-+]?0[bx]_*$/.test(text);
}

const assignment = (values: fc.Arbitrary<string>, join: string) =>
  fc.tuple(NAME, values).map(([name, value]) => `${name}${join}${value}`);

/** A value as a word of a host line: quoted as a shell would have it. */
const HOST_WORDS = fc
  .tuple(NAME, INI_VALUES, fc.boolean())
  .map(([name, value, whole]) =>
    whole
      ? `"${`${name}=${value}`.replaceAll(/["\\]/g, '\\$&')}"`
      : `${name}='${value.replaceAll("'", `'"'"'`)}'`,
  );

const HOST_LINE = fc
  .tuple(HOST, fc.array(HOST_WORDS, { maxLength: 3 }), fc.constantFrom('', ' # end', '\t'))
  .map(([host, words, end]) => `${[host, ...words].join(' ')}${end}`);

const COMMENT = fc.constantFrom('# c', '; c', '', '   ');

const HOSTS_SECTION = fc
  .tuple(GROUP, fc.array(fc.oneof({ weight: 4, arbitrary: HOST_LINE }, COMMENT), { maxLength: 4 }))
  .map(([group, lines]) => [`[${group}]`, ...lines].join('\n'));

const VARS_SECTION = fc
  .tuple(
    GROUP,
    fc.array(assignment(INI_VALUES, '='), { maxLength: 4 }),
    fc.constantFrom(
      '',
      '',
      'ansible_group_priority=7',
      'ansible_group_priority=-1',
      'ansible_group_priority=2',
    ),
  )
  .map(([group, lines, priority]) => [`[${group}:vars]`, ...lines, priority].join('\n'));

/** A group contains only groups that stand behind it in the list, so that none contains itself. */
const CHILDREN_SECTION = fc
  .tuple(
    fc.nat({ max: OWN_GROUPS.length - 2 }),
    fc.array(fc.nat({ max: OWN_GROUPS.length }), { minLength: 1, maxLength: 3 }),
  )
  .map(([parent, children]) => {
    const below = children.map(child => OWN_GROUPS[parent + 1 + (child % (OWN_GROUPS.length - parent - 1))]);
    return [`[${OWN_GROUPS[parent]}:children]`, ...new Set(below)].join('\n');
  });

/** Every group is declared at the end, so that each one that is spoken of is there. */
const DECLARED = OWN_GROUPS.map(name => `[${name}]`).join('\n');

const INI = fc
  .tuple(
    fc.array(HOST_LINE, { maxLength: 2 }),
    fc.array(fc.oneof(HOSTS_SECTION, VARS_SECTION, CHILDREN_SECTION), { minLength: 3, maxLength: 9 }),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', '\n'),
  )
  .map(
    ([first, sections, lineEnd, end]) =>
      [...first, ...sections, DECLARED].join('\n').replaceAll('\n', lineEnd) + end,
  );

const VARS = fc
  .uniqueArray(fc.tuple(NAME, YAML_VALUES), { selector: ([name]) => name, maxLength: 4 })
  .map(pairs => pairs.map(([name, value]) => `${name}: ${value}\n`).join(''));

const indented = (text: string, by: number) => text.replaceAll(/^(?=.)/gm, ' '.repeat(by));

const YAML = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom(...GROUPS),
      fc.uniqueArray(fc.tuple(fc.constantFrom(...HOSTS), VARS), { selector: ([host]) => host, maxLength: 3 }),
      VARS,
      fc.nat(),
    ),
    { selector: ([group]) => group, minLength: 1, maxLength: 4 },
  )
  .map(groups =>
    groups
      .map(([group, hosts, vars, child], i) => {
        const [below] = groups[groups.length - 1 - (child % groups.length)] ?? [];
        const isBelow = below !== undefined && groups.findIndex(([name]) => name === below) > i;
        const isOwn = (name: string | undefined) => name !== undefined && OWN_GROUPS.includes(name);
        return [
          `"${group}":\n`,
          ...(hosts.length === 0 ? [] : ['  hosts:\n']),
          ...hosts.map(([host, own]) => `    "${host}":\n${indented(own, 6)}`),
          ...(vars === '' ? [] : [`  vars:\n${indented(vars, 4)}`]),
          ...(isBelow && isOwn(below) && isOwn(group) ? [`  children: {"${below}": }\n`] : []),
        ].join('');
      })
      .join(''),
  );

const PLAIN_NAMES = ['all', 'web', 'db', 'ungrouped', 'constructor', '__proto__'];
const PLAIN_HOSTS = ['h1', 'h2', 'toString', '192.0.2.1'];

const VARS_FILES = (folder: string) =>
  fc
    .tuple(
      fc.dictionary(fc.constantFrom(...PLAIN_NAMES), VARS, { maxKeys: 3, noNullPrototype: true }),
      fc.dictionary(fc.constantFrom(...PLAIN_HOSTS), VARS, { maxKeys: 2, noNullPrototype: true }),
    )
    .map(([groups, hosts]) =>
      Object.fromEntries([
        ...Object.entries(groups).map(([name, text]) => [`${folder}/group_vars/${name}.yml`, text]),
        ...Object.entries(hosts).map(([name, text]) => [`${folder}/host_vars/${name}.yml`, text]),
      ]),
    );

/** One or two inventories, in one folder or two, with variables beside them and beside a playbook. */
export const CASES: fc.Arbitrary<Case> = fc
  .tuple(
    INI,
    fc.option(fc.oneof(INI, YAML), { nil: undefined }),
    VARS_FILES('a'),
    VARS_FILES('b'),
    VARS_FILES('play'),
    fc.boolean(),
  )
  .map(([ini, second, varsA, varsB, varsPlay, playbook]) => ({
    files: {
      'a/hosts': ini,
      ...varsA,
      ...(second === undefined
        ? {}
        : { [second.startsWith('"') ? 'b/hosts.yml' : 'b/hosts']: second, ...varsB }),
      ...(playbook ? { 'play/keep': '', ...varsPlay } : {}),
    },
    inventories: [
      'a/hosts',
      ...(second === undefined ? [] : [second.startsWith('"') ? 'b/hosts.yml' : 'b/hosts']),
    ],
    ...(playbook ? { playbook: 'play' } : {}),
  }));
