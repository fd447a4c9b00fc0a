import test, { type ExecutionContext } from 'ava';
import { Secret } from '../../src/core/secret.ts';
import { sh } from '../../src/core/sh.ts';
import { connect } from '../../src/remote/connect.ts';
import { identitiesOf } from '../../src/remote/login/identities.ts';
import { knownHostsText } from '../remote/known.ts';
import { startCountingLink } from '../remote/slow-link.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { labKeys } from './keys.ts';

/** Far longer than the host needs to answer, so that each turn is one round trip on a slow machine too. */
const SILENCE_MS = 800;

/**
 * Whether a script needs at most so many round trips from the open TCP connection to its result. Counted up to three times,
 * since a moment in which a busy host says nothing looks like one more.
 */
async function needsAtMost(most: number, ...about: Parameters<typeof countOnce>): Promise<boolean> {
  for (let i = 0; i < 3; i += 1) {
    if ((await countOnce(...about)) <= most) {
      return true;
    }
  }
  return false;
}

async function countOnce(
  t: ExecutionContext,
  { address, hostKeys }: LabHost,
  script: string,
  becomePassword?: Secret,
): Promise<number> {
  const link = await startCountingLink({ host: address, port: 22 }, SILENCE_MS);
  t.teardown(() => link.close());
  const known = hostKeys.map(key => `[127.0.0.1]:${link.port} ${key}`).join('\n');
  const { privateKeyFile } = labKeys();
  const place = { name: 'host', address: '127.0.0.1', port: link.port, user: 'ops', privateKeyFile };
  const session = await connect(
    { ...place, ...(becomePassword && { becomePassword }) },
    { knownHosts: knownHostsText(known), identities: identitiesOf() },
  );
  const options = { become: true, timeoutSeconds: 60, stopAtFailure: false };
  const [section] = await session.run([sh`id -u; : ${script}`], options);
  const { rounds } = link;
  t.is(section?.stdout, '0\n');
  session.close();
  return rounds;
}

// The floor, ssh2 alone with the script in the exec request, has as many.
test('seven round trips from the open connection to the result, login and sudo included', async t => {
  const host = await boot(t);
  t.true(await needsAtMost(7, t, host, 'short'));
  t.true(await needsAtMost(8, t, host, 'long'.repeat(20_000)), 'a long script goes by stdin');
});

test('a password for sudo costs two more: it goes by stdin, and the script only once it was taken', async t => {
  const host = await boot(t, { sudo: 'password' });
  await host.exec('echo ops:word | chpasswd');
  t.true(await needsAtMost(9, t, host, 'short', new Secret('word')));
});
