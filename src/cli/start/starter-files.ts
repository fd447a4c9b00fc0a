import { playbookJsonSchema } from '../../playbook/json-schema.ts';

/** The files that a new project begins with, by their names. */
export function starterFiles(): Readonly<Record<string, string>> {
  return {
    'hookfleet.cfg': SETTINGS,
    'hosts.ini': INVENTORY,
    'hooks.yml': PLAYBOOK,
    'playbook.schema.json': `${JSON.stringify(playbookJsonSchema(), null, 2)}\n`,
  };
}

const SETTINGS = `# What need not be typed in every call. Every key: docs/settings.md
[defaults]
inventory = hosts.ini
`;

const INVENTORY = `# The hosts: an inventory as Ansible has it. Put your own names here.
[hypervisors]
hv-[01:03].example.org

[engine]
engine.example.org

[all:vars]
ansible_user=root
`;

const PLAYBOOK = `# yaml-language-server: $schema=playbook.schema.json
# What the hosts shall have. \`hookfleet hooks list\` shows the hooks that there are.
- name: Hooks on every hypervisor
  hosts: hypervisors
  become: true
  serial: [1, 100%]        # one host first; the others when it is verified
  vdsm_hooks:
    - diskunmap

- name: Custom properties
  hosts: engine
  become: true
  engine_properties:
    from_hooks: true       # those that the hooks above read
`;
