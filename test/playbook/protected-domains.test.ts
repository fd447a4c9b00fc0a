import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { parsePlaybook } from '../../src/playbook/playbook.ts';

const play = (...keys: readonly string[]) => `- hosts: kvm\n${keys.map(key => `  ${key}\n`).join('')}`;

const protection = (text: string) => parsePlaybook(text, 'kvm.yml').plays[0]?.protection;

function problemsOf(text: string): string[] {
  try {
    parsePlaybook(text, 'kvm.yml');
  } catch (error) {
    if (error instanceof InputError) {
      return error.problems.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);
    }
    throw error;
  }
  return [];
}

test('a play names domains, and the group of those who may use libvirt', t => {
  t.like(protection(play('protected_domains: [db-1, db-2]')), {
    domains: ['db-1', 'db-2'],
    operators: ['libvirt'],
    place: { file: 'kvm.yml', line: 2, column: 3 },
  });
  t.like(protection(play('protected_domains: [db-1]', 'operators: vm-admins')), {
    operators: ['vm-admins'],
  });
  t.like(protection(play('protected_domains: [db-1]', 'operators: [libvirt, domain admins, libvirt]')), {
    operators: ['libvirt', 'domain admins'],
  });
});

test('UUIDs are written as libvirt writes them', t => {
  t.deepEqual(protection(play('protected_domains: [4DEA22B3-1D52-D8F3-2516-782E98AB3FA0]'))?.domains, [
    '4dea22b3-1d52-d8f3-2516-782e98ab3fa0',
  ]);
});

test('an empty list is a wish of its own, and no list is none', t => {
  t.deepEqual(protection(play('protected_domains: []'))?.domains, []);
  t.is(protection(play('packages: [jq]')), undefined);
});

test('every name that libvirt lets a domain have can be named, if it can be told from another', t => {
  const names = ['-leading', 'a b', 'db#1', '中', 'café', '"quoted"', '\\', "it's", '[x]', 'a'.repeat(251)];
  t.deepEqual(protection(play(`protected_domains: ${JSON.stringify(names)}`))?.domains, names);
});

for (const [title, entry, problem] of [
  ['no text', '""', '"" is empty'],
  ['blanks alone', '"  "', '"  " is empty'],
  ['a blank at the end', '"db-1 "', '"db-1 " has a blank at its beginning or end'],
  ['a blank at the beginning', '" db-1"', '" db-1" has a blank at its beginning or end'],
  ['a blank that is none of ASCII', '"db-1\\u00a0"', '"db-1\u00a0" has a blank at its beginning or end'],
  ['a CR', '"db-1\\r"', '"db-1\\r" has a line end or another control character in it'],
  ['a line feed', '"db-1\\n"', '"db-1\\n" has a line end or another control character in it'],
  ['a byte order mark', '"\\uFEFFdb-1"', '"\ufeffdb-1" has a byte order mark in it'],
  ['a path', 'a/b', '"a/b" has a / in it'],
  [
    'a UUID without its hyphens',
    '4dea22b31d52d8f32516782e98ab3fa0',
    '"4dea22b31d52d8f32516782e98ab3fa0" is a UUID without its hyphens, or a name that looks like one',
  ],
  ['a comment', '"db-1 # prod"', '"db-1 # prod" has a # where a comment begins'],
  ['a # at the beginning', '"#1"', '"#1" has a # where a comment begins'],
  [
    'what polkit cannot compare',
    '"db-😀"',
    '"db-😀" has a character in it that polkit’s rules cannot compare',
  ],
  ['a name too long', 'é'.repeat(126), `"${'é'.repeat(126)}" is longer than 251 bytes`],
  [
    'a number',
    '7',
    'expected the name or the UUID of a domain, in quotes where it is a number, found the number 7',
  ],
] as const) {
  test(`a domain cannot be named so: ${title}`, t => {
    t.deepEqual(problemsOf(play(`protected_domains: [ok, ${entry}]`)), [
      `2:27 protected_domains: ${problem}`,
    ]);
  });
}

test('a list is a list', t => {
  t.deepEqual(problemsOf(play('protected_domains: db-1')), [
    '2:22 protected_domains: expected a list of names or UUIDs of domains, found text "db-1"',
  ]);
});

test('a domain stands once, however its UUID is spelled', t => {
  t.deepEqual(
    problemsOf(
      play(
        'protected_domains: [db-1, db-1, 4DEA22B3-1D52-D8F3-2516-782E98AB3FA0, 4dea22b3-1d52-d8f3-2516-782e98ab3fa0]',
      ),
    ),
    [
      '2:29 "db-1" stands twice in this play: line 2 names the same domain',
      '2:73 "4dea22b3-1d52-d8f3-2516-782e98ab3fa0" stands twice in this play: line 2 names the same domain',
    ],
  );
});

for (const group of [
  '""',
  '"a "',
  '" a"',
  'a:b',
  'a/b',
  '"a,b"',
  '"107"',
  '107',
  '-x',
  '"a\\nb"',
  '{ a: b }',
]) {
  test(`a group cannot be called ${group}`, t => {
    const [problem = ''] = problemsOf(play('protected_domains: [db-1]', `operators: ${group}`));
    t.regex(problem, /^3:14 operators: expected the name of a group/);
    t.regex(
      problemsOf(play('protected_domains: [db-1]', `operators: [ok, ${group}]`))[0] ?? '',
      /^3:19 operators: expected the name of a group/,
    );
  });
}

test('no group at all is no group', t => {
  t.deepEqual(problemsOf(play('protected_domains: [db-1]', 'operators: []')), [
    '3:14 operators: the list is empty: name a group',
  ]);
});

test('operators alone protect nothing', t => {
  t.deepEqual(problemsOf(play('packages: [jq]', 'operators: libvirt')), [
    '3:3 operators says who may use libvirt beside protected_domains, which is not there',
  ]);
});
