/** Hosts where protection would lock somebody out, end guests or not hold: nothing is changed there. */

import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { LabHost } from './host.ts';
import { daemonPid, guestPids, putHook, until, virsh } from './libvirt.ts';
import {
  bootProtection,
  FREE,
  OPERATOR,
  PROTECTED,
  type Protection,
  putRule,
  settings,
  virshAs,
} from './protected-fleet.ts';
import type { Rolled } from './roll-play.ts';

async function everything(host: LabHost) {
  return {
    files: await settings(host),
    daemon: await daemonPid(host),
    guests: await guestPids(host),
    list: (await virsh(host, 'list', '--all')).stdout,
  };
}

/** Applies, and fails where the host was not refused for this reason, or anything of it is other than before. */
async function refused(
  t: ExecutionContext,
  { host, keep }: Protection,
  reason: RegExp,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Rolled> {
  const before = await everything(host);
  const ran = await keep('apply', [PROTECTED], more);
  t.deepEqual([ran.exitCode, ran.outcome], [1, 'failed'], ran.output);
  t.regex(ran.error, reason);
  t.deepEqual(await everything(host), before);
  return ran;
}

/** A user whom only a rule of the site's own lets in, with a connection that stays open. */
async function connectMona(host: LabHost): Promise<void> {
  await host.exec('useradd -m mona');
  await putRule(
    host,
    '70-mona.rules',
    `if (action.id === 'org.libvirt.unix.manage' && subject.user === 'mona') { return polkit.Result.YES; }`,
  );
  await host.exec(`su mona -c 'sleep 600 | virsh -c qemu:///system' >/dev/null 2>&1 </dev/null &`);
  await until(async () => (await clients(host)).includes('mona'), 'the client to be connected');
}

async function clients(host: LabHost): Promise<string> {
  const each =
    'for id in $(virt-admin srv-clients-list libvirtd | awk "NR > 2 {print \\$1}"); do virt-admin client-info libvirtd $id; done';
  return (await host.exec(each)).stdout;
}

test.serial('a connected client without a grant stops the host, by its name', async t => {
  const site = await bootProtection(t);
  await connectMona(site.host);
  const { error } = await refused(t, site, /\bmona\b/);
  t.notRegex(error, /olga/);
  t.regex(await clients(site.host), /mona/, 'and the client is still connected');
});

test.serial('a hook that fails on reconnect stops the host before anything is changed', async t => {
  const site = await bootProtection(t);
  const broken = '#!/bin/sh\n[ "$2" != reconnect ]\n';
  await putHook(site.host, 'qemu.d/10-broken', broken);
  await refused(t, site, /10-broken.*reconnect|reconnect.*10-broken/s);
});

test.serial('a main hook that fails on reconnect does the same', async t => {
  const site = await bootProtection(t);
  await putHook(site.host, 'qemu', '#!/bin/sh\n[ "$2" != reconnect ]\n');
  await refused(t, site, /reconnect/);
});

test.serial('a host that runs VDSM is refused, and the error names what the engine has', async t => {
  const site = await bootProtection(t, { vdsm: '4.50.6' });
  const { error } = await refused(t, site, /VDSM/);
  t.regex(error, /delete protection/i);
  t.regex(error, /permission/i);
});

test.serial('operators whose group the host does not have are an error', async t => {
  const site = await bootProtection(t);
  await refused(t, site, /virtadmins/, { operators: 'virtadmins' });
});

test.serial('a rule of the site that would lock operators out stops the host', async t => {
  const site = await bootProtection(t);
  await putRule(
    site.host,
    '!site.rules',
    `if (action.id === 'org.libvirt.api.domain.stop') { return polkit.Result.NO; }`,
  );
  await refused(t, site, /libvirt|operator/);
});

test.serial('a rule of the site that lets everything through first is no protection, and said', async t => {
  const site = await bootProtection(t);
  await putRule(
    site.host,
    '!site.rules',
    `if (action.id.indexOf('org.libvirt.api.') === 0 && subject.isInGroup('libvirt')) { return polkit.Result.YES; }`,
  );
  await refused(t, site, /rule/);
});

test.serial('a list that is no file stops the host', async t => {
  const site = await bootProtection(t);
  await site.host.exec('mkdir /etc/libvirt/protected-domains');
  await refused(t, site, /protected-domains/);
});

test.serial('a configuration that libvirtd could not read again stops the host', async t => {
  const site = await bootProtection(t);
  await site.host.exec('echo "max_clients = [" >> /etc/libvirt/libvirtd.conf');
  await refused(t, site, /libvirtd\.conf/);
  t.is((await virshAs(site.host, OPERATOR, 'destroy', FREE)).exitCode, 0);
});
