import test, { type ExecutionContext } from 'ava';
import { Secret } from '../../src/core/secret.ts';
import { sh } from '../../src/core/sh.ts';
import { connect } from '../../src/remote/connect.ts';
import { machineShell } from './embedded-server.ts';
import { commandFolder, ONE_KEY, PLAIN, serverFor } from './faults.ts';
import { knownHostsText } from './known.ts';
import { startCountingLink } from './slow-link.ts';

/** Far longer than a side needs to answer, so that each turn is one round trip on a slow machine too. */
const SILENCE_MS = 400;

/**
 * How many round trips a script needs from the open TCP connection to its result, at most: the least of up to three, since
 * a moment in which a busy machine says nothing looks like one more.
 */
async function needsAtMost(most: number, ...about: Parameters<typeof countOnce>): Promise<boolean> {
  for (let i = 0; i < 3; i += 1) {
    if ((await countOnce(...about)) <= most) {
      return true;
    }
  }
  return false;
}

async function countOnce(t: ExecutionContext, script: string, sudo: string | undefined): Promise<number> {
  const folder = await commandFolder(t, 'sudo', `#!/bin/sh\n${sudo ?? 'shift; exec "$@"'}\n`);
  const server = await serverFor(t, {
    exec: machineShell({ env: { PATH: `${folder}:/usr/bin:/bin` } }),
  });
  const link = await startCountingLink({ host: '127.0.0.1', port: server.port }, SILENCE_MS);
  t.teardown(() => link.close());
  const host = server.host('ops', sudo === undefined ? {} : { becomePassword: new Secret('word') });
  const [key] = server.hostKeys;
  const known = `[127.0.0.1]:${link.port} ${key?.type} ${key?.getPublicSSH().toString('base64')}`;
  const session = await connect(
    { ...host, port: link.port },
    { knownHosts: knownHostsText(known), identities: ONE_KEY },
  );
  const [section] = await session.run([sh`echo ${script}`], { ...PLAIN, become: true });
  const { rounds } = link;
  t.is(section?.stdout, `${script}\n`);
  session.close();
  return rounds;
}

// One more each than with OpenSSH (test/lab/round-trips.test.ts): ssh2's server may answer the login in two parts.
test('an unchanged host costs at most eight round trips from the open connection to its result, login and all', async t => {
  t.true(await needsAtMost(8, t, 'short', undefined));
});

test('a script on stdin costs one more, a password another one', async t => {
  t.true(await needsAtMost(9, t, 'long'.repeat(20_000), undefined));
  const asks = 'printf %s "$3" >&2; read -r word; shift 3; exec "$@"';
  t.true(await needsAtMost(10, t, 'short', asks));
});
