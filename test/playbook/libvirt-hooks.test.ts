import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { readLibvirtHookSource } from '../../src/playbook/libvirt-hook-source.ts';
import { parsePlaybook } from '../../src/playbook/playbook.ts';

const play = (hooks: string, more = '') => `- hosts: kvm\n  become: true\n${more}  libvirt_hooks:${hooks}\n`;

const AUDIT = `
    - driver: qemu
      name: 10-audit
      source: hooks/10-audit
      operations: [prepare, release]`;

test('a play names a script, its driver and what it is for', t => {
  const [read] = parsePlaybook(play(AUDIT), '/site/kvm.yml').plays;
  t.like(read?.libvirtHooks[0], { driver: 'qemu', name: '10-audit', state: 'present', dryRun: 'run' });
  t.is(read?.libvirtHooks[0]?.source?.text, '/site/hooks/10-audit');
  t.deepEqual(
    read?.libvirtHooks[0]?.operations.map(({ text, place }) => [text, place.line, place.column]),
    [
      ['prepare', 7, 20],
      ['release', 7, 29],
    ],
  );
  t.true(read?.managesLibvirtHooks);
  t.false(read?.managesHooks);
});

test('a hook that shall be absent needs no more than its name', t => {
  const [read] = parsePlaybook(
    play('\n    - { driver: network, name: 10-nat, state: absent }'),
    'kvm.yml',
  ).plays;
  t.like(read?.libvirtHooks[0], { driver: 'network', name: '10-nat', state: 'absent' });
  t.is(read?.libvirtHooks[0]?.source, undefined);
});

test('unmanaged speaks of the folders that the play has hooks of', t => {
  const unmanaged = '  unmanaged: remove\n';
  const [libvirt] = parsePlaybook(play(' []', unmanaged), 'kvm.yml').plays;
  t.deepEqual([libvirt?.managesHooks, libvirt?.managesLibvirtHooks], [false, true]);
  const [both] = parsePlaybook(play(' []', `${unmanaged}  vdsm_hooks: []\n`), 'kvm.yml').plays;
  t.deepEqual([both?.managesHooks, both?.managesLibvirtHooks], [true, true]);
});

for (const [title, hooks, problem] of [
  [
    'a driver that has no hooks here',
    AUDIT.replace('qemu', 'storage'),
    /driver: expected qemu, network or daemon/,
  ],
  ['no source', AUDIT.replace(/ +source.*\n/, ''), /source is missing/],
  ['no operations', AUDIT.replace(/\n +operations.*/, ''), /operations is missing/],
  ['an empty list of operations', AUDIT.replace(/\[.*\]/, '[]'), /the list is empty/],
  ['a hidden name', AUDIT.replace('name: 10-audit', 'name: .audit'), /cannot be the name of a hook/],
  ['a name with a folder', AUDIT.replace('name: 10-audit', 'name: a/b'), /cannot be the name of a hook/],
  ['a backup copy', AUDIT.replace('name: 10-audit', 'name: 10-audit.rpmsave'), /looks like a backup copy/],
  ['another word for the dry run', `${AUDIT}\n      dry_run: never`, /dry_run: expected lint/],
  ['an unknown key', `${AUDIT}\n      mode: 0755`, /unknown key "mode"/],
  ['a hook twice', `${AUDIT}${AUDIT}`, /"10-audit" stands twice in this play/],
] as const) {
  test(`a fault of the playbook: ${title}`, t => {
    const error = t.throws(() => parsePlaybook(play(hooks), 'kvm.yml'), { instanceOf: InputError });
    t.regex(error?.message ?? '', problem);
    t.true(error?.problems.every(({ place }) => place?.line !== undefined));
  });
}

test('the same name for two drivers is no repetition', t => {
  const two = `${AUDIT}${AUDIT.replace('qemu', 'network').replace(/\[.*\]/, '[started]')}`;
  t.is(parsePlaybook(play(two), 'kvm.yml').plays[0]?.libvirtHooks.length, 2);
});

test('a script is read as it lies there, with what it needs', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-libvirt-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, '10-audit');
  const place = { file: 'kvm.yml', line: 4, column: 15 };
  await writeFile(file, '#!/usr/bin/env bash\nexit 0\n');
  const read = await readLibvirtHookSource(file, place);
  t.deepEqual(read.programs, ['/usr/bin/env', 'bash']);
  t.is(read.shell, 'bash');
  t.is(Buffer.from(read.base64, 'base64').toString(), '#!/usr/bin/env bash\nexit 0\n');

  await writeFile(file, 'exit 0\n');
  const faulty = await t.throwsAsync(readLibvirtHookSource(file, place), { instanceOf: InputError });
  t.deepEqual(faulty?.problems[0]?.place, { file, line: 1 });
  for (const [path, says] of [
    [join(folder, 'none'), /does not exist/],
    [folder, /is no file/],
  ] as const) {
    const missing = await t.throwsAsync(readLibvirtHookSource(path, place), { instanceOf: InputError });
    t.regex(missing?.message ?? '', says);
    t.deepEqual(missing?.problems[0]?.place, place);
  }
});
