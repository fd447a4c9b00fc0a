import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { type HostOptions, type LabHost, startLightHost } from './host.ts';

/** Starts a host that is an sshd with further settings; they count before those of all lab hosts. It ends with the test. */
export async function startSshd(
  t: ExecutionContext,
  { settings = '', ...options }: Omit<HostOptions, 'kind' | 'engine'> & { readonly settings?: string },
): Promise<LabHost> {
  const host = await startLightHost(options);
  t.teardown(() => host.stop());
  if (settings !== '') {
    await configureSshd(host, settings);
  }
  return host;
}

/** Gives the sshd of a light host other settings, and waits until it has taken them. */
export async function configureSshd(host: LabHost, settings: string): Promise<void> {
  await writeFile(join(host.root, 'etc/ssh/sshd_config.d/0-test.conf'), settings);
  const check = await host.exec('/usr/sbin/sshd -t', { reject: false });
  if (check.exitCode !== 0) {
    throw new Error(`sshd does not take these settings: ${check.stderr}`);
  }
  await host.resetSshLog();
  await host.exec('kill -HUP 1');
  while (!(await host.sshLogText()).includes('Server listening')) {
    await sleep(20);
  }
  await host.resetSshLog();
}

/** Makes a host know others by names that nobody else knows. */
export async function nameOn(host: LabHost, names: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(names).map(([name, address]) => `${address} ${name}\n`);
  await appendFile(join(host.root, 'etc/hosts'), lines.join(''));
}
