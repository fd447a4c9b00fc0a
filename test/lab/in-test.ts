import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { bootHost, type HostOptions, type LabHost } from './host.ts';
import { labKeys, writeKnownHosts } from './keys.ts';

/** Boots a host that lives as long as the test. */
export async function boot(t: ExecutionContext, options: HostOptions = {}): Promise<LabHost> {
  const host = await bootHost(options);
  t.teardown(() => host.stop());
  return host;
}

/** Runs a command through the system's own ssh client; it fails where the host key is not the one that is known. */
export async function ssh(t: ExecutionContext, host: LabHost, user: string, command: string) {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-ssh-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const known = join(folder, 'known_hosts');
  await writeKnownHosts([host], known);
  const settings = ['BatchMode=yes', 'IdentitiesOnly=yes', `UserKnownHostsFile=${known}`];
  const { exitCode, stdout, stderr } = await execa(
    'ssh',
    [
      ...['-F', 'none', '-i', labKeys().privateKeyFile],
      ...settings.flatMap(setting => ['-o', setting]),
      ...[`${user}@${host.address}`, command],
    ],
    { reject: false, stdin: 'ignore' },
  );
  return { exitCode, stdout, stderr };
}
