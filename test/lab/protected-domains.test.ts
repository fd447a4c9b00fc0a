/** Domains that a real libvirtd and a real polkitd keep from being stopped, while their guests run on. */
import test from 'ava';
import type { LabHost } from './host.ts';
import { daemonPid, defineGuest, guestPids, virsh } from './libvirt.ts';
import {
  bootProtection,
  FREE,
  OPERATOR,
  PROTECTED,
  type Protection,
  settings,
  virshAs,
} from './protected-fleet.ts';

/** What stops a running guest, or can be used to; where the second is set, it ends with 0 for a guest that is free. */
const STOPPING: readonly (readonly [command: string, free: 'done' | 'not denied'])[] = [
  ['destroy @', 'done'],
  ['destroy --graceful @', 'done'],
  ['shutdown @', 'done'],
  ['shutdown --mode agent @', 'not denied'],
  ['reboot @', 'done'],
  ['reset @', 'done'],
  ['suspend @', 'done'],
  ['managedsave @', 'done'],
  ['save @ /var/tmp/@', 'done'],
  ['dump @ /var/tmp/@', 'done'],
  ['dump --crash @ /var/tmp/@', 'done'],
  ['dompmsuspend @ mem', 'not denied'],
  ['qemu-monitor-command @ --hmp quit', 'not denied'],
  ['qemu-agent-command @ {}', 'not denied'],
  ['send-key @ KEY_LEFTCTRL KEY_LEFTALT KEY_DELETE', 'done'],
  ['inject-nmi @', 'done'],
  ['set-lifecycle-action @ reboot destroy', 'not denied'],
  ['snapshot-revert @ first', 'not denied'],
  ['snapshot-create @', 'not denied'],
  ['migrate --live --p2p @ qemu+tcp://127.0.0.1:1/system', 'not denied'],
  ['domrename @ other', 'not denied'],
  ['autostart @', 'done'],
  ['setmem @ 1M', 'not denied'],
  ['undefine @ --snapshots-metadata --managed-save', 'done'],
];

function words(command: string, domain: string): string[] {
  return command.replaceAll('@', domain).split(' ');
}

async function uuidOf({ host }: Protection, domain: string): Promise<string> {
  return (await virsh(host, 'domuuid', domain)).stdout.trim();
}

/** A snapshot named `first`, of which libvirtd knows no more than that it was made; a revert to it ends the guest. */
async function makeSnapshot(host: LabHost, domain: string): Promise<void> {
  await host.exec(`
    {
      echo '<domainsnapshot><name>first</name><state>running</state><creationTime>1</creationTime>'
      echo '<memory snapshot="internal"/>'
      virsh dumpxml ${domain}
      echo '</domainsnapshot>'
    } > /tmp/snapshot.xml
    virsh -q snapshot-create ${domain} --redefine /tmp/snapshot.xml`);
}

test.serial('what stops a protected domain is refused by name and by UUID, with the reason', async t => {
  const site = await bootProtection(t);
  const { host, keep } = site;
  await makeSnapshot(host, PROTECTED);
  const guests = await guestPids(host);
  const applied = await keep('apply', [PROTECTED]);
  t.deepEqual([applied.exitCode, applied.outcome], [0, 'changed'], applied.output);
  t.deepEqual(await guestPids(host), guests);

  for (const domain of [PROTECTED, await uuidOf(site, PROTECTED)]) {
    for (const [command] of STOPPING) {
      const refused = await virshAs(host, OPERATOR, ...words(command, domain));
      t.is(refused.exitCode, 1, `${command}: ${refused.stdout}`);
      t.regex(refused.stderr, /access denied/, command);
    }
  }
  t.deepEqual(await guestPids(host), guests);
  t.is((await virsh(host, 'domstate', PROTECTED)).stdout.trim(), 'running');

  // Asked alone: libvirt would try to put the machine to sleep that these tests run on.
  const nodesuspend = await host.exec(
    `pkcheck --action-id org.libvirt.api.connect.pm-control --detail connect_driver QEMU \\
      --process "$$,$(cut -d ' ' -f 22 /proc/$$/stat),$(id -u ${OPERATOR})"`,
    { reject: false },
  );
  t.is(nodesuspend.exitCode, 1, nodesuspend.stderr);
});

test.serial('all of it is done to a domain that is free', async t => {
  const { host, keep } = await bootProtection(t);
  await makeSnapshot(host, FREE);
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  const { [PROTECTED]: guest } = await guestPids(host);
  for (const [command, free] of STOPPING) {
    // Each as the operator, who may start it too.
    await virshAs(host, OPERATOR, 'destroy', FREE);
    const started = await virshAs(host, OPERATOR, 'start', FREE);
    t.is(started.exitCode, 0, started.stderr);
    const { exitCode, stderr } = await virshAs(host, OPERATOR, ...words(command, FREE));
    t.notRegex(stderr, /denied/, command);
    if (free === 'done') {
      t.is(exitCode, 0, `${command}: ${stderr}`);
    }
  }
  t.deepEqual(Object.entries(await guestPids(host))[0], [PROTECTED, guest]);
});

