import test from 'ava';
import { prepareDeployTasks } from '../../../src/cli/engine/deploy-tasks.ts';
import { parsePlaybook } from '../../../src/playbook/playbook.ts';

test('what can keep VMs from starting is left out of the tasks for new hosts, where nobody looks first, unless it is accepted', async t => {
  const playbook = parsePlaybook(
    `- hosts: all
  vdsm_hooks:
    - diskunmap
    - vhostmd
    - { name: fileinject, accept_risk: true }
    - { name: allocate_net, state: absent }
`,
    'site.yml',
  );
  const { tasks, notes } = await prepareDeployTasks(playbook);
  t.deepEqual(
    tasks.packages.map(({ name }) => name),
    ['vdsm-hook-diskunmap', 'vdsm-hook-fileinject'],
  );
  t.is(notes.length, 1);
  t.regex(notes[0] ?? '', /^vhostmd can keep VMs from starting, which apply looks for on each host/);
});
