import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { groupHosts, hostVariable } from '../../src/inventory/inventory.ts';
import { loadInventory } from '../../src/inventory/load.ts';

async function folderWith(t: ExecutionContext, files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-inventory-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
  return folder;
}

async function messageOf(t: ExecutionContext, paths: readonly string[]): Promise<string> {
  const error = await t.throwsAsync(loadInventory(paths), { instanceOf: InputError });
  return error?.message ?? '';
}

test('several files are read in the order given', async t => {
  const folder = await folderWith(t, { one: '[kvm]\nk1 a=1\n', two: '[kvm]\nk2\nk1 a=2\n' });
  const inventory = await loadInventory([join(folder, 'one'), join(folder, 'two')]);
  t.deepEqual(groupHosts(inventory, 'kvm'), ['k1', 'k2']);
  t.is(hostVariable(inventory, 'k1', 'a')?.text, '2');
});

test('every file that cannot be read is told', async t => {
  const folder = await folderWith(t, { file: '' });
  t.is(
    await messageOf(t, [join(folder, 'none'), folder, join(folder, 'file', 'x')]),
    [
      `${folder}/none: There is no such inventory file`,
      `${folder}: The inventory is a folder`,
      '  Name the inventory file in it',
      `${folder}/file/x: The inventory file cannot be read: ENOTDIR: not a directory, open '${folder}/file/x'`,
    ].join('\n'),
  );
});

test('no file at all is an input error', async t => {
  t.is(await messageOf(t, []), 'No inventory is given\n  Name one with --inventory FILE');
});

test('text that is not UTF-8 is told with its line, but may stand in a comment', async t => {
  const folder = await folderWith(t, {
    comment: Buffer.from('# K\xf6ln\nk1\n', 'latin1'),
    value: Buffer.from('k1\nk2 city=K\xf6ln\n', 'latin1'),
  });
  t.deepEqual([...(await loadInventory([join(folder, 'comment')])).hosts.keys()], ['k1']);
  t.is(
    await messageOf(t, [join(folder, 'value')]),
    `${folder}/value:2: The line is not UTF-8 text\n  Save the file as UTF-8`,
  );
});
