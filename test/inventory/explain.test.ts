import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { explainHost, explainHostJson } from '../../src/inventory/explain.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { folderWith } from './files.ts';

async function load(t: ExecutionContext) {
  const folder = await folderWith(t, {
    hosts:
      '[web]\nw1 a=1 ansible_password=hidden1 q="x y"\nw1 a=2\n[all:vars]\na=0\nb=1.10\n[web:vars]\nb=1.20\n',
    'group_vars/web.yml':
      'b: 1.30\nc: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6338\nlong: [aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccc]\n',
  });
  const inventory = await loadInventory([join(folder, 'hosts')]);
  return { inventory, plain: (text: string) => text.replaceAll(`${folder}/`, '') };
}

test('every value is shown with the place it comes from, and with what it overrides', async t => {
  const { inventory, plain } = await load(t);
  t.is(
    plain(explainHost(inventory, 'w1')),
    `w1 is in: all, web
a                 2                                                             host       hosts:3
  overrides       1                                                             host       hosts:2
  overrides       0                                                             group all  hosts:5
ansible_password  [redacted]                                                    host       hosts:2
b                 1.30                                                          group web  group_vars/web.yml:1
  overrides       1.20                                                          group web  hosts:8
  overrides       1.10                                                          group all  hosts:6
c                 {"__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\\n6338\\n"}      group web  group_vars/web.yml:2
long              ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbb", "ccccccccccccc…  group web  group_vars/web.yml:5
q                 x y                                                           host       hosts:2`,
  );
});

test('as JSON it has the values as Ansible types them, and the text as it is written', async t => {
  const { inventory, plain } = await load(t);
  const { host, groups, variables } = JSON.parse(plain(explainHostJson(inventory, 'w1')));
  t.deepEqual([host, groups], ['w1', ['all', 'web']]);
  t.deepEqual(variables.b, {
    value: 1.3,
    text: '1.30',
    of: 'group web',
    file: 'group_vars/web.yml',
    line: 1,
    column: 1,
    overrides: [
      { value: 1.2, text: '1.20', of: 'group web', file: 'hosts', line: 8, column: null },
      { value: 1.1, text: '1.10', of: 'group all', file: 'hosts', line: 6, column: null },
    ],
  });
  t.deepEqual(variables.c.value, { __ansible_vault: '$ANSIBLE_VAULT;1.1;AES256\n6338\n' });
  t.is(variables.ansible_password.value, '[redacted]');
});
