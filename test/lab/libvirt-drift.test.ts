/** What lies in the folders of hooks and was not asked for: it runs, so it is told; what is not hookfleet's stays. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { HOOKS, putHook, RECORDER, unnoticed } from './libvirt.ts';
import { bootSite, hooksOnDisk } from './libvirt-fleet.ts';

const AUDIT = { name: '10-audit', text: RECORDER, operations: ['prepare'] };

test.serial('whatever would run and nobody asked for is drift, and goes where the play says so', async t => {
  const { host, roll } = await bootSite(t);
  t.is((await roll('apply', [AUDIT])).exitCode, 0);
  const names = ['.hidden', '10-audit~', '10-audit.rpmsave', '20-other', 'two words'];
  for (const name of names) {
    await putHook(host, `qemu.d/${name}`, RECORDER);
  }
  await putHook(host, 'elsewhere', RECORDER);
  await putHook(host, 'qemu.d/README', 'not a script\n', 0o644);
  await putHook(host, 'qemu.d/vm1/prepare/begin/start.sh', RECORDER);
  await host.exec(`ln -s ../elsewhere ${HOOKS}/qemu.d/link`);
  const before = await hooksOnDisk(host);
  await unnoticed(t, host, async () => {
    const checked = await roll('check', [AUDIT]);
    t.is(checked.exitCode, 3, checked.output);
    const told = checked.changes.filter(line => line.startsWith('unmanaged '));
    for (const name of [...names, 'link']) {
      t.true(
        told.some(line => line.endsWith(`/${name}`)),
        `${name}: ${told.join(', ')}`,
      );
    }
    t.is(told.length, names.length + 1);
    t.regex(checked.notes.join('\n'), /vm1/);

    const applied = await roll('apply', [AUDIT]);
    t.is(applied.exitCode, 0, applied.output);
    t.deepEqual(await hooksOnDisk(host), before);

    const removed = await roll('apply', [AUDIT], { unmanaged: 'remove' });
    t.is(removed.exitCode, 0, removed.output);
    const gone = new Set([...names, 'link'].map(name => `qemu.d/${name}`));
    t.deepEqual(
      await hooksOnDisk(host),
      before.filter(line => ![...gone].some(path => line.includes(` ${path}`))),
    );
  });
});

test.serial('what became of a hook that was placed is told and mended', async t => {
  const { host, roll } = await bootSite(t);
  t.is((await roll('apply', [AUDIT])).exitCode, 0);
  const whole = await hooksOnDisk(host);
  const path = `${HOOKS}/qemu.d/10-audit`;
  await unnoticed(t, host, async () => {
    for (const damage of [`chmod 0700 ${path}`, `chown ops ${path}`, `echo >> ${path}`, `rm ${path}`]) {
      await host.exec(damage);
      const checked = await roll('check', [AUDIT]);
      t.is(checked.exitCode, 3, `${damage}: ${checked.output}`);
      const applied = await roll('apply', [AUDIT]);
      t.is(applied.exitCode, 0, `${damage}: ${applied.output}`);
      t.deepEqual(await hooksOnDisk(host), whole, damage);
      t.is((await roll('check', [AUDIT])).exitCode, 0, damage);
    }
  });
});

test.serial('a hook that somebody deleted may become another playbook’s', async t => {
  const { host, control, roll } = await bootSite(t);
  t.is((await roll('apply', [AUDIT])).exitCode, 0);
  await control.write('other.yml', await readFile(join(control.folder, 'site.yml'), 'utf8'));
  const other = () => control.run('apply', 'other.yml', '-i', 'hosts.ini');
  t.regex((await other()).stdout, /placed by the playbook site\.yml/);
  await host.exec(`rm ${HOOKS}/qemu.d/10-audit`);
  const taken = await other();
  t.is(taken.exitCode, 0, taken.stdout);
  t.regex(await readFile(join(host.root, 'var/lib/hookfleet/placed'), 'utf8'), /10-audit\tother\.yml$/m);
});

test.serial('on a host of oVirt the hook of VDSM is not touched, nor named', async t => {
  const { host, roll } = await bootSite(t, { vdsm: '4.50.6' });
  const own = '#!/bin/sh\nexec cat > /dev/null\n';
  await putHook(host, 'qemu', own);
  await host.exec('systemctl reload libvirtd');
  await unnoticed(t, host, async () => {
    const applied = await roll('apply', [AUDIT], { unmanaged: 'remove' });
    t.is(applied.exitCode, 0, applied.output);
    t.false(applied.changes.some(line => line.endsWith('/hooks/qemu')));
    const removed = await roll('apply', [{ name: '10-audit', state: 'absent' }], { unmanaged: 'remove' });
    t.is(removed.exitCode, 0, removed.output);
  });
  t.is((await host.exec(`cat ${HOOKS}/qemu`)).stdout, own);
});
