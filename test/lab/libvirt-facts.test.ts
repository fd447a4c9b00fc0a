/** What hookfleet takes for granted about libvirt's hooks, asked of a real libvirtd. */
import test from 'ava';
import { ssh } from './in-test.ts';
import {
  addOperator,
  bootLibvirt,
  daemonPid,
  defineGuest,
  forgetHookCalls,
  guestPids,
  HOOKS,
  hookCalls,
  hookFailures,
  putHook,
  RECORDER,
  restartLibvirtd,
  startGuests,
  unnoticed,
  until,
  virsh,
} from './libvirt.ts';

const SPOILED = '#!/bin/sh\necho "not today" >&2\nexit 1\n';

test.serial('a first hook is called after a reload, with four arguments and the XML on stdin', async t => {
  const host = await bootLibvirt(t);
  await startGuests(host, 'bystander');
  await defineGuest(host, 'vm1');
  await unnoticed(t, host, async () => {
    await putHook(host, 'qemu.d/10-record', RECORDER);
    await putHook(host, 'daemon.d/10-record', RECORDER);
    await host.exec('virsh start vm1; virsh destroy vm1');
    t.deepEqual(await hookCalls(host), []);

    await host.exec('systemctl reload libvirtd');
    await until(async () => (await hookCalls(host)).length === 1, 'the reload to be done');
    t.deepEqual(await hookCalls(host), [
      { hook: '10-record', args: ['-', 'reload', 'begin', 'SIGHUP'], firstLine: '', bytes: 0 },
    ]);
    await forgetHookCalls(host);
    await host.exec('virsh start vm1; virsh destroy vm1');
  });
  const calls = await hookCalls(host);
  t.deepEqual(
    calls.map(({ args }) => args.join(' ')),
    [
      'vm1 prepare begin -',
      'vm1 start begin -',
      'vm1 started begin -',
      'vm1 stopped end -',
      'vm1 release end -',
    ],
  );
  for (const { firstLine, bytes } of calls) {
    t.regex(firstLine, /^<domain type='qemu'( id='\d+')?/);
    t.true(bytes > 500);
  }
});

test.serial('a network hook is called for a network, a second hook and a removal need no reload', async t => {
  const host = await bootLibvirt(t);
  await putHook(host, 'network.d/10-record', RECORDER);
  await putHook(host, 'qemu.d/10-record', RECORDER);
  await host.exec('systemctl reload libvirtd');
  await host.exec(`
    echo "<network><name>net1</name><forward mode='bridge'/><bridge name='none'/></network>" > /root/net1.xml
    virsh net-define /root/net1.xml`);
  const ops = async (command: string) => {
    await forgetHookCalls(host);
    await host.exec(command);
    return (await hookCalls(host)).map(({ hook, args }) => `${hook} ${args.join(' ')}`);
  };
  t.deepEqual(await ops('virsh net-start net1; virsh net-destroy net1'), [
    '10-record net1 start begin -',
    '10-record net1 started begin -',
    '10-record net1 stopped end -',
  ]);
  await putHook(host, 'network.d/20-record', RECORDER);
  await host.exec(['rm', `${HOOKS}/network.d/10-record`]);
  t.deepEqual(await ops('virsh net-start net1'), [
    '20-record net1 start begin -',
    '20-record net1 started begin -',
  ]);
});

test.serial('whatever has an x bit runs, in the order of the bytes of its name; folders do not', async t => {
  const host = await bootLibvirt(t);
  await defineGuest(host, 'vm1');
  const names = ['10-record', '10-record~', '9-record', '.hidden', 'Upper', 'old.rpmsave', 'two words'];
  for (const name of names) {
    await putHook(host, `qemu.d/${name}`, RECORDER);
  }
  await putHook(host, 'qemu.d/others-x-only', RECORDER, 0o645);
  await putHook(host, 'qemu.d/no-x', RECORDER, 0o644);
  await putHook(host, 'qemu.d/vm1/prepare/begin/10-record', RECORDER);
  await putHook(host, 'elsewhere', RECORDER);
  await host.exec(`ln -s ../elsewhere ${HOOKS}/qemu.d/link; ln -s nowhere ${HOOKS}/qemu.d/dangling`);
  await host.exec('systemctl reload libvirtd; virsh start vm1');
  const called = (await hookCalls(host)).filter(({ args }) => args[1] === 'prepare');
  t.deepEqual(
    called.map(({ hook }) => hook),
    [
      '.hidden',
      '10-record',
      '10-record~',
      '9-record',
      'Upper',
      'link',
      'old.rpmsave',
      'others-x-only',
      'two words',
    ],
  );
});

