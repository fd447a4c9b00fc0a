import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { unfinishedFiles } from '../../../src/resources/files/unfinished-files.ts';

const HOOKS = 'usr/libexec/vdsm/hooks';

async function hostRoot(t: ExecutionContext, files: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'hookfleet-unfinished-'));
  t.teardown(() => rm(root, { recursive: true }));
  for (const file of files) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await writeFile(join(root, file), 'half');
  }
  return root;
}

async function planIn(root: string) {
  const { stdout, stderr } = await execa('sh', ['-s'], { cwd: root, input: unfinishedFiles.probe.text });
  return unfinishedFiles.plan({ stdout: `${stdout}\n`, stderr, exitCode: 0 });
}

test('half-written files are found where hookfleet places files, and nothing else is', async t => {
  const root = await hostRoot(t, [
    `${HOOKS}/before_vm_start/.hookfleet-a1B2c3`,
    `${HOOKS}/before_vm_start/50_diskunmap`,
    `${HOOKS}/before_vm_start/.hookfleet-readme.txt`,
    `${HOOKS}/it is odd/.hookfleet-aaaaaa`,
    'etc/yum.repos.d/.hookfleet-bbbbbb',
    'etc/pki/rpm-gpg/.hookfleet-cccccc',
    'var/lib/hookfleet/.hookfleet-dddddd',
    'var/lib/hookfleet/.placed-eeeeee',
    'var/lib/hookfleet/engine-history/.hookfleet-hhhhhh',
    'etc/ovirt-engine/ansible/.hookfleet-iiiiii',
    'var/lib/hookfleet/placed',
    'etc/libvirt/hooks/.hookfleet-ffffff',
    'etc/libvirt/.hookfleet-jjjjjj',
    'etc/polkit-1/rules.d/.hookfleet-kkkkkk',
    'etc/libvirt/hooks/qemu.d/.hookfleet-gggggg',
    'root/.hookfleet-aaaaaa',
  ]);
  const { changes } = await planIn(root);
  t.deepEqual(
    changes.map(({ id }) => id),
    [
      `/${HOOKS}/before_vm_start/.hookfleet-a1B2c3`,
      `/${HOOKS}/it is odd/.hookfleet-aaaaaa`,
      '/etc/yum.repos.d/.hookfleet-bbbbbb',
      '/etc/pki/rpm-gpg/.hookfleet-cccccc',
      '/etc/libvirt/.hookfleet-jjjjjj',
      '/etc/polkit-1/rules.d/.hookfleet-kkkkkk',
      '/etc/libvirt/hooks/.hookfleet-ffffff',
      '/etc/libvirt/hooks/qemu.d/.hookfleet-gggggg',
      '/etc/ovirt-engine/ansible/.hookfleet-iiiiii',
      '/var/lib/hookfleet/.hookfleet-dddddd',
      '/var/lib/hookfleet/engine-history/.hookfleet-hhhhhh',
      '/var/lib/hookfleet/.placed-eeeeee',
    ],
  );
});

test('they are removed, and nothing else is; then nothing is due', async t => {
  const root = await hostRoot(t, [
    `${HOOKS}/a b/.hookfleet-a1B2c3`,
    `${HOOKS}/a b/50_kept`,
    'etc/yum.repos.d/.hookfleet-bbbbbb',
  ]);
  const [step] = (await planIn(root)).steps();
  t.is(step?.changes.length, 2);
  await execa('sh', ['-se'], { cwd: root, input: step?.script.text ?? 'exit 1' });
  t.deepEqual(await readdir(join(root, HOOKS, 'a b')), ['50_kept']);
  t.deepEqual((await planIn(root)).changes, []);
});

test('nothing is due on a host without any of the folders', async t => {
  t.deepEqual((await planIn(await hostRoot(t, []))).changes, []);
});

test('links, and folders behind links, are not followed', async t => {
  const root = await hostRoot(t, ['elsewhere/.hookfleet-aaaaaa']);
  await mkdir(join(root, HOOKS), { recursive: true });
  await symlink(join(root, 'elsewhere'), join(root, HOOKS, 'linked'));
  await mkdir(join(root, 'etc/yum.repos.d'), { recursive: true });
  await symlink(join(root, 'elsewhere'), join(root, 'etc/yum.repos.d/.hookfleet-bbbbbb'));
  t.deepEqual((await planIn(root)).changes, []);
});

test('a work folder in /run is nobody’s after a day', async t => {
  const root = await hostRoot(t, ['run/hookfleet.oldold/list', 'run/hookfleet.newnew/list']);
  const longAgo = Date.now() / 1000 - 2 * 86_400;
  await utimes(join(root, 'run/hookfleet.oldold'), longAgo, longAgo);
  t.deepEqual(
    (await planIn(root)).changes.map(({ id }) => id),
    ['/run/hookfleet.oldold'],
  );
});

test('a folder name with a line feed in it does not make another path', async t => {
  const root = await hostRoot(t, [`${HOOKS}/x\n/etc/passwd/.hookfleet-aaaaaa`]);
  const ids = (await planIn(root)).changes.map(({ id }) => id);
  t.deepEqual(ids, []);
});
