import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findTree, readTree, treeEvents } from '../../../src/authoring/tree/read-tree.ts';
import { InputError } from '../../../src/core/input-error.ts';
import { smallTree, treeFolder } from './small-trees.ts';

async function copyOf(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-tree-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await cp(treeFolder('today'), folder, { recursive: true });
  return folder;
}

test('a checkout is found from any folder in it, and nothing else is taken for one', async t => {
  const folder = await copyOf(t);
  t.is(await findTree(folder), folder);
  t.is(await findTree(join(folder, 'lib/vdsm/common')), folder);
  await writeFile(join(folder, 'configure.ac'), 'AC_INIT([other])\n');
  t.is(await findTree(folder), undefined);
});

test('what is no checkout is refused with what is missing', async t => {
  const folder = await copyOf(t);
  await rm(join(folder, 'vdsm.spec.in'));
  await t.throwsAsync(readTree(folder), { instanceOf: InputError, message: /it has no vdsm\.spec\.in/ });
  await cp(join(treeFolder('today'), 'vdsm.spec.in'), join(folder, 'vdsm.spec.in'));
  await writeFile(join(folder, 'configure.ac'), 'AC_INIT([other])\n');
  await t.throwsAsync(readTree(folder), { instanceOf: InputError, message: /has no AC_INIT\(\[vdsm\]/ });
});

test('a file that would not be the same after a change is refused', async t => {
  const folder = await copyOf(t);
  await writeFile(join(folder, 'vdsm.spec.in'), Uint8Array.from([0x25, 0xe9, 0x0a]));
  await t.throwsAsync(readTree(folder), { instanceOf: InputError, message: /vdsm\.spec\.in: is no UTF-8/ });
});

test('the files of a hook of that name are read too', async t => {
  const folder = await copyOf(t);
  await mkdir(join(folder, 'vdsm_hooks/paint'));
  await writeFile(join(folder, 'vdsm_hooks/paint/README'), 'mine\n');
  t.is((await readTree(folder, 'paint')).files.get('vdsm_hooks/paint/README'), 'mine\n');
  t.false((await readTree(folder, 'other')).files.has('vdsm_hooks/paint/README'));
});

test('the hook points of a tree are those of its own list', async t => {
  t.deepEqual(treeEvents(await smallTree('y2014')), [
    'before_vm_start',
    'after_vm_start',
    'before_nic_hotplug',
  ]);
});
