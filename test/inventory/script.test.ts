import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { groupHosts, hostVariable } from '../../src/inventory/inventory.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { folderWith, told } from './files.ts';

test('a program is asked for each host where it has no _meta', async t => {
  const folder = await folderWith(t, {
    hosts:
      '#!/bin/sh\nif [ "$1" = --list ]; then echo \'{"web": ["w1", "w2"]}\'; else echo "{\\"name\\": \\"$2\\"}"; fi\n',
  });
  const inventory = await loadInventory([join(folder, 'hosts')]);
  t.deepEqual(groupHosts(inventory, 'web'), ['w1', 'w2']);
  t.is(hostVariable(inventory, 'w2', 'name')?.text, 'w2');
});

const failures: readonly (readonly [title: string, script: string, problem: RegExp])[] = [
  [
    'it fails',
    'echo "no access" >&2; exit 3',
    /^hosts: The inventory program failed with exit code 3, when called with --list\n {2}It said on stderr: no access$/,
  ],
  [
    'it prints no JSON',
    'echo "{}x"; echo "trace" >&2',
    /^hosts --list:1:3: Broken JSON: "x" is not expected here\n {2}It said on stderr: trace$/,
  ],
  [
    'it prints nothing',
    ':',
    /^hosts --list:1:1: Broken JSON: it ends too early\n {2}It said nothing on stderr$/,
  ],
  [
    'it ends by a signal',
    'kill -9 $$',
    /^hosts: The inventory program was ended by SIGKILL, when called with --list/,
  ],
  [
    'it is not done in time, and neither is what it has started',
    'sleep 60 & sleep 60',
    /^hosts: The inventory program was not done within 0\.5 s, when called with --list/,
  ],
  [
    'it fails for a host',
    `if [ "$1" = --list ]; then echo '{"web": ["w1"]}'; else exit 1; fi`,
    /^hosts: The inventory program failed with exit code 1, when called with --host w1/,
  ],
  [
    'it prints something else',
    `echo '{"web": {"hosts": "w1"}, "db": {"hosts": [1], "vars": [], "children": ["x", null]}, "y": 1, "_meta": {"hostvars": {}}}'`,
    /^hosts --list:1:19: "hosts" of the group "web" is text, not a list\n.*\nhosts --list:1:\d+: "hosts" of the group "db" holds the value 1, which is no name\n.*\nhosts --list:1:\d+: "vars" of the group "db" is a list, not an object\n.*\nhosts --list:1:\d+: "children" of the group "db" holds empty, which is no name\n.*\nhosts --list:1:\d+: "hosts" of the group "y" is the value 1, not a list/,
  ],
  ['it prints a list', `echo '["w1"]'`, /^hosts --list:1:1: This is a list, and no inventory/],
];

for (const [title, script, problem] of failures) {
  test(`a program that cannot be used is an input error with what it said: ${title}`, async t => {
    const folder = await folderWith(t, { hosts: `#!/bin/sh\n${script}\n` });
    const message = await told(folder, () =>
      loadInventory([join(folder, 'hosts')], { scriptTimeoutMs: 500 }),
    );
    t.regex(message, problem);
  });
}

test('a program whose interpreter is not there does not start', async t => {
  const folder = await folderWith(t, { hosts: '#!/nosuch/python\n' });
  t.regex(
    await told(folder, () => loadInventory([join(folder, 'hosts')])),
    /^hosts: The inventory program does not start/,
  );
});

test('text with the executable bit is no program: it is never run', async t => {
  const folder = await folderWith(t, { hosts: 'touch\n' });
  await chmod(join(folder, 'hosts'), 0o755);
  t.deepEqual([...(await loadInventory([join(folder, 'hosts')])).hosts.keys()], ['touch']);
});

test('a program without the executable bit is told, where its text is no inventory', async t => {
  const folder = await folderWith(t, { hosts: '#!/bin/sh\necho "x" y\n' });
  await chmod(join(folder, 'hosts'), 0o644);
  t.regex(
    await told(folder, () => loadInventory([join(folder, 'hosts')])),
    /^hosts:1: The file begins with #!, but it is not executable, so it is read as text\n {2}.*chmod \+x\nhosts:2: /,
  );
});

test('a program that prints without end is ended', async t => {
  const folder = await folderWith(t, { hosts: '#!/bin/sh\nexec yes\n' });
  t.is(
    await told(folder, () => loadInventory([join(folder, 'hosts')])),
    'hosts: The inventory program printed more than 256 MiB, when called with --list\n  It said nothing on stderr',
  );
});
