/** What a hook may reach while it is tried on a host, before any guest is at its mercy: nothing. */
import { createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import type { LabHost } from './host.ts';
import { guestPids, HOOKS, putHook, unnoticed } from './libvirt.ts';
import { BYSTANDER, bootSite, hooksOnDisk } from './libvirt-fleet.ts';

/** Where a hook could write that is no part of the host's disk alone. */
const FOLDERS = [
  '/etc',
  '/usr/bin',
  '/root',
  '/home',
  '/var/log',
  '/var/tmp',
  '/tmp',
  '/run',
  '/dev/shm',
  '/opt',
];

const UNBIND = '/sys/bus/pci/drivers/vfio-pci/unbind';

/** Tries to leave a trace in every way, and succeeds whatever came of it. */
function vandal(port: number): string {
  return `#!/bin/bash
for folder in ${FOLDERS.join(' ')}; do echo trace > "$folder/hook-trace"; done
(exec 3<>/dev/tcp/127.0.0.1/${port}; echo trace >&3)
echo 0000:00:1f.0 > ${UNBIND}
timeout 5 systemctl start --no-block hook-trace.service
timeout 5 busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager StartUnit ss hook-trace.service replace > /dev/null
timeout 5 virsh -q -c qemu:///system suspend ${BYSTANDER} > /dev/null
pkill -9 -f guest=${BYSTANDER}
pkill -9 -x libvirtd
ipcmk -M 4096 > /dev/null
perl -e 'use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un("/srv/hook.sock"))'
prlimit --core=4096:4096 --pid "$(cat /etc/hook-target)"
perl -e 'syscall(234, $ARGV[0] + 0, $ARGV[0] + 0, 9)' "$(cat /etc/hook-victim)"
mount -t tmpfs tmpfs /mnt
hostname hook-trace
exit 0
`;
}

/** A driver with a device to unbind, a unit to start, and somebody who counts connections. */
async function prepare(t: ExecutionContext, host: LabHost) {
  await host.exec(`
    mount -t tmpfs tmpfs /sys/bus/pci/drivers
    mkdir /sys/bus/pci/drivers/vfio-pci
    : > ${UNBIND}
    printf '[Service]\\nType=oneshot\\nExecStart=/usr/bin/touch /var/log/hook-trace-unit\\n' > /run/systemd/system/hook-trace.service
    systemctl daemon-reload
    sleep 3600 > /dev/null 2>&1 & echo $! > /etc/hook-target
    sleep 3600 > /dev/null 2>&1 & echo $! > /etc/hook-victim
    perl -e 'use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("/srv/hook.sock")); listen(S, 5); if (!fork) { close STDOUT; close STDERR; while (accept(C, S)) { open(F, ">", "/srv/connected"); close F } }'`);
  let connections = 0;
  const server = createServer(socket => {
    connections += 1;
    socket.resume().on('error', () => undefined);
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const traces = async () => {
    const { stdout } = await host.exec(`
      for folder in ${FOLDERS.join(' ')}; do if [ -e "$folder/hook-trace" ]; then echo "$folder/hook-trace"; fi; done
      if [ -s ${UNBIND} ]; then echo unbound; fi
      if [ -e /var/log/hook-trace-unit ]; then echo unit; fi
      if mountpoint -q /mnt; then echo mount; fi
      if ipcs -m | grep -q ' 4096 '; then echo shared-memory; fi
      if grep -q '^Max core file size *4096 ' "/proc/$(cat /etc/hook-target)/limits"; then echo limit; fi
      if [ ! -d "/proc/$(cat /etc/hook-victim)" ]; then echo signal; fi
      if [ -e /srv/connected ]; then echo local-socket; fi
      hostname | grep hook-trace || true`);
    return [...stdout.split('\n').filter(Boolean), ...(connections > 0 ? ['connection'] : [])];
  };
  return { port, traces };
}

const EVERY_TRACE = [
  ...FOLDERS.map(folder => `${folder}/hook-trace`),
  'unbound',
  'unit',
  'mount',
  'shared-memory',
  'limit',
  'signal',
  'local-socket',
  'hook-trace',
  'connection',
];

test.serial('the same hook leaves every trace where nothing keeps it: there is something to see', async t => {
  const { host } = await bootSite(t);
  const { port, traces } = await prepare(t, host);
  t.deepEqual(await traces(), []);
  await putHook(host, 'vandal', vandal(port));
  await host.exec([`${HOOKS}/vandal`, 'x', 'prepare', 'begin', '-'], { reject: false });
  t.deepEqual(await guestPids(host), {});
  t.deepEqual(await traces(), EVERY_TRACE);
});

for (const [title, without] of [
  ['a fence of systemd', ''],
  ['a fence of namespaces, where systemd-run is not to be had', 'rm /usr/bin/systemd-run'],
] as const) {
  test.serial(`what a hook does while it is tried leaves no trace: ${title}`, async t => {
    const { host, roll } = await bootSite(t);
    const { port, traces } = await prepare(t, host);
    await host.exec(without);
    const text = vandal(port);
    await unnoticed(t, host, async () => {
      const rolled = await roll('apply', [{ name: '10-vandal', text, operations: ['prepare'] }]);
      t.regex(rolled.output, /"place"|longer than a second/, 'it was called');
      t.deepEqual(await traces(), []);
      const running = (await host.exec('systemctl list-units --failed -q --no-pager; ls /mnt')).stdout;
      t.is(running, '');
    });
  });
}

test.serial(
  'what failed for want of the fence alone is told apart, and dry_run: lint leaves it untried',
  async t => {
    const { host, roll } = await bootSite(t);
    const text = '#!/bin/sh\nset -e\necho "$1 $2" > /etc/last-guest\n';
    const hook = { name: '10-note', text, operations: ['prepare'] };
    await unnoticed(t, host, async () => {
      const refused = await roll('apply', [hook]);
      t.is(refused.exitCode, 1, refused.output);
      t.regex(refused.error, /dry_run: lint/);
      t.regex(refused.error, /Read-only file system/);
      t.deepEqual(
        (await hooksOnDisk(host)).filter(line => !line.endsWith(' qemu.d')),
        [],
      );

      const planned = await roll('check', [{ ...hook, dry_run: 'lint' }]);
      t.regex(planned.notes.join('\n'), /10-note/);
      const placed = await roll('apply', [{ ...hook, dry_run: 'lint' }]);
      t.is(placed.exitCode, 0, placed.output);
      t.is((await host.exec('ls /etc/last-guest || true')).stdout, '');
    });
  },
);

for (const [title, stub, says] of [
  ['cannot', 'echo "Unknown assignment" >&2; exit 1', /does not fence it in;/],
  [
    'does not',
    'while [ "$1" != /bin/sh ]; do shift; done; shift 2; exec /bin/sh /run/hookfleet.??????/runner "$@"',
    /it would have the network of the host/,
  ],
] as const) {
  test.serial(`where a host ${title} build the fence nothing is called and nothing placed`, async t => {
    const { host, roll } = await bootSite(t);
    await host.exec(`printf '%s\\n' '#!/bin/bash' '${stub}' > /usr/bin/systemd-run`);
    const text = '#!/bin/sh\necho called > /root/called\n';
    await unnoticed(t, host, async () => {
      const { error, output } = await roll('apply', [{ name: '10-note', text, operations: ['prepare'] }]);
      t.regex(error, says, output);
    });
    t.is((await host.exec('ls /root/called || true')).stdout, '');
    t.deepEqual(
      (await hooksOnDisk(host)).filter(line => !line.endsWith(' qemu.d')),
      [],
    );
  });
}

test.serial('a hook is tried with the name of a guest that the host does not have', async t => {
  const { host, roll } = await bootSite(t);
  const text = '#!/bin/sh\necho "guest <$1>" >&2\nexit 1\n';
  const { error } = await roll('apply', [{ name: '10-name', text, operations: ['prepare'] }]);
  const name = /guest <([^>]+)>/.exec(error)?.[1];
  t.truthy(name, error);
  t.not(name, BYSTANDER);
  t.false((await host.exec('virsh -q list --all --name')).stdout.split('\n').includes(name ?? ''));
});
