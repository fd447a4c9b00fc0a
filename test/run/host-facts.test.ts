import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { newNonce, scriptText } from '../../src/remote/script/framing.ts';
import { FACTS_PROBE, readFacts } from '../../src/run/host-facts.ts';
import { run } from '../../src/run/run.ts';
import { fakeFleet, REQUEST } from './fake-fleet.ts';

/** Runs the probe as a host would, on a folder that stands for its disk. */
async function factsOf(t: ExecutionContext, files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), 'hookfleet-facts-'));
  t.teardown(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries({ ...files, 'bin/none': '' })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  if ('bin/rpm' in files) {
    await chmod(join(root, 'bin/rpm'), 0o755);
  }
  const script = scriptText([FACTS_PROBE], newNonce(), { stopAtFailure: false }).replace(
    /^ROOT= .*$/m,
    `ROOT=${root} LC_ALL=C PATH=${root}/bin`,
  );
  const { stdout, stderr } = await execa('/bin/sh', ['-s'], { input: script });
  const lines = stdout.split('\n');
  t.regex(lines.at(-2) ?? '', / 0$/, 'the probe itself never fails');
  t.is(stderr.replaceAll(/^[0-9a-f]{32} .*$/gm, '').trim(), '');
  return readFacts({ stdout: lines.slice(1, -2).join('\n'), stderr: '', exitCode: 0 });
}

const RPM = `#!/bin/sh
[ "$1 $2 $4 $5 $6 $7 $8" = '-q --qf -- vdsm libvirt-daemon qemu-kvm ovirt-engine' ] || exit 99
printf 'P\\tvdsm\\t0:4.50.6-1.el9\\nP\\tqemu-kvm\\t17:9.0.0-10.el9\\n'
echo 'package libvirt-daemon is not installed'
exit 2
`;

test('the versions of an ordinary host: the system, and the packages that it has', async t => {
  t.deepEqual(
    await factsOf(t, {
      'etc/os-release':
        'NAME="CentOS Stream"\nPRETTY_NAME="CentOS Stream 9"\nPRETTY_NAME_OLD="x"\nVERSION="9"\n',
      'proc/cmdline': 'BOOT_IMAGE=(hd0,msdos1)/vmlinuz root=/dev/sda1 ro quiet\n',
      'bin/rpm': RPM,
    }),
    { os: 'CentOS Stream 9', vdsm: '4.50.6-1.el9', 'qemu-kvm': '17:9.0.0-10.el9' },
  );
});

test('of oVirt Node the layer that runs, of another image its version', async t => {
  const layer = 'ovirt-node-ng-4.5.5-0.20231130.0+1';
  t.deepEqual(
    await factsOf(t, {
      'etc/os-release': "PRETTY_NAME='oVirt Node 4.5.5'\nIMAGE_VERSION=1",
      'proc/cmdline': `BOOT_IMAGE=/${layer}/vmlinuz img.bootid=${layer} root=UUID=1`,
    }),
    { os: 'oVirt Node 4.5.5', image: layer },
  );
  t.deepEqual(
    await factsOf(t, {
      'etc/os-release': 'PRETTY_NAME="A \\"B\\" \\$C"\nIMAGE_ID=site\nIMAGE_VERSION="2026.11"\n',
      'proc/cmdline': `ximg.bootid=${layer}\n`,
    }),
    { os: 'A "B" $C', image: 'site 2026.11' },
  );
});

test('a host without os-release, rpm and /proc has no versions, and that is no error', async t => {
  t.deepEqual(await factsOf(t, {}), {});
});

test('the versions are in the result of every host that was probed, after a change as they are then', async t => {
  const { ports, play } = fakeFleet({
    a: { state: 'good' },
    b: { state: 'bad', vdsm: '4.50.7-1.el9' },
    c: { state: 'bad', stepExit: 1 },
    d: { state: 'good', unreachable: true },
  });
  const { hosts } = await run({ ...REQUEST, plays: [play()] }, ports);
  t.deepEqual(
    [...hosts].map(([name, { facts }]) => [name, facts?.vdsm]),
    [
      ['a', '4.50.6-1.el9'],
      ['b', '4.50.7-1.el9'],
      ['c', '4.50.6-1.el9'],
      ['d', undefined],
    ],
  );
});
