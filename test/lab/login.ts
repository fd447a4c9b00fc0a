import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Host } from '../../src/core/host.ts';
import { type ConnectOptions, connect } from '../../src/remote/connect.ts';
import { knownHostsOf } from '../../src/remote/host-keys/known-hosts.ts';
import { identitiesOf } from '../../src/remote/login/identities.ts';
import type { Session } from '../../src/remote/script/session.ts';
import type { LabHost } from './host.ts';
import { labKeys, writeKnownHosts } from './keys.ts';

/** Logs in on a host as user `ops`, with a session of the program itself; it ends with the test. */
export async function login(
  t: ExecutionContext,
  host: LabHost,
  as: Partial<Host> = {},
  options: Partial<ConnectOptions> = {},
): Promise<Session> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-login-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const known = join(folder, 'known_hosts');
  await writeKnownHosts([host], known);
  const { privateKeyFile } = labKeys();
  const session = await connect(
    { name: host.name, address: host.address, port: 22, user: 'ops', privateKeyFile, ...as },
    { knownHosts: knownHostsOf({ files: [known] }), identities: identitiesOf(), ...options },
  );
  t.teardown(() => session.close());
  return session;
}
