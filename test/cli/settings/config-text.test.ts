import test from 'ava';
import { readConfigText } from '../../../src/cli/settings/config-text.ts';
import { formatProblem } from '../../../src/core/input-error.ts';

const read = (text: string) => {
  const { given, problems } = readConfigText(text, 'hookfleet.cfg');
  return {
    given: given.map(({ key, values, place }) => [key, ...values, place.line]),
    problems: problems.map(formatProblem),
  };
};

test('keys below [defaults] are settings, with their lines', t => {
  t.deepEqual(read('; comment\n[defaults]\r\nforks = 20\nprivate_key="~/keys/a b"\nbecome = true\n'), {
    given: [
      ['forks', '20', 3],
      ['private_key', '~/keys/a b', 4],
      ['become', 'true', 5],
    ],
    problems: [],
  });
});

test('a byte order mark, blanks before a line and Windows line ends change nothing', t => {
  t.deepEqual(read('\ufeff  [defaults]\r\n  forks = 20\r\n').given, [['forks', '20', 2]]);
});

test('several inventories stand as inventory[]', t => {
  t.deepEqual(read('[defaults]\ninventory[] = a\ninventory[] = b\n').given, [['inventory', 'a', 'b', 2]]);
});

for (const [title, text, problem] of [
  ['an unknown key', '[defaults]\nfrks = 1', 'hookfleet.cfg:2: frks is not a setting\n  Did you mean forks?'],
  [
    'an option spelt as one',
    '[defaults]\nprivate-key = a',
    'hookfleet.cfg:2: private-key is not a setting\n  Did you mean private_key?',
  ],
  [
    'a key of no near name',
    '[defaults]\nzzzzzzzz = 1',
    'hookfleet.cfg:2: zzzzzzzz is not a setting\n  docs/settings.md lists all of them',
  ],
  [
    'a name of JavaScript',
    '[defaults]\nconstructor = 1',
    'hookfleet.cfg:2: constructor is not a setting\n  docs/settings.md lists all of them',
  ],
  [
    'an unknown section',
    '[ssh]\nforks = 1',
    'hookfleet.cfg:1: the section [ssh] is not known\n  All keys stand below one line: [defaults]',
  ],
  [
    'a key in no section',
    'forks = 1',
    'hookfleet.cfg:1: forks stands in no section\n  All keys stand below one line: [defaults]',
  ],
  [
    'a key that stands twice',
    '[defaults]\nforks = 1\nforks = 2',
    'hookfleet.cfg:3: forks stands twice\n  Once in line 2; keep one of the two',
  ],
  [
    'a list where there is one value',
    '[defaults]\nforks[] = 1',
    'hookfleet.cfg:2: forks has one value\n  Write forks = …',
  ],
] as const) {
  test(`${title} is refused, with its line`, t => {
    t.deepEqual(read(text).problems, [problem]);
  });
}

test('all problems of a file are told', t => {
  t.is(read('forks = 1\n[x]\n[defaults]\nnope = 1\n').problems.length, 3);
});
