import test from 'ava';
import { everyCommand } from '../../../src/cli/options/brief-help.ts';
import { EXAMPLES } from '../../../src/cli/options/examples.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { setUp } from '../program.ts';

const COMMANDS = everyCommand(buildProgram(() => {})).filter(
  ({ command, path }) => path !== 'complete' && (command.commands.length === 0 || path === ''),
);

// What a terminal of 80 columns shows without scrolling on any screen of today.
const ROWS = 42;

for (const { path } of COMMANDS) {
  test(`the help of hookfleet ${path} fits a screen, and ends with examples`, async t => {
    const { run } = await setUp(t);
    const { stdout, stderr, exitCode } = await run(...path.split(' ').filter(Boolean), '--help');
    t.is(exitCode, 0, stderr);
    const lines = stdout.split('\n');
    t.true(
      lines.length <= ROWS,
      `${lines.length} lines, ${ROWS} fit: options that are seldom needed go into SELDOM of src/cli/options/brief-help.ts`,
    );
    t.deepEqual(
      lines.filter(line => line.length > 80 && !line.startsWith('  hookfleet ')),
      [],
    );
    t.deepEqual(
      lines.slice(lines.indexOf('Examples:') + 1).map(line => line.trim()),
      EXAMPLES[path],
      `src/cli/options/examples.ts has the examples of "${path}"`,
    );
  });
}

test('every command has examples, and every example is of a command', t => {
  const paths = COMMANDS.map(({ path }) => path);
  const lacking = paths.filter(path => !(path in EXAMPLES));
  const needless = Object.keys(EXAMPLES).filter(path => !paths.includes(path));
  t.deepEqual({ lacking, needless }, { lacking: [], needless: [] }, 'src/cli/options/examples.ts');
});

test('--help-all shows every option, without the arguments that the command needs', async t => {
  const { run } = await setUp(t);
  const { stdout, exitCode } = await run('check', '--help-all');
  t.is(exitCode, 0);
  for (const option of ['--connect-limit', '--vault-id', '--print-probe', '--diff']) {
    t.true(stdout.includes(option), option);
  }
  t.false((await run('check', '--help')).stdout.includes('--connect-limit'));
});
