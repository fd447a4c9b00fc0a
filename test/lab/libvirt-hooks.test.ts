/** Hooks placed, kept and removed under a real libvirtd, whose guest runs on in the same process all the while. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  daemonPid,
  defineGuest,
  forgetHookCalls,
  guestPids,
  HOOKS,
  hookCalls,
  RECORDER,
  recorder,
  reloads,
  unnoticed,
  until,
} from './libvirt.ts';
import { BYSTANDER, bootSite, hooksOnDisk, type Site } from './libvirt-fleet.ts';

const AUDIT = { name: '10-audit', text: RECORDER, operations: ['prepare', 'release'] };

/** What libvirtd calls from now on, while a guest starts and stops: hook, guest, operation. */
async function callsOfAStart({ host }: Pick<Site, 'host'>): Promise<string[]> {
  await defineGuest(host, 'vm1');
  await forgetHookCalls(host);
  await host.exec('virsh start vm1; virsh destroy vm1; virsh undefine vm1');
  return (await hookCalls(host)).map(({ hook, args }) => `${hook} ${args.join(' ')}`);
}

function lifeOf(hook: string): string[] {
  return ['prepare begin', 'start begin', 'started begin', 'stopped end', 'release end'].map(
    call => `${hook} vm1 ${call} -`,
  );
}

async function placed({ host }: Pick<Site, 'host'>): Promise<string> {
  return readFile(join(host.root, 'var/lib/hookfleet/placed'), 'utf8').catch(() => '');
}

test.serial(
  'a first hook is placed, and libvirtd calls it after one reload; again, nothing is done',
  async t => {
    const site = await bootSite(t);
    const { host, roll } = site;
    await unnoticed(t, host, async () => {
      const planned = await roll('check', [AUDIT]);
      t.is(planned.exitCode, 3, planned.output);
      t.deepEqual(await hooksOnDisk(host), []);

      const first = await roll('apply', [AUDIT]);
      t.is(first.exitCode, 0, first.output);
      t.is(first.outcome, 'changed');
      t.deepEqual(first.changes, planned.changes);
      t.deepEqual(await hooksOnDisk(host), [
        'drwxr-xr-x root:root qemu.d',
        '-rwxr-xr-x root:root qemu.d/10-audit',
      ]);
      t.is(await reloads(host), 1);
      t.deepEqual(await hookCalls(host), [], 'the recorder could not write while it was tried');
      t.deepEqual(await callsOfAStart(site), lifeOf('10-audit'));

      await host.resetSshLog();
      const again = await roll('apply', [AUDIT]);
      t.deepEqual([again.exitCode, again.outcome, again.changes], [0, 'ok', []], again.output);
      t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 });
      t.is(await reloads(host), 1);
    });
  },
);

test.serial(
  'a new text and a second hook need no reload; what is removed is gone at once, whole',
  async t => {
    const site = await bootSite(t);
    const { host, roll } = site;
    await unnoticed(t, host, async () => {
      t.is((await roll('apply', [AUDIT])).exitCode, 0);
      const after = await reloads(host);
      const newer = { ...AUDIT, text: recorder('newer') };
      const second = { ...AUDIT, name: '20-more' };
      const updated = await roll('apply', [newer, second]);
      t.is(updated.exitCode, 0, updated.output);
      t.is(await reloads(host), after);
      const calls = await callsOfAStart(site);
      t.deepEqual(
        calls,
        lifeOf('newer').flatMap((call, i) => [call, lifeOf('20-more')[i] ?? '']),
      );

      const removed = await roll('apply', [
        { name: '10-audit', state: 'absent' },
        { name: '20-more', state: 'absent' },
      ]);
      t.is(removed.exitCode, 0, removed.output);
      t.deepEqual(
        (await hooksOnDisk(host)).filter(line => !line.endsWith(' qemu.d')),
        [],
      );
      t.deepEqual(await callsOfAStart(site), []);
      t.false((await placed(site)).includes(HOOKS), 'nothing of it is left in the list of what was placed');
      t.is((await roll('check', [{ name: '10-audit', state: 'absent' }])).exitCode, 0);
    });
  },
);

