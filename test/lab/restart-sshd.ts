import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from './host.ts';

/** Gives a host's sshd a file of settings (it counts before those of the lab, by its name after them) and starts it anew. */
export async function restartSshd(host: LabHost, name: string, settings: string): Promise<void> {
  await writeFile(join(host.root, 'etc/ssh/sshd_config.d', name), settings);
  await host.exec('sshd -t; systemctl reset-failed sshd; systemctl restart sshd');
  for (let i = 0; i < 200 && !(await greets(host.address)); i += 1) {
    await sleep(50);
  }
}

async function greets(address: string): Promise<boolean> {
  const socket = connect(22, address);
  try {
    await once(socket, 'data');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
