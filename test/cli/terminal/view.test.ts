import test from 'ava';
import { execa } from 'execa';
import { BIN, setUp } from '../program.ts';

/** Runs a check of one host that nobody reaches on a terminal of its own, and gives all that it wrote. */
async function onTerminal(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  { size = 'rows 24 cols 80', options = '' } = {},
): Promise<string> {
  const command = `stty ${size}; exec '${process.execPath}' '${BIN}' check site.yml -i hosts.ini ${options}`;
  const { stdout } = await execa('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: {
      HOME: folder,
      SSH_AUTH_SOCK: undefined,
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      LC_ALL: undefined,
      CI: undefined,
      NO_COLOR: undefined,
      COLUMNS: undefined,
      ...env,
    },
    reject: false,
    stdin: 'ignore',
  });
  return stdout;
}

const HIDDEN_CURSOR = '\u001b[?25l';

const cases: readonly (readonly [
  title: string,
  env: Readonly<Record<string, string>>,
  how: { size?: string; options?: string },
  shown: { live: boolean; colour: boolean },
])[] = [
  ['a terminal', {}, {}, { live: true, colour: true }],
  ['a terminal without a size', {}, { size: 'rows 0 cols 0' }, { live: true, colour: true }],
  ['NO_COLOR', { NO_COLOR: '1' }, {}, { live: true, colour: false }],
  ['CI=true', { CI: 'true' }, {}, { live: false, colour: true }],
  ['CI=false', { CI: 'false' }, {}, { live: true, colour: true }],
  ['TERM=dumb', { TERM: 'dumb' }, {}, { live: false, colour: false }],
  ['--verbose', {}, { options: '-v' }, { live: false, colour: true }],
];

for (const [title, env, how, { live, colour }] of cases) {
  test(`${title}: ${live ? 'a live view' : 'lines'}, ${colour ? 'coloured' : 'without colour'}`, async t => {
    const { folder } = await setUp(t);
    const screen = await onTerminal(folder, env, how);
    t.is(screen.includes(HIDDEN_CURSOR), live, screen);
    t.is(screen.includes('\u001b[31m'), colour, screen);
    t.true(screen.includes('check site.yml: 1 host'), screen);
    t.regex(screen, /unreachable.*kvm-01/);
  });
}

test('--quiet shows the trouble and the totals, and nothing else; data stays on stdout', async t => {
  const { folder, run } = await setUp(t);
  const screen = await onTerminal(folder, { NO_COLOR: '1' }, { options: '--quiet' });
  t.regex(screen, /^unreachable: kvm-01\r?\n[\s\S]*\n1 host: 1 unreachable\r?$/);
  t.false(screen.includes(HIDDEN_CURSOR));
  const { stdout, stderr } = await run('check', 'site.yml', '-i', 'hosts.ini', '--quiet');
  t.is(stderr, '');
  t.regex(stdout, /^unreachable: kvm-01\n/);
});