test.serial('hooks of networks and of the daemon itself are called too', async t => {
  const { host, roll } = await bootSite(t);
  await unnoticed(t, host, async () => {
    const { exitCode, output } = await roll('apply', [
      { driver: 'network', name: '10-net', text: RECORDER, operations: ['start', 'started'] },
      { driver: 'daemon', name: '10-daemon', text: RECORDER, operations: ['reload'] },
    ]);
    t.is(exitCode, 0, output);
    await forgetHookCalls(host);
    await host.exec(`
      echo "<network><name>net1</name><forward mode='bridge'/><bridge name='none'/></network>" > /root/net1.xml
      virsh net-define /root/net1.xml; virsh net-start net1; systemctl reload libvirtd`);
    await until(async () => (await hookCalls(host)).length >= 3, 'the hooks to be called');
    t.deepEqual(
      (await hookCalls(host)).map(({ hook, args }) => `${hook} ${args.join(' ')}`),
      ['10-net net1 start begin -', '10-net net1 started begin -', '10-daemon - reload begin SIGHUP'],
    );
  });
});

test.serial('a reload that failed is made up for by the next run', async t => {
  const site = await bootSite(t);
  const { host, roll } = site;
  const override = '/run/systemd/system/libvirtd.service.d/lab.conf';
  await unnoticed(t, host, async () => {
    await host.exec(`
      mkdir -p ${override.replace('/lab.conf', '')}
      printf '[Service]\\nExecReload=\\nExecReload=/bin/false\\n' > ${override}
      systemctl daemon-reload`);
    const failed = await roll('apply', [AUDIT]);
    t.is(failed.exitCode, 1, failed.output);
    t.regex(failed.error, /reload/);
    await host.exec(`rm ${override}; systemctl daemon-reload`);
    t.deepEqual(await callsOfAStart(site), []);

    t.is((await roll('check', [AUDIT])).exitCode, 3);
    const mended = await roll('apply', [AUDIT]);
    t.is(mended.exitCode, 0, mended.output);
    t.deepEqual(await callsOfAStart(site), lifeOf('10-audit'));
    t.is((await roll('check', [AUDIT])).exitCode, 0);
  });
});

test.serial(
  'without a running libvirtd there is nothing to reload, and its next start calls the hook',
  async t => {
    const site = await bootSite(t);
    const { host, roll } = site;
    const guests = await guestPids(host);
    await host.exec(
      'systemctl stop libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service',
    );
    const { exitCode, output } = await roll('apply', [AUDIT]);
    t.is(exitCode, 0, output);
    t.is(await daemonPid(host), '0', 'nothing has started it');
    t.is(await reloads(host), 0);

    await host.exec('systemctl start libvirtd.service');
    await until(async () => (await hookCalls(host)).length > 0, 'the hook to be called');
    t.deepEqual(
      (await hookCalls(host)).map(({ args }) => args.join(' ')),
      [`${BYSTANDER} reconnect begin -`],
    );
    t.deepEqual(await callsOfAStart(site), lifeOf('10-audit'));
    t.deepEqual(await guestPids(host), guests);
  },
);

test.serial('a folder of hooks that cannot be written is a failure that no guest notices', async t => {
  const site = await bootSite(t);
  const { host, roll } = site;
  await unnoticed(t, host, async () => {
    await host.exec(`mount --bind ${HOOKS} ${HOOKS}; mount -o remount,bind,ro ${HOOKS}`);
    const failed = await roll('apply', [AUDIT]);
    t.is(failed.exitCode, 1, failed.output);
    t.is(failed.outcome, 'failed');
    await host.exec(`umount ${HOOKS}`);
    t.deepEqual(await hooksOnDisk(host), []);
    t.deepEqual(await callsOfAStart(site), []);
  });
});
