import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { deployTasksText } from '../../src/resources/engine/deploy-tasks.ts';
import { withPart } from '../../src/resources/engine/deploy-tasks-file.ts';
import { plainEnvironment } from './ansible.ts';

test('the tasks for new hosts are tasks that Ansible runs, and no template in them is evaluated', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-tasks-'));
  const plain = plainEnvironment();
  t.teardown(() => {
    rmSync(folder, { recursive: true });
    rmSync(plain.folder, { recursive: true });
  });
  const copied = join(folder, 'copied.repo');
  const text = '[site]\nbaseurl=https://repo.example.org/{{ nosuch }}/"el9"\n';
  const user = (await execa('id', ['-un'])).stdout;
  const tasks = deployTasksText(
    {
      playbook: 'site.yml',
      files: [{ path: copied, text }],
      keys: [],
      packages: [],
    },
    '  ',
  ).replaceAll('root', user);
  const others =
    '---\n  - name: of somebody else\n    ansible.builtin.debug: { msg: "{{ inventory_hostname }}" }\n';
  writeFileSync(join(folder, 'tasks.yml'), withPart(others, 'site.yml', tasks));
  writeFileSync(
    join(folder, 'play.yml'),
    '- hosts: localhost\n  gather_facts: false\n  post_tasks: [{ include_tasks: tasks.yml }]\n',
  );
  const { stdout } = await execa(
    'ansible-playbook',
    ['-i', 'localhost,', '-c', 'local', join(folder, 'play.yml')],
    {
      env: plain.env,
    },
  );
  t.regex(stdout, /ok=3 +changed=1/);
  t.is(readFileSync(copied, 'utf8'), text);
});