test.serial('a hook that cannot run or fails keeps every guest from starting', async t => {
  const host = await bootLibvirt(t);
  await startGuests(host, 'bystander');
  await defineGuest(host, 'vm1');
  await putHook(host, 'qemu.d/10-record', RECORDER);
  await host.exec('systemctl reload libvirtd');
  const path = `${HOOKS}/qemu.d/20-broken`;
  const broken = {
    [SPOILED]: 'unexpected exit status 1: not today',
    '#!/bin/sh\r\nexit 0\r\n': 'unexpected exit status 127: libvirt:  error : cannot execute binary',
    '#!/usr/bin/python2\n': 'unexpected exit status 127: libvirt:  error : cannot execute binary',
    '\ufeff#!/bin/sh\nexit 0\n': 'unexpected exit status 126: libvirt:  error : cannot execute binary',
    'exit 0\n': 'unexpected exit status 126: libvirt:  error : cannot execute binary',
  };
  await unnoticed(t, host, async () => {
    for (const [text, message] of Object.entries(broken)) {
      await putHook(host, 'qemu.d/20-broken', text);
      await forgetHookCalls(host);
      const { exitCode, stderr } = await virsh(host, 'start', 'vm1');
      t.is(exitCode, 1);
      t.true(stderr.includes(`Hook script execution failed: internal error: Child process`), stderr);
      t.true(stderr.includes(path) && stderr.includes(message), stderr);
      t.deepEqual(
        (await hookCalls(host)).map(({ args }) => args[1]),
        ['prepare', 'stopped', 'release'],
      );
    }
  });
  t.true((await hookFailures(host)).length >= Object.keys(broken).length);
});

test.serial('stdout is nothing for a start, and the new definition for a restore', async t => {
  const host = await bootLibvirt(t);
  await startGuests(host, 'bystander');
  await putHook(host, 'qemu.d/10-chatter', '#!/bin/sh\necho hello\n');
  await host.exec('systemctl reload libvirtd');
  await unnoticed(t, host, async () => {
    await startGuests(host, 'vm1');
    await host.exec('virsh managedsave vm1');
    const refused = await virsh(host, 'start', 'vm1');
    t.is(refused.exitCode, 1);
    t.regex(refused.stderr, /Start tag expected, '<' not found\nhello/);
    await host.exec(['rm', `${HOOKS}/qemu.d/10-chatter`]);
    t.is((await virsh(host, 'start', 'vm1')).exitCode, 0);
  });
});

test.serial(
  'a failing reconnect kills a running guest at a restart, and is not called at a reload',
  async t => {
    const host = await bootLibvirt(t);
    await startGuests(host, 'vm1');
    const trap = '#!/bin/sh\ncase $2 in reconnect) echo "no way back" >&2; exit 1 ;; esac\n';
    await putHook(host, 'qemu.d/10-trap', trap);
    await unnoticed(t, host, () => host.exec('systemctl reload libvirtd; sleep 1'));
    const before = await daemonPid(host);
    await restartLibvirtd(host);
    t.not(await daemonPid(host), before);
    await until(async () => Object.keys(await guestPids(host)).length === 0, 'the guest to be killed');
    await until(
      async () => (await virsh(host, 'domstate', '--reason', 'vm1')).stdout.trim() === 'shut off (daemon)',
      'libvirtd to say so',
    );
  },
);

test.serial('no operation stop is called when a guest is stopped', async t => {
  const host = await bootLibvirt(t);
  await putHook(host, 'qemu.d/10-veto', '#!/bin/sh\ncase $2 in stop*) exit 1 ;; esac\n');
  await putHook(host, 'qemu.d/20-record', RECORDER);
  await host.exec('systemctl reload libvirtd');
  await startGuests(host, 'vm1');
  t.is((await virsh(host, 'destroy', 'vm1')).exitCode, 0);
  t.false((await hookCalls(host)).some(({ args }) => args[1] === 'stop'));
  t.deepEqual(await guestPids(host), {});
});

test.serial('polkit lets an operator of group libvirt at the guests, and nobody else', async t => {
  const host = await bootLibvirt(t);
  await startGuests(host, 'vm1');
  await addOperator(host, 'olga');
  const stop = 'virsh -q -c qemu:///system destroy vm1';
  const refused = await ssh(t, host, 'nosudo', stop);
  t.is(refused.exitCode, 1);
  t.regex(refused.stderr, /authentication unavailable|access denied/);
  t.is(Object.keys(await guestPids(host)).length, 1);
  const allowed = await ssh(t, host, 'olga', stop);
  t.is(allowed.exitCode, 0, allowed.stderr);
  t.deepEqual(await guestPids(host), {});
});
