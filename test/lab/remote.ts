import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { HostError } from '../../src/core/failure.ts';
import type { Host } from '../../src/core/host.ts';
import { sh } from '../../src/core/sh.ts';
import { knownHostsOf } from '../../src/remote/host-keys/known-hosts.ts';
import { identitiesOf } from '../../src/remote/login/identities.ts';
import { openRemote, type Remote, type RemoteOptions } from '../../src/remote/remote.ts';
import type { Session } from '../../src/remote/script/session.ts';
import { readSshConfig } from '../../src/remote/ssh-config/ssh-config.ts';
import { labKeys } from './keys.ts';

export interface LabRemote {
  readonly remote: Remote;
  /** Runs `echo in` on a host, and gives `in`, or the error that it ended with. */
  reach(host: Host): Promise<string | HostError>;
}

export interface LabRemoteOptions extends Partial<Omit<RemoteOptions, 'config'>> {
  /** The host keys that are known: lines of a known_hosts file. */
  readonly known: readonly string[];
  /** The text of the user's ssh_config. */
  readonly config?: string;
}

/** The way to hosts of the lab with the lab's key, for one test. */
export async function labRemote(
  t: ExecutionContext,
  { known, config = '', ...options }: LabRemoteOptions,
): Promise<LabRemote> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-remote-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'known_hosts'), known.join('\n'));
  await writeFile(join(folder, 'config'), config);
  const remote = openRemote({
    knownHosts: knownHostsOf({ files: [join(folder, 'known_hosts')] }),
    identities: identitiesOf({ home: folder, agentSocket: undefined }),
    jumpIdentityFile: labKeys().privateKeyFile,
    config: await readSshConfig({ file: join(folder, 'config') }),
    ...options,
  });
  t.teardown(() => remote.close());
  return {
    remote,
    async reach(host) {
      let session: Session | undefined;
      try {
        session = await remote.connect(host);
        const [section] = await session.run([sh`echo in`], PLAIN);
        return section?.stdout.trim() ?? '';
      } catch (error) {
        if (error instanceof HostError) {
          return error;
        }
        throw error;
      } finally {
        session?.close();
      }
    },
  };
}

export const PLAIN = { become: false, timeoutSeconds: 30, stopAtFailure: false };

/** A host of an inventory, with the lab's key. */
export function labHost(name: string, address: string, more: Partial<Host> = {}): Host {
  return { name, address, user: 'ops', privateKeyFile: labKeys().privateKeyFile, ...more };
}

/** Lines of known_hosts for names, each with the keys of a host. */
export function knownAs(names: readonly string[], host: { readonly hostKeys: readonly string[] }): string[] {
  return names.flatMap(name => host.hostKeys.map(key => `${name} ${key}`));
}
