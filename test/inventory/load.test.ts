import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { InputError } from '../../src/core/input-error.ts';
import { groupHosts, hostVariable } from '../../src/inventory/inventory.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { folderWith } from './files.ts';

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
    await messageOf(t, [join(folder, 'none'), join(folder, 'file', 'x')]),
    [
      `${folder}/none: There is no such inventory`,
      '  A list of hosts has a comma in it: host1,',
      `${folder}/file/x: The inventory cannot be read: ENOTDIR: not a directory, stat '${folder}/file/x'`,
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

test('the variables beside a playbook are stronger than those beside the inventory', async t => {
  const folder = await folderWith(t, {
    'inv/hosts': 'h\n',
    'inv/group_vars/all.yml': 'a: inventory\nb: inventory\n',
    'play/group_vars/all.yml': 'b: playbook\n',
  });
  const inventory = await loadInventory([join(folder, 'inv/hosts')], {
    playbookFolder: join(folder, 'play'),
  });
  t.is(hostVariable(inventory, 'h', 'a')?.text, 'inventory');
  t.is(hostVariable(inventory, 'h', 'b')?.text, 'playbook');
});

test('a value of YAML keeps its text: a version is no number, and yes is no boolean', async t => {
  const folder = await folderWith(t, {
    hosts: 'h\n',
    'host_vars/h.yml':
      'release: 1.10\nmode: 0755\nquoted: "a b"\nnone:\nlist: [1, a]\nmac: 52:54:00:12:34:56\n',
  });
  const inventory = await loadInventory([join(folder, 'hosts')]);
  t.deepEqual(
    ['release', 'mode', 'quoted', 'none', 'list', 'mac'].map(
      name => hostVariable(inventory, 'h', name)?.text,
    ),
    ['1.10', '0755', 'a b', '', '[1, "a"]', '52:54:00:12:34:56'],
  );
});

test('a file of variables that cannot be used is told with its place, together with all others', async t => {
  const folder = await folderWith(t, {
    hosts: '[web]\nw1\n',
    'group_vars/all.yml': '- a\n',
    'group_vars/web.yml': 'a: 1\nyes: 2\nb: [\n',
    'host_vars/w1.json': '{"a": ]',
  });
  t.deepEqual((await messageOf(t, [join(folder, 'hosts')])).replaceAll(`${folder}/`, '').split('\n'), [
    'group_vars/all.yml:1:1: A file of variables is a mapping, and this is a list',
    '  Write each variable as name: value',
    'group_vars/web.yml:4:1: Broken YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    '  Indent with blanks, and quote a value that holds one of [ ] { } # & * ! | > % @ ` or ": "',
    'host_vars/w1.json:1:7: Broken JSON: "]" is not expected here',
  ]);
});

test('the name of a variable is text', async t => {
  const folder = await folderWith(t, { hosts: 'h\n', 'host_vars/h.yml': 'a: 1\nyes: 2\n' });
  t.is(
    (await messageOf(t, [join(folder, 'hosts')])).replaceAll(`${folder}/`, ''),
    'host_vars/h.yml:2:1: The name of a variable must be text\n  Put it in quotes, if it is meant to be a variable',
  );
});

test('what is most likely not meant is a warning: a file that another one hides, a key that stands twice', async t => {
  const folder = await folderWith(t, {
    hosts: '[web]\nh\n',
    'group_vars/web.yml': 'a: 1\na: 2\n',
    'group_vars/web.yaml': 'b: 1\n',
  });
  const { warnings } = await loadInventory([join(folder, 'hosts')]);
  t.deepEqual(
    warnings.map(({ place, message }) => [place?.file.replace(`${folder}/`, ''), place?.line, message]),
    [
      ['group_vars/web.yaml', undefined, 'The file is not read, because web.yml is there too'],
      ['group_vars/web.yml', 2, 'The key "a" stands twice: the last one counts, as in Ansible'],
    ],
  );
});

test('a folder is read by name, and what Ansible passes over in it is told', async t => {
  const folder = await folderWith(t, {
    'inv/b': '[web]\nw2\n',
    'inv/a': '[web]\nw1\n',
    'inv/c.ini': 'w3\n',
    'inv/x.md': '',
  });
  const { hosts, warnings } = await loadInventory([join(folder, 'inv')]);
  t.deepEqual([...hosts.keys()], ['w1', 'w2']);
  t.deepEqual(
    warnings.map(({ place, message }) => [place?.file, message]),
    [[join(folder, 'inv/c.ini'), 'The file is not read']],
  );
});

test('a folder without an inventory is an input error that says why', async t => {
  const folder = await folderWith(t, { 'inv/hosts.ini': 'h\n' });
  t.is(
    await messageOf(t, [join(folder, 'inv')]),
    `${folder}/inv: The folder has no inventory in it\n  In a folder Ansible passes over .ini and .cfg; name the file itself, or take the ending away`,
  );
});

test('a list of hosts needs no file', async t => {
  const { hosts, groups } = await loadInventory(['h1,h2:2222', 'h3,']);
  t.deepEqual([...hosts.keys()], ['h1', 'h2', 'h3']);
  t.deepEqual(groups.get('ungrouped')?.hosts, ['h1', 'h2', 'h3']);
  t.is(
    await messageOf(t, ['db[1:3],']),
    '--inventory: "db[1:3]" is a range, and a list of hosts on the command line has none, as in Ansible\n  Write each name, or put the range into an inventory file',
  );
});

test('what is no file in a folder is told, and not waited for', async t => {
  const folder = await folderWith(t, { 'inv/hosts': 'h\n' });
  await execa('mkfifo', [join(folder, 'inv/pipe')]);
  await symlink('/nosuch/file', join(folder, 'inv/link'));
  t.is(
    await messageOf(t, [join(folder, 'inv')]),
    [
      `${folder}/inv/link: The link leads nowhere`,
      `${folder}/inv/pipe: This is no file`,
      '  Move it out of the folder',
    ].join('\n'),
  );
});

test('links that lead back are told, in inventory folders and beside them', async t => {
  const folder = await folderWith(t, {
    'inv/hosts': 'h\n',
    'more/hosts': 'h\n',
    'more/group_vars/all/vars.yml': 'a: 1\n',
  });
  for (const name of ['inv/a', 'inv/b', 'more/group_vars/all/a', 'more/group_vars/all/b']) {
    await symlink('.', join(folder, name));
  }
  const back = 'The link leads back to a folder that it is in';
  t.is(
    await messageOf(t, [join(folder, 'inv')]),
    [`${folder}/inv/a: ${back}`, `${folder}/inv/b: ${back}`].join('\n'),
  );
  t.is(
    await messageOf(t, [join(folder, 'more')]),
    ['a', 'b'].map(name => `${folder}/more/group_vars/all/${name}: ${back}`).join('\n'),
  );
});
