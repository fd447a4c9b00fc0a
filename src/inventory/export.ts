import { InputError, type Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import { hostVariables, type Inventory, type Variable } from './inventory.ts';
import { matchHosts } from './patterns.ts';
import { pythonJson, unprintable } from './python-json.ts';
import type { PythonScalar, PythonValue } from './python-value.ts';
import { typedValue } from './typed-value.ts';

/** Names that ansible-inventory never prints: its own magic variables (lib/ansible/cli/inventory.py). */
const INTERNAL: ReadonlySet<string> = new Set([
  'ansible_config_file',
  'ansible_diff_mode',
  'ansible_facts',
  'ansible_forks',
  'ansible_inventory_sources',
  'ansible_limit',
  'ansible_playbook_python',
  'ansible_run_tags',
  'ansible_skip_tags',
  'ansible_verbosity',
  'ansible_version',
  'group_names',
  'groups',
  'inventory_dir',
  'inventory_file',
  'inventory_hostname',
  'inventory_hostname_short',
  'omit',
  'playbook_dir',
]);

type Dict = Map<PythonScalar, PythonValue>;

/**
 * What `ansible-inventory --list` prints: JSON with four blanks of indentation, without a line feed at the end. Values
 * are typed as Ansible types them, so the text `1.10` comes out as the number 1.1. Nothing that is encrypted is shown.
 *
 * @throws {InputError} for values that JSON cannot hold (Python sets, complex numbers), where Ansible breaks off too.
 */
export function exportList(inventory: Inventory): string {
  const list: Dict = new Map();
  for (const name of topDown(inventory)) {
    const { hosts = [], children = [] } = inventory.groups.get(name) ?? {};
    const members: Dict = new Map();
    // Every host is below `all`, so Ansible never lists them there.
    if (hosts.length > 0 && name !== 'all') {
      members.set('hosts', hosts);
    }
    if (children.length > 0) {
      members.set('children', children);
    }
    if (members.size > 0) {
      list.set(name, members);
    }
  }
  const hostvars = [...typedVariables(inventory, [...inventory.hosts.keys()])];
  const filled = hostvars.filter(([, variables]) => variables.size > 0);
  list.set('_meta', new Map([['hostvars', new Map(filled)]]));
  return pythonJson(list);
}

/**
 * What `ansible-inventory --host NAME` prints: the variables of one host as JSON, like {@link exportList}.
 *
 * @param pattern a host's name, or as for Ansible a pattern that matches one host.
 * @throws {InputError} for an unknown host, and for values that JSON cannot hold.
 */
export function exportHost(inventory: Inventory, pattern: string): string {
  const hostName = oneHost(inventory, pattern);
  return pythonJson(typedVariables(inventory, [hostName]).get(hostName) ?? new Map());
}

/**
 * The one host that a name or a pattern stands for.
 *
 * @throws {InputError} where there is none, or several.
 */
export function oneHost(inventory: Inventory, pattern: string): string {
  if (inventory.hosts.has(pattern)) {
    return pattern;
  }
  if (!inventory.groups.has(pattern) && !/[*?[:,~&!]/.test(pattern)) {
    throw unknown('host', pattern, inventory.hosts.keys());
  }
  const hosts = matchHosts(inventory, pattern);
  const [host] = hosts;
  if (host === undefined || hosts.length > 1) {
    throw new InputError([{ message: `"${pattern}" stands for ${hosts.length} hosts, not for one` }]);
  }
  return host;
}

/**
 * What `ansible-inventory --graph [GROUP]` prints: the group as a tree of groups and hosts, lines without a line feed at
 * the end.
 *
 * @throws {InputError} for an unknown group.
 */
export function exportGraph(inventory: Inventory, groupName = 'all'): string {
  if (!inventory.groups.has(groupName)) {
    throw unknown('group', groupName, inventory.groups.keys());
  }
  return graphLines(inventory, groupName, 0).join('\n');
}

function graphLines(inventory: Inventory, groupName: string, depth: number): string[] {
  const group = inventory.groups.get(groupName);
  const hosts = groupName === 'all' ? [] : (group?.hosts ?? []);
  return [
    graphLine(`@${groupName}:`, depth),
    ...(group?.children ?? []).flatMap(child => graphLines(inventory, child, depth + 1)),
    ...hosts.map(host => graphLine(host, depth + 1)),
  ];
}

function graphLine(text: string, depth: number): string {
  return depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`;
}

/** The groups in the order in which Ansible comes to them, which shows where it cannot sort them. */
function topDown(inventory: Inventory, from = 'all', seen = new Set<string>()): ReadonlySet<string> {
  seen.add(from);
  for (const child of inventory.groups.get(from)?.children ?? []) {
    if (!seen.has(child)) {
      topDown(inventory, child, seen);
    }
  }
  return seen;
}

function typedVariables(inventory: Inventory, hostNames: readonly string[]): Map<string, Dict> {
  const values = new Map<Variable, PythonValue>();
  const hosts = new Map<string, Dict>();
  for (const hostName of hostNames) {
    const typed: Dict = new Map();
    for (const variable of hostVariables(inventory, hostName).values()) {
      if (!INTERNAL.has(variable.name)) {
        const value = values.get(variable) ?? typedValue(variable);
        values.set(variable, value);
        typed.set(variable.name, value);
      }
    }
    hosts.set(hostName, typed);
  }
  const problems = [...values].flatMap(([variable, value]) => unprintableProblem(variable, value));
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return hosts;
}

function unprintableProblem({ name, place }: Variable, value: PythonValue): Problem[] {
  const what = unprintable(value);
  return what === undefined
    ? []
    : [
        {
          place,
          message: `${name} holds ${what}, which JSON cannot`,
          hint: 'Write it as a string or a list',
        },
      ];
}

function unknown(what: 'host' | 'group', name: string, known: Iterable<string>): InputError {
  const meant = didYouMean(name, [...known]);
  const hint = meant === undefined ? {} : { hint: `Did you mean "${meant}"?` };
  return new InputError([{ message: `There is no ${what} "${name}" in the inventory`, ...hint }]);
}
