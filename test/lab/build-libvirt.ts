import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { LIBVIRT_PACKAGES } from './libvirt-recipe.ts';
import { mountOverlay, unmountOverlay } from './overlay.ts';

/** The control groups and mount namespaces of the lab's hosts are not libvirt's to divide. */
const QEMU_CONF = 'cgroup_controllers = []\nnamespaces = []\n';

/** What only the installation needs. */
const SCRATCH = ['etc/resolv.conf', 'var/cache/apt', 'var/lib/apt/lists'];

/** Adds a real libvirtd and QEMU to the layers of a host, the topmost first; needs a Debian mirror. */
export async function buildLibvirt(lower: readonly string[], target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-lab-'));
  try {
    const { root, upper } = await mountOverlay(folder, lower, '2g');
    const inside = (...command: readonly string[]) =>
      execa('chroot', [root, ...command], {
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
        extendEnv: false,
      });
    // The one that the Debian part was built with may be out of date.
    await rm(join(root, 'etc/resolv.conf'), { force: true });
    await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
    await inside('apt-get', 'update', '-q');
    await inside('apt-get', 'install', '-q', '-y', '--no-install-recommends', ...LIBVIRT_PACKAGES);
    await writeFile(join(root, 'etc/libvirt/qemu.conf'), QEMU_CONF);
    for (const scratch of SCRATCH) {
      await rm(join(upper, scratch), { recursive: true, force: true });
    }
    await execa('cp', ['-a', upper, target]);
  } finally {
    await unmountOverlay(folder);
    await rm(folder, { recursive: true, force: true });
  }
}
