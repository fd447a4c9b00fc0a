import { distance } from 'fastest-levenshtein';
import type { Problem } from '../core/input-error.ts';
import type { Variable } from './inventory.ts';
import { EXTRA_OPERATIONS } from './libvirt-variables.ts';
import { SSH_ARGS_VARIABLES, sshArgsWarnings } from './ssh-args-variables.ts';
import { ciphertextOf } from './typed-value.ts';

/** Variables by which Ansible reaches a host, and that hookfleet goes by too. The later spelling wins, as in Ansible. */
export const CONNECTION_VARIABLES = {
  address: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  privateKeyFile: ['ansible_private_key_file', 'ansible_ssh_private_key_file'],
  password: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
  become: ['ansible_become'],
  becomePassword: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass'],
  becomeUser: ['ansible_become_user', 'ansible_sudo_user'],
  becomeMethod: ['ansible_become_method'],
  connection: ['ansible_connection'],
  hostKeyChecking: [
    'ansible_host_key_checking',
    'ansible_ssh_host_key_checking',
    'hookfleet_host_key_checking',
  ],
  sshAlgorithms: ['hookfleet_ssh_algorithms'],
  timeout: ['ansible_timeout', 'ansible_ssh_timeout'],
} as const;

/** Everything that `toHosts` looks at. */
export const NEEDED_VARIABLES: readonly string[] = [
  ...Object.values(CONNECTION_VARIABLES).flat(),
  ...SSH_ARGS_VARIABLES,
  EXTRA_OPERATIONS,
];

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
  'ansible_ssh_transfer_method',
];

const KNOWN: readonly string[] = [...NEEDED_VARIABLES, ...HARMLESS];

/** Two slips of the keys, or two letters swapped; more would hit the names of a site's own variables. */
const NEAR = 2;

/**
 * Warnings about variables that look as if they said how to reach a host, but do not: a near miss of a known name,
 * which Ansible silently takes for a variable of the site's own, and what in the arguments for ssh hookfleet does not heed. One a name
 * or variable.
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
  const passedOver = owners.flatMap(({ variables }) =>
    [...variables.values()].filter(isOpen).flatMap(sshArgsWarnings),
  );
  const misspelled = [...first.values()].flatMap(({ name, place }) => {
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
  return [...misspelled, ...passedOver];
}

/** What is or was encrypted is not quoted in a warning. */
function isOpen(variable: Variable): boolean {
  return variable.secret !== true && ciphertextOf(variable) === undefined;
}
