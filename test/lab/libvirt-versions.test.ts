/** What a host's libvirt does not call is refused there, before anything is copied. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { LabHost } from './host.ts';
import { RECORDER, unnoticed } from './libvirt.ts';
import { bootSite, hooksOnDisk } from './libvirt-fleet.ts';

const VETO = { name: '10-veto', text: RECORDER, operations: ['stop'] };

/** Makes the host's libvirt call itself an older one when it is asked; nothing else of it changes. */
async function pretendVersion(host: LabHost, version: string): Promise<void> {
  await host.exec(`
    for program in /usr/sbin/libvirtd /usr/bin/virsh; do
      mv $program $program.real
      cat > $program <<'END'
#!/bin/sh
case "$*" in *version*) "$0.real" "$@" | sed 's/9\\.0\\.0/${version}/g' ;; *) exec "$0.real" "$@" ;; esac
END
      chmod 0755 $program
    done`);
}

test.serial('the operation stop is refused, with what to use instead', async t => {
  const { host, roll } = await bootSite(t);
  await unnoticed(t, host, async () => {
    for (const command of ['check', 'apply'] as const) {
      const { exitCode, outcome, error, output } = await roll(command, [VETO]);
      t.is(exitCode, 1, output);
      t.is(outcome, 'failed');
      t.regex(error, /stop/);
      t.regex(error, /9\.0\.0/);
      t.regex(error, /protected_domains/);
    }
    t.deepEqual(await hooksOnDisk(host), []);
  });
});

test.serial('a site with a libvirt of its own says so, and gets its hook', async t => {
  const { host, control, roll } = await bootSite(t);
  await mkdir(join(control.folder, 'group_vars'));
  await control.write('group_vars/hypervisors.yml', 'libvirt_extra_operations: [stop]\n');
  await unnoticed(t, host, async () => {
    const { exitCode, output } = await roll('apply', [VETO]);
    t.is(exitCode, 0, output);
  });
  t.true((await hooksOnDisk(host)).some(line => line.endsWith(' qemu.d/10-veto')));
});

test.serial('an operation that is not called any more is refused', async t => {
  const { host, roll } = await bootSite(t);
  const { exitCode, error, output } = await roll('apply', [{ ...VETO, operations: ['attach'] }]);
  t.is(exitCode, 1, output);
  t.regex(error, /attach.*5\.5\.0/s);
  t.deepEqual(await hooksOnDisk(host), []);
});

test.serial('a libvirt without folders for hooks is refused, with the reason', async t => {
  const { host, roll } = await bootSite(t);
  await pretendVersion(host, '4.5.0');
  await unnoticed(t, host, async () => {
    const { exitCode, error, output } = await roll('apply', [{ ...VETO, operations: ['prepare'] }]);
    t.is(exitCode, 1, output);
    t.regex(error, /4\.5\.0/);
    t.regex(error, /6\.5\.0/);
    t.deepEqual(await hooksOnDisk(host), []);
  });
});
