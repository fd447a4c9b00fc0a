import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlFiles, type InventoryHost } from './control.ts';
import { type DemoRole, makeDisk } from './disk.ts';
import { writeFiles } from './files.ts';
import { knownHostsLine, makeKey } from './keys.ts';
import { startDemoServer } from './server.ts';
import { makeTools } from './tools.ts';

/** A fleet of simulated hosts on this machine, and the working folder of somebody who keeps it. */
export interface DemoFleet {
  /** With inventory, playbook, key and known_hosts. */
  readonly folder: string;
  /** The PATH of the hosts. */
  readonly path: string;
  readonly hosts: readonly DemoHost[];
}

export interface DemoHost {
  readonly name: string;
  /** Its root folder on this machine. */
  readonly disk: string;
}

const HYPERVISORS = 12;

/**
 * Brings the fleet up: a dozen hypervisors and an engine, each with a disk, a host key and an SSH server of its own.
 *
 * @returns it, and what takes it down again and leaves nothing behind.
 */
export async function startFleet(): Promise<{ readonly fleet: DemoFleet; stop(): Promise<void> }> {
  const top = await mkdtemp(join(temporaryFolder(), 'hookfleet-demo-'));
  const undo: (() => Promise<void>)[] = [() => rm(top, { recursive: true, force: true, maxRetries: 3 })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) {
      await step();
    }
  };
  try {
    const path = await makeTools(join(top, 'tools'));
    const user = makeKey();
    const start = async (name: string, role: DemoRole) => {
      const disk = join(top, 'hosts', name);
      await makeDisk(disk, role);
      const hostKey = makeKey();
      const folders = { root: disk, path };
      const server = await startDemoServer({ folders, hostKey: hostKey.text, userKey: user.key });
      undo.push(() => server.close());
      return { name, role, disk, port: server.port, known: knownHostsLine(server.port, hostKey) };
    };
    const hosts = await Promise.all([
      ...Array.from({ length: HYPERVISORS }, (_, i) =>
        start(`hv-${String(i + 1).padStart(2, '0')}`, 'hypervisor'),
      ),
      start('engine-01', 'engine'),
    ]);
    const folder = join(top, 'work');
    await mkdir(folder);
    const known = hosts.map(host => host.known).join('');
    await writeFiles(folder, controlFiles(folder, hosts.map(inventoryHost), user.text, known));
    return { fleet: { folder, path, hosts: hosts.map(({ name, disk }) => ({ name, disk })) }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function inventoryHost({ name, role, port }: { name: string; role: DemoRole; port: number }): InventoryHost {
  return { name, group: role === 'engine' ? 'engine' : 'hypervisors', port };
}

/** Scripts are written for hosts whose root folder needs no quotes. */
function temporaryFolder(): string {
  const folder = tmpdir();
  return /^[A-Za-z0-9_./+-]+$/.test(folder) ? folder : '/tmp';
}
