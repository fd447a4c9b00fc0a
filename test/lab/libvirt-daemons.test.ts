/** Which daemon is told of a hook, and what a run leaves that is killed: the guest runs on in the same process. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { LabHost } from './host.ts';
import { guestPids, RECORDER, reloads, unnoticed, until } from './libvirt.ts';
import { bootSite, hooksOnDisk } from './libvirt-fleet.ts';

const QEMU = { name: '10-audit', text: RECORDER, operations: ['prepare'] };
const NETWORK = { driver: 'network', name: '10-net', text: RECORDER, operations: ['start'] };

/**
 * Puts stand-ins of modular daemons in libvirtd's place, which Debian does not have: they tell their version, and note
 * each SIGHUP.
 */
async function goModular(host: LabHost, ...names: readonly string[]): Promise<void> {
  await host.exec(
    'systemctl mask --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service',
  );
  for (const name of names) {
    const program = `#!/bin/sh
if [ "$1" = --version ]; then echo '${name} (libvirt) 11.3.0'; exit; fi
trap 'echo ${name} >> /var/log/reloaded' HUP
while :; do sleep 1 & wait; done
`;
    const unit = `[Service]\nExecStart=/usr/sbin/${name}\nExecReload=/bin/kill -HUP $MAINPID\n`;
    await writeFile(join(host.root, 'usr/sbin', name), program, { mode: 0o755 });
    await writeFile(join(host.root, 'etc/systemd/system', `${name}.service`), unit);
  }
  await host.exec(['systemctl', 'daemon-reload']);
  await host.exec(['systemctl', 'start', ...names]);
}

test.serial('of modular daemons the one that calls the hook is reloaded, and no other', async t => {
  const { host, roll } = await bootSite(t);
  const guests = await guestPids(host);
  await goModular(host, 'virtqemud', 'virtnetworkd', 'virtproxyd');
  const reloaded = async () => (await host.exec('cat /var/log/reloaded || true')).stdout;

  const qemu = await roll('apply', [QEMU]);
  t.is(qemu.exitCode, 0, qemu.output);
  t.is(await reloaded(), 'virtqemud\n');
  const network = await roll('apply', [QEMU, NETWORK]);
  t.is(network.exitCode, 0, network.output);
  t.is(await reloaded(), 'virtqemud\nvirtnetworkd\n');
  t.is((await roll('check', [QEMU, NETWORK])).exitCode, 0);
  t.is(await reloads(host), 0);
  t.deepEqual(await guestPids(host), guests);
});

test.serial(
  'a run that is killed while a hook is tried leaves nothing, and the next one does it all',
  async t => {
    const { host, control, roll } = await bootSite(t);
    const hanging = '#!/bin/sh\nsleep 600\n';
    await roll('check', [{ ...QEMU, text: hanging }]);
    await unnoticed(t, host, async () => {
      const running = control.start('apply', 'site.yml', '-i', 'hosts.ini');
      const tried = async () => (await host.exec('pgrep -f "[s]leep 600" || true')).stdout !== '';
      await until(tried, 'the hook to be tried');
      running.kill('SIGKILL');
      await running;
      await until(async () => !(await tried()), 'the host to end it');
      const left = async () => {
        const { stdout } = await host.exec('ls -d /run/hookfleet.?????? /tmp/hookfleet* 2>/dev/null || true');
        return [
          ...(await hooksOnDisk(host)).filter(line => !line.endsWith(' qemu.d')),
          ...stdout.split('\n').filter(Boolean),
        ];
      };
      await until(async () => (await left()).length === 0, 'what was staged to go');

      const { exitCode, output } = await roll('apply', [QEMU]);
      t.is(exitCode, 0, output);
    });
  },
);
