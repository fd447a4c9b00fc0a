import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';

test('200 sessions in one process, failing ones among them, leave nothing open and no warning', async t => {
  const program = fileURLToPath(new URL('many-sessions.ts', import.meta.url));
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    ['--import=tsx', '--trace-warnings', '--unhandled-rejections=strict', program],
    { timeout: 40_000, reject: false },
  );
  t.is(stderr, '');
  t.is(exitCode, 0);
  t.is(stdout, 'authentication 10\nconnection-lost 14\nhost-key-unknown 6\nok 170');
});
