import test, { type ExecutionContext } from 'ava';
import { sh } from '../../src/core/sh.ts';
import type { ExecHandler } from './embedded-server.ts';
import { isFault } from './fault-cases.ts';
import { hostError, PLAIN, serverFor, sessionFor } from './faults.ts';

/** The error of a script on a server whose login shell does something else with it. */
async function refusal(t: ExecutionContext, exec: ExecHandler, { become = false, shellMs = 20_000 } = {}) {
  const server = await serverFor(t, { exec });
  const session = await sessionFor(t, server, server.host('ops'), { shellMs });
  return hostError(t, session.run([sh`:`], { ...PLAIN, become }));
}

/** A login shell that says something and ends. */
function saying(text: string, exitCode: number): ExecHandler {
  return ({ channel }) => {
    channel.stderr.write(text);
    channel.exit(exitCode);
    channel.end();
  };
}

for (const [id, says, exitCode] of [
  ['nologin', 'This account is currently not available.\n', 1],
  ['restricted', 'rbash: line 1: exec: restricted\n', 1],
  ['sftp-only', 'This service allows sftp connections only.\n', 1],
  ['forced-command', 'Welcome to the menu\n', 0],
  [
    'password-expired',
    'WARNING: Your password has expired.\nPassword change required but no TTY available.\n',
    1,
  ],
  ['no-sh', 'bash: line 1: exec: sh: not found\n', 127],
  ['no-sh', 'sh: Command not found.\n', 1],
  ['no-sh', "fish: Unknown command: sh\nexec sh -c 'eval …'\n", 127],
  ['no-base64', 'sh: 1: base64: not found\n', 0],
  ['no-base64', 'sh: line 1: base64: command not found\n', 0],
  ['process-limit', 'bash: fork: retry: Resource temporarily unavailable\n', 254],
  ['process-limit', 'sh: 1: Cannot fork\n', 2],
] as const) {
  test(`${id}: a login shell that says ${JSON.stringify(says)}`, async t => {
    for (const become of [false, true]) {
      const error = await refusal(t, saying(says, exitCode), { become });
      isFault(t, id, error);
      t.deepEqual([error.failure.step, error.failure.exitCode], ['connect', exitCode]);
      t.is(error.failure.stderr, says.trimEnd());
    }
  });
}

test('a login shell that hangs or floods is given up long before the script’s own time', async t => {
  isFault(t, 'shell-hangs', await refusal(t, () => {}, { shellMs: 200 }));
  const flood: ExecHandler = ({ channel }) => {
    const write = () => {
      if (!channel.destroyed) {
        channel.write('y\n'.repeat(10_000), () => setImmediate(write));
      }
    };
    write();
  };
  const error = await refusal(t, flood, { shellMs: 500 });
  isFault(t, 'shell-floods', error);
  t.true((error.failure.stderr ?? '').length < 5000);
});

test('a server that takes no command is told', async t => {
  const server = await serverFor(t, {
    onConnection: client => client.removeAllListeners('session').on('session', (_, reject) => reject()),
  });
  const session = await sessionFor(t, server, server.host('ops'));
  isFault(t, 'no-exec', await hostError(t, session.run([sh`:`], PLAIN)));
});
