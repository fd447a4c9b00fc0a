import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { lines, sh } from '../../../src/core/sh.ts';
import { HOOKS_ROOT, hooksProbe, readHooks } from '../../../src/resources/vdsm-hook/vdsm-hook-found.ts';
import { feed, SHELLS } from '../../remote/shells.ts';

const SCRIPTS = ['star*', '[x]', 'two  words', 'Ámbar ā', "it's $(id)"].map(
  name => `${HOOKS_ROOT}/before_vm_start/${name}`,
);
const OTHERS = ['/etc/vdsm/a b*', `${HOOKS_ROOT}/before_vm_start/shared/50_deeper`];
const MANIFEST = [
  'P\ta\t0:1-1.noarch',
  ...[...SCRIPTS, ...OTHERS].map(path => `F\t8\t${path}\t0100755\troot\troot\t0\t0\tabc\t`),
  'package b is not installed',
];
const MOUNTS = [
  '22 1 8:1 / / rw,relatime shared:1 - xfs /dev/sda1 rw',
  '30 22 8:2 / /usr/libexec ro,noexec shared:2 master:1 - xfs /dev/sda2 rw',
  '31 22 8:3 / /usr/lib rw - xfs /dev/sda3 rw',
  `32 30 8:4 / ${HOOKS_ROOT}/before_* rw,nosuid - xfs /dev/sda4 rw`,
];

for (const shell of SHELLS) {
  test(`under ${shell.join(' ')}, the probe tells of every file of a manifest, whatever its name, and of the mounts`, t => {
    const root = mkdtempSync(join(tmpdir(), 'hookfleet-probe-'));
    t.teardown(() => rmSync(root, { recursive: true }));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      chmodSync(join(root, path), 0o755);
    };
    for (const path of [...SCRIPTS, ...OTHERS]) {
      write(path, '#!/usr/bin/env -S A=b sh\n');
    }
    write('proc/self/mountinfo', `${MOUNTS.join('\n')}\n`);
    write('manifest', `${MANIFEST.join('\n')}\n`);
    const script = lines([
      sh`ROOT=${root}; cd "$ROOT"`,
      sh`rpm() { cat manifest; return 1; }`,
      hooksProbe(['a', 'b']),
    ]);
    const { stdout, stderr, status } = feed(script.text, shell);
    const found = readHooks({ stdout: String(stdout), stderr: String(stderr), exitCode: status ?? 1 });
    const all = [...SCRIPTS, ...OTHERS].sort();
    t.is(String(stderr), '');
    t.deepEqual(
      found.packages
        .get('a')
        ?.files.map(({ path }) => path)
        .sort(),
      all,
    );
    t.deepEqual([...found.disk.keys()].sort(), all);
    t.deepEqual([...found.digests.keys()].sort(), all);
    t.deepEqual([...found.scripts.keys()].sort(), [...SCRIPTS].sort());
    t.true([...found.scripts.values()].every(one => one.interpreterFound));
    t.deepEqual(Object.fromEntries(found.mounts), {
      '/': ['rw', 'relatime'],
      '/usr/libexec': ['ro', 'noexec'],
      [`${HOOKS_ROOT}/before_*`]: ['rw', 'nosuid'],
    });
  });
}
