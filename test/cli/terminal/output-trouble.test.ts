import test from 'ava';
import { execa } from 'execa';
import { BIN, setUp } from '../program.ts';

test('output that cannot be written is told, and never exit code 0', async t => {
  const { stderr, exitCode } = await execa(
    'sh',
    ['-c', '"$0" "$@" >/dev/full', process.execPath, BIN, 'hooks', 'list'],
    {
      reject: false,
    },
  );
  t.is(exitCode, 1);
  t.regex(stderr, /^The output could not be written: ENOSPC/);
});

test('messages that cannot be written keep no run from its end', async t => {
  const { folder, knocks } = await setUp(t);
  const command = '"$0" "$@" 2>/dev/full';
  const { stdout, exitCode } = await execa(
    'sh',
    ['-c', command, process.execPath, BIN, 'check', 'site.yml', '-i', 'hosts.ini'],
    {
      cwd: folder,
      env: { HOME: folder, SSH_AUTH_SOCK: undefined, NO_COLOR: '1' },
      reject: false,
      stdin: 'ignore',
    },
  );
  t.is(exitCode, 4);
  t.regex(stdout, /^1 host: 1 unreachable$/m);
  t.true(knocks() > 0);
});

test('a reader that wants no more is no trouble', async t => {
  const { stderr, exitCode } = await execa(
    'bash',
    ['-c', 'set -o pipefail; "$0" "$@" | true', process.execPath, BIN, 'hooks', 'list'],
    { reject: false },
  );
  t.is(exitCode, 0, stderr);
});
