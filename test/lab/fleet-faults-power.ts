import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { bootSystemd, processOne, sshdAnswers } from './boot.ts';
import { removeCgroups } from './cgroup.ts';
import { until } from './fleet-faults-lab.ts';
import type { LabHost } from './host.ts';
import { noteProcess } from './state.ts';

/**
 * Ends all processes of a host at once, as a power cut or a watchdog does, and boots it anew on the disk as it is then;
 * resolves when its sshd answers. `host.exec` is of no use any more: what is given back is.
 */
export async function bootAnew({
  name,
  root,
  pid,
  address,
}: LabHost): Promise<(command: string) => Promise<string>> {
  const folder = dirname(root);
  const state = { id: basename(folder), folder, logFolder: join(folder, 'log') };
  const nspawn = await parentOf(pid);
  const old = await parentOf(nspawn);
  process.kill(pid, 'SIGKILL');
  await until(() => !existsSync(`/proc/${old}`));
  removeCgroups(state.id);
  await rm(join('/run/systemd/nspawn/propagate', state.id), { recursive: true, force: true });
  const supervisor = bootSystemd(state, root, name);
  supervisor.unref();
  noteProcess(state, 'supervisor', supervisor.pid ?? 0);
  await sshdAnswers(address, supervisor, state);
  const fresh = (await processOne(supervisor.pid ?? 0)) ?? 0;
  noteProcess(state, 'init', fresh);
  const enter = [`--target=${fresh}`, '--mount', '--uts', '--ipc', '--pid', '--root', '--wd'];
  return async command => {
    const { stdout } = await execa('nsenter', [...enter, '--', 'sh', '-c', command], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C' },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
    });
    return stdout;
  };
}

async function parentOf(pid: number): Promise<number> {
  return Number(/^PPid:\s*(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