/** What operators do all day, besides. */
const DAILY = `
  virsh -q define /tmp/new.xml
  virsh -q start new; virsh -q destroy new; virsh -q undefine new
  virsh -q net-define /tmp/net.xml; virsh -q net-start net1; virsh -q net-destroy net1; virsh -q net-undefine net1
  mkdir -p /tmp/pool; virsh -q pool-create-as pool1 dir --target /tmp/pool
  virsh -q vol-create-as pool1 v 1M; virsh -q vol-list pool1; virsh -q vol-delete v --pool pool1; virsh -q pool-destroy pool1
  virsh -q nodedev-list; virsh -q nodedev-dumpxml computer; virsh -q nodeinfo; virsh -q capabilities; virsh -q nwfilter-list
  virsh -q dumpxml --security-info ${PROTECTED}; virsh -q dominfo ${PROTECTED}; virsh -q domstats ${PROTECTED}`;

test.serial('operators lose nothing else, and those who only look lose nothing at all', async t => {
  const { host, keep } = await bootProtection(t);
  await defineGuest(host, 'new');
  await host.exec(`
    sed 's/<name>.*<.name>/<name>new<\\/name>/' /root/new.xml > /tmp/new.xml; virsh -q undefine new
    echo "<network><name>net1</name><forward mode='bridge'/><bridge name='none'/></network>" > /tmp/net.xml
    virsh -q net-define /tmp/net.xml; virsh -q net-start net1
    useradd -m watcher`);
  const look = `for what in list net-list 'net-port-list net1' pool-list nodeinfo 'nodedev-dumpxml computer' 'dumpxml ${PROTECTED}'; do
    virsh -r -q -c qemu:///system $what || echo "lost: $what"; done`;
  t.notRegex((await host.exec(['su', 'watcher', '-c', look])).stdout, /lost/);
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  // Its bridge does not exist, so no restart leaves it running.
  await host.exec('virsh -q net-start net1');
  t.notRegex((await host.exec(['su', 'watcher', '-c', look])).stdout, /lost/);
  await host.exec('virsh -q net-destroy net1; virsh -q net-undefine net1');
  const daily = `set -e; export LIBVIRT_DEFAULT_URI=qemu:///system; ${DAILY}`;
  const { exitCode, stderr } = await host.exec(['su', OPERATOR, '-c', daily], { reject: false });
  t.is(exitCode, 0, stderr);
  t.is((await virsh(host, 'destroy', PROTECTED)).exitCode, 0, 'root is not bound, as every plan says');
});

test.serial(
  'a second apply and a check change nothing: one connection, one command, the same daemon',
  async t => {
    const { host, keep } = await bootProtection(t);
    const planned = await keep('check', [PROTECTED]);
    t.deepEqual([planned.exitCode, planned.outcome], [3, 'drifted'], planned.output);
    const first = await keep('apply', [PROTECTED]);
    t.is(first.exitCode, 0, first.output);
    t.deepEqual(first.changes, planned.changes);
    const after = {
      files: await settings(host),
      daemon: await daemonPid(host),
      guests: await guestPids(host),
    };
    for (const command of ['apply', 'check'] as const) {
      await host.resetSshLog();
      const { exitCode, outcome, changes, output } = await keep(command, [PROTECTED]);
      t.deepEqual([exitCode, outcome, changes], [0, 'ok', []], output);
      t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 });
      const now = {
        files: await settings(host),
        daemon: await daemonPid(host),
        guests: await guestPids(host),
      };
      t.deepEqual(now, after);
    }
  },
);

test.serial('a list of UUIDs protects too, and a changed list needs no restart', async t => {
  const site = await bootProtection(t);
  const { host, keep } = site;
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  const daemon = await daemonPid(host);
  const changed = await keep('apply', [await uuidOf(site, FREE)]);
  t.deepEqual([changed.exitCode, changed.outcome], [0, 'changed'], changed.output);
  t.is(await daemonPid(host), daemon);
  t.regex((await virshAs(host, OPERATOR, 'destroy', FREE)).stderr, /access denied/);
  t.is((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).exitCode, 0);
});

test.serial('an empty list takes it all away: the files are as they were, and so are the rights', async t => {
  const { host, keep } = await bootProtection(t);
  const before = await settings(host);
  const guests = await guestPids(host);
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  t.notDeepEqual(await settings(host), before);
  const removed = await keep('apply', []);
  t.deepEqual([removed.exitCode, removed.outcome], [0, 'changed'], removed.output);
  t.deepEqual(await settings(host), before);
  t.deepEqual(await guestPids(host), guests);
  t.is((await host.exec('find /var/lib -path "*hookfleet*" -name "*protected*"')).stdout, '');
  t.is((await keep('check', [])).exitCode, 0);
  t.is((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).exitCode, 0);
});
