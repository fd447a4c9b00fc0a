/** Hooks that would harm every guest of a host: none of them gets to where libvirtd looks. */
import test from 'ava';
import {
  defineGuest,
  guestPids,
  hookCalls,
  RECORDER,
  restartLibvirtd,
  unnoticed,
  until,
  virsh,
} from './libvirt.ts';
import { bootSite, hooksOnDisk } from './libvirt-fleet.ts';
import type { Rolled } from './roll-play.ts';

interface Broken {
  readonly title: string;
  readonly text: string;
  readonly says: RegExp;
}

const BROKEN: readonly Broken[] = [
  { title: 'CRLF line ends', text: '#!/bin/sh\r\nexit 0\r\n', says: /CR/ },
  { title: 'a byte order mark', text: '\ufeff#!/bin/sh\nexit 0\n', says: /byte order mark/ },
  { title: 'no #! line', text: 'exit 0\n', says: /#!/ },
  { title: 'no such interpreter', text: '#!/usr/bin/no-such-shell\nexit 0\n', says: /no-such-shell/ },
  { title: 'an error in the shell syntax', text: '#!/bin/sh\nif true; then\n', says: /syntax|end of file/i },
  { title: 'chatter on stdout', text: '#!/bin/sh\necho "operation $2"\n', says: /stdout/ },
  {
    title: 'chatter at migrate alone',
    text: '#!/bin/sh\nif [ "$2" = migrate ]; then echo hello; fi\n',
    says: /migrate.*stdout|stdout.*migrate/s,
  },
  { title: 'a hook that hangs', text: '#!/bin/sh\nsleep 600\n', says: /did not end/ },
  {
    title: 'a child in the background that keeps stdout open',
    text: '#!/bin/sh\nsleep 600 &\n',
    says: /left running/,
  },
  {
    title: 'exit 1 at reconnect',
    text: '#!/bin/sh\nif [ "$2" = reconnect ]; then echo "who are you" >&2; exit 1; fi\n',
    says: /reconnect.*who are you/s,
  },
  {
    title: 'exit 1 at an operation that it does not know',
    text: '#!/bin/sh\ncase $2 in prepare|start|started|stopped|release|migrate|restore|reconnect|attach) ;; *) exit 1 ;; esac\n',
    says: /does not know/,
  },
  {
    title: 'exit 1 for whoever is not root',
    text: '#!/bin/sh\n[ "$(id -u)" = 0 ] || exit 1\n',
    says: /an ordinary user/,
  },
  {
    title: 'an end by a signal',
    text: '#!/bin/sh\nexec perl -e "alarm 1; sleep 9"\n',
    says: /exit code 1\d\d/,
  },
];

function assertRefused(
  t: { is: (a: unknown, b: unknown, m?: string) => void; regex: (s: string, r: RegExp) => void },
  rolled: Rolled,
  says: RegExp,
) {
  t.is(rolled.exitCode === 1 || rolled.exitCode === 2, true, rolled.output);
  t.regex(rolled.error === '' ? rolled.output : rolled.error, says);
}

test.serial('a broken hook is refused, says why, and leaves no trace', async t => {
  const { host, roll } = await bootSite(t);
  await unnoticed(t, host, async () => {
    for (const { title, text, says } of BROKEN) {
      const rolled = await roll('apply', [{ name: '10-broken', text, operations: ['prepare'] }]);
      assertRefused(t, rolled, says);
      t.deepEqual(
        (await hooksOnDisk(host)).filter(line => !line.endsWith(' qemu.d')),
        [],
        title,
      );
    }
  });
  const { stdout } = await host.exec('ps -e -o args= | grep -c "[s]leep 600" || true');
  t.is(stdout.trim(), '0', 'nothing of what hung runs on');
  t.is((await host.exec('systemctl list-units --failed -q --no-pager')).stdout, '');
});

test.serial('a broken new text leaves the hook that is there as it is, and libvirtd calls it', async t => {
  const { host, roll } = await bootSite(t);
  await defineGuest(host, 'vm1');
  t.is((await roll('apply', [{ name: '10-audit', text: RECORDER, operations: ['prepare'] }])).exitCode, 0);
  const before = await hooksOnDisk(host);
  await unnoticed(t, host, async () => {
    for (const { text, says } of BROKEN.filter(({ title }) => /CRLF|chatter on|reconnect/.test(title))) {
      assertRefused(t, await roll('apply', [{ name: '10-audit', text, operations: ['prepare'] }]), says);
      t.deepEqual(await hooksOnDisk(host), before);
    }
    t.is((await virsh(host, 'start', 'vm1')).exitCode, 0);
    t.is((await hookCalls(host)).length, 3);
  });
});

test.serial('of several hooks none is placed where one of them is broken', async t => {
  const { host, roll } = await bootSite(t);
  const hooks = [
    { name: '10-audit', text: RECORDER, operations: ['prepare'] },
    { name: '20-broken', text: '#!/bin/sh\nexit 3\n', operations: ['prepare'] },
  ];
  await unnoticed(t, host, async () => {
    const rolled = await roll('apply', hooks);
    assertRefused(t, rolled, /20-broken.*exit code 3/);
    t.deepEqual(rolled.changes, []);
    t.deepEqual(
      (await hooksOnDisk(host)).filter(line => !line.endsWith(' qemu.d')),
      [],
    );
  });
});

test.serial('with a hook that hookfleet has placed, a restart of libvirtd kills no guest', async t => {
  const { host, roll } = await bootSite(t);
  t.is((await roll('apply', [{ name: '10-audit', text: RECORDER, operations: ['prepare'] }])).exitCode, 0);
  const guests = await guestPids(host);
  await restartLibvirtd(host);
  const isReconnected = async () =>
    (await hookCalls(host)).some(({ args }) => args.join(' ') === 'bystander reconnect begin -');
  await until(isReconnected, 'the hook to be called');
  t.is((await virsh(host, 'list', '--name')).stdout.trim(), 'bystander');
  t.deepEqual(await guestPids(host), guests);
});
