import { distance } from 'fastest-levenshtein';
import type { Problem } from '../core/input-error.ts';
import type { Variable } from './inventory.ts';

/** Variables by which Ansible reaches a host, and that hookfleet goes by too. The later spelling wins, as in Ansible. */
export const CONNECTION_VARIABLES = {
  address: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  privateKeyFile: ['ansible_private_key_file', 'ansible_ssh_private_key_file'],
  become: ['ansible_become'],
  becomeUser: ['ansible_become_user', 'ansible_sudo_user'],
  becomeMethod: ['ansible_become_method'],
  connection: ['ansible_connection'],
} as const;

const JUMP = 'For a jump host use --jump';
const KEYS = 'Log in with a key or the agent';
const SUDO_PASSWORD = 'Use a sudo rule without password, or --ask-become-pass';

/** Variables that change how Ansible reaches a host, but that hookfleet does not go by; with the way to go instead. */
const NOT_HEEDED: ReadonlyMap<string, string> = new Map([
  ['ansible_ssh_common_args', JUMP],
  ['ansible_ssh_extra_args', JUMP],
  ['ansible_ssh_args', JUMP],
  ['ansible_password', KEYS],
  ['ansible_ssh_pass', KEYS],
  ['ansible_ssh_password', KEYS],
  ['ansible_become_password', SUDO_PASSWORD],
  ['ansible_become_pass', SUDO_PASSWORD],
  ['ansible_sudo_pass', SUDO_PASSWORD],
  ['ansible_host_key_checking', 'Host keys are always checked'],
  ['ansible_ssh_host_key_checking', 'Host keys are always checked'],
]);

/** Further variables that Ansible knows; without meaning here, but no misspellings either. */
const HARMLESS: readonly string[] = [
  'ansible_async_dir',
  'ansible_become_exe',
  'ansible_become_flags',
  'ansible_group_priority',
  'ansible_hostname',
  'ansible_network_os',
  'ansible_pipelining',
  'ansible_python_interpreter',
  'ansible_remote_tmp',
  'ansible_scp_extra_args',
  'ansible_sftp_extra_args',
  'ansible_shell_executable',
  'ansible_shell_type',
  'ansible_ssh_executable',
  'ansible_ssh_pipelining',
  'ansible_ssh_retries',
  'ansible_ssh_timeout',
  'ansible_ssh_transfer_method',
  'ansible_timeout',
];

const KNOWN: readonly string[] = [
  ...Object.values(CONNECTION_VARIABLES).flat(),
  ...NOT_HEEDED.keys(),
  ...HARMLESS,
];

/** Two slips of the keys, or two letters swapped; more would hit the names of a site's own variables. */
const NEAR = 2;

/**
 * Warnings about variables that look as if they said how to reach a host, but do not: a near miss of a known name,
 * which Ansible silently takes for a variable of the site's own, and what hookfleet does not heed. One a name.
 */
export function variableWarnings(
  owners: readonly { readonly variables: ReadonlyMap<string, Variable> }[],
): Problem[] {
  const first = new Map<string, Variable>();
  for (const { variables } of owners) {
    for (const variable of variables.values()) {
      if (!first.has(variable.name)) {
        first.set(variable.name, variable);
      }
    }
  }
  return [...first.values()].flatMap(({ name, place }) => {
    const instead = NOT_HEEDED.get(name);
    if (instead !== undefined) {
      return [{ place, message: `The variable ${name} is not heeded`, hint: instead }];
    }
    const meant = KNOWN.includes(name) ? undefined : KNOWN.find(known => distance(name, known) <= NEAR);
    return meant === undefined
      ? []
      : [
          {
            place,
            message: `The variable ${name} has no meaning to the connection`,
            hint: `Did you mean ${meant}?`,
          },
        ];
  });
}
