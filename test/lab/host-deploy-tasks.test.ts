import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { makeControl } from './fleet.ts';
import { boot } from './in-test.ts';

const FILE = 'etc/ovirt-engine/ansible/ovirt-host-deploy-post-tasks.yml';
const OTHERS = '---\n- name: of somebody else\n  ansible.builtin.debug: { msg: "{{ x }}" }\n';

const playbook = (state: boolean) => `- hosts: hypervisors
  become: true
  vdsm_hooks: [diskunmap, { name: qemucmdline, version: '>=4.50 <4.60' }]
- hosts: engine
  become: true
  host_deploy_tasks: ${state}
`;

test('the tasks for new hosts are kept beside those of others, change nothing twice, and go without a trace', async t => {
  const [hypervisor, engine] = await Promise.all([
    boot(t, { name: 'hv1' }),
    boot(t, { name: 'engine', kind: 'engine' }),
  ]);
  const control = await makeControl({ hypervisors: [hypervisor], engines: [engine] });
  t.teardown(() => control.remove());
  const path = join(engine.root, FILE);
  await mkdir(join(engine.root, 'etc/ovirt-engine/ansible'), { recursive: true });
  await writeFile(path, OTHERS, { mode: 0o640 });
  await control.write('site.yml', playbook(true));
  const apply = () => control.json('apply', 'site.yml', '-i', 'hosts.ini', '-l', 'engine');

  const first = await apply();
  t.is(first.exitCode, 0, first.stderr);
  t.deepEqual(
    first.report.hosts[engine.name]?.changes.map(({ resource, action }) => [resource, action]),
    [['host-deploy-tasks', 'set']],
  );
  const text = await readFile(path, 'utf8');
  t.true(text.startsWith(OTHERS));
  const printed = await control.run('engine', 'deploy-tasks', 'site.yml');
  t.is(`---\n${text.slice(OTHERS.length)}`, `${printed.stdout}\n`, 'the command prints what was written');
  t.is((await stat(path)).mode & 0o777, 0o640, 'mode and owner stay');

  t.is((await apply()).report.totals.changed, 0);

  await control.write('site.yml', playbook(false));
  t.is((await apply()).exitCode, 0);
  t.is(await readFile(path, 'utf8'), OTHERS);
});

test('a tasks file that is no list is left alone, and the host fails with what to do', async t => {
  const engine = await boot(t, { kind: 'engine' });
  const control = await makeControl({ hypervisors: [], engines: [engine] });
  t.teardown(() => control.remove());
  await mkdir(join(engine.root, 'etc/ovirt-engine/ansible'), { recursive: true });
  await writeFile(join(engine.root, FILE), 'tasks: []\n');
  await control.write('site.yml', '- hosts: engine\n  become: true\n  host_deploy_tasks: true\n');
  const { exitCode, report } = await control.json('apply', 'site.yml', '-i', 'hosts.ini');
  t.is(exitCode, 1);
  t.regex(report.hosts[engine.name]?.error?.message ?? '', /no list of tasks .*"tasks: \[\]"/);
  t.is(await readFile(join(engine.root, FILE), 'utf8'), 'tasks: []\n');
});
