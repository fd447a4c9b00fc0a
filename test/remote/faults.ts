import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { HostError } from '../../src/core/failure.ts';
import type { Host } from '../../src/core/host.ts';
import { type ConnectOptions, connect } from '../../src/remote/connect.ts';
import { type Identities, identitiesOf } from '../../src/remote/login/identities.ts';
import type { RunOptions, Session } from '../../src/remote/script/session.ts';
import {
  type EmbeddedServer,
  type EmbeddedServerOptions,
  newPrivateKey,
  publicKey,
  startServer,
} from './embedded-server.ts';

/** The user has one key, which the embedded servers take. */
export const ONE_KEY: Identities = {
  list: async () => [{ kind: 'key', source: '~/.ssh/id_ed25519', key: KEY }],
};
const KEY = publicKey(newPrivateKey());

/** No identities at all, as for a user without a ~/.ssh folder. */
export const NO_KEY: Identities = identitiesOf({ home: '/nonexistent', agentSocket: undefined });

export const PLAIN: RunOptions = { become: false, timeoutSeconds: 30, stopAtFailure: false };

/** A server for one test. */
export async function serverFor(
  t: ExecutionContext,
  options?: EmbeddedServerOptions,
): Promise<EmbeddedServer> {
  const server = await startServer(options);
  t.teardown(() => server.close());
  return server;
}

/** A session for one test, on a server that is known and takes the key. */
export async function sessionFor(
  t: ExecutionContext,
  server: EmbeddedServer,
  host: Host = server.host(),
  options: Partial<ConnectOptions> = {},
): Promise<Session> {
  const session = await connect(host, { knownHosts: server.knownHosts, identities: ONE_KEY, ...options });
  t.teardown(() => session.close());
  return session;
}

/** The HostError that a promise must reject with. */
export async function hostError(t: ExecutionContext, promise: Promise<unknown>): Promise<HostError> {
  const error = await t.throwsAsync(promise, { instanceOf: HostError });
  if (error === undefined) {
    throw new Error('there is no error');
  }
  return error;
}

/** A folder with one executable script, to stand first in a server's PATH. */
export async function commandFolder(t: ExecutionContext, name: string, script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-command-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), script);
  await chmod(join(folder, name), 0o755);
  return folder;
}
