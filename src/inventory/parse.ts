import { InputError, type Problem } from '../core/input-error.ts';
import { byCodePoint } from './code-point-order.ts';
import { Draft, type DraftGroup, type DraftHost } from './draft.ts';
import { groupDepths } from './group-tree.ts';
import type { Group, Inventory, InventoryHost, Layer } from './inventory.ts';
import { variableWarnings } from './known-variables.ts';
import { readSource, type Source } from './source.ts';
import { groupLayers, hostLayers, NO_VARS, type VarsFolders } from './vars-layers.ts';

/** The names of an inventory's groups and hosts, by which the files of group_vars/ and host_vars/ are found. */
export interface Names {
  readonly groups: readonly string[];
  readonly hosts: readonly string[];
}

/**
 * Makes one inventory of what one or several sources say, with the meaning that Ansible gives them: the sources
 * add to each other, a later value wins, every group without a parent is a child of `all`, and a host in no other
 * group is in `ungrouped` (lib/ansible/inventory/data.py).
 *
 * @param readVars is given all names, once they are known, and reads what group_vars/ and host_vars/ say of them.
 * @throws {InputError} with everything that is wrong in all the sources.
 */
export function parseInventory(
  sources: readonly Source[],
  readVars: (names: Names) => VarsFolders = () => NO_VARS,
): Inventory {
  const draft = new Draft();
  for (const source of sources) {
    const { statements, problems, warnings } = readSource(source);
    draft.problems.push(...problems);
    draft.warnings.push(...warnings);
    draft.add(statements);
  }
  draft.gatherOrphans();
  const { depths, problems } = groupDepths(draft.groups);
  const all = [...draft.problems, ...problems, ...ungroupedProblems(draft.groups)];
  if (all.length > 0) {
    throw new InputError(inOrder(all));
  }
  const groups = finishGroups(draft.groups, depths);
  const vars = readVars({ groups: [...groups.keys()], hosts: [...draft.hosts.keys()] });
  const hosts = finishHosts(draft.hosts, groups, vars);
  const layers = new Set([...hosts.values()].flatMap(host => host.layers));
  const owners = [...groups.values(), ...layers];
  return { groups, hosts, warnings: inOrder([...draft.warnings, ...variableWarnings(owners)]) };
}

/** Ansible drops the hosts of `ungrouped` without a word once a group contains it. */
function ungroupedProblems(groups: ReadonlyMap<string, DraftGroup>): Problem[] {
  return [...groups.values()].flatMap(({ name, children }) => {
    const place = name === 'all' ? undefined : children.get('ungrouped');
    const message = `"ungrouped" cannot be a child of "${name}": its hosts would then be in a group`;
    return place === undefined ? [] : [{ place, message, hint: 'Put these hosts in a group of their own' }];
  });
}

function finishGroups(
  drafts: ReadonlyMap<string, DraftGroup>,
  depths: ReadonlyMap<string, number>,
): Map<string, Group> {
  return new Map(
    [...drafts].map(([name, { hosts, children, variables, priority }]) => [
      name,
      {
        name,
        hosts: [...hosts],
        children: [...children.keys()],
        variables,
        depth: depths.get(name) ?? 0,
        priority,
      },
    ]),
  );
}

function finishHosts(
  drafts: ReadonlyMap<string, DraftHost>,
  groups: ReadonlyMap<string, Group>,
  vars: VarsFolders,
): Map<string, InventoryHost> {
  const weakestFirst = [...groups.values()].sort(byStrength).map(({ name }) => name);
  const strength = new Map(weakestFirst.map((name, i) => [name, i]));
  const ancestors = selfAndAncestors(weakestFirst, groups);
  const memberships = new Map<string, { groups: readonly string[]; layers: readonly Layer[] }>();
  const hosts = new Map<string, InventoryHost>();
  const join = (direct: ReadonlySet<string>) => {
    const joined = [...new Set([...direct].flatMap(group => [...(ancestors.get(group) ?? [])]))].sort(
      (a, b) => (strength.get(a) ?? 0) - (strength.get(b) ?? 0),
    );
    return { groups: joined, layers: groupLayers(joined, groups, vars) };
  };
  for (const { name, groups: direct, variables } of drafts.values()) {
    // Most hosts share their set of groups with many others: worked out once.
    const key = [...direct].join('\n');
    const membership = memberships.get(key) ?? join(direct);
    memberships.set(key, membership);
    const layers = [...membership.layers, ...hostLayers({ name, variables }, vars)];
    hosts.set(name, { name, groups: membership.groups, variables, layers });
  }
  return hosts;
}

/** For each group itself and all that contain it; the names must come with parents before their children. */
function selfAndAncestors(
  names: readonly string[],
  groups: ReadonlyMap<string, Group>,
): Map<string, ReadonlySet<string>> {
  const ancestors = new Map<string, Set<string>>(names.map(name => [name, new Set([name])]));
  for (const name of names) {
    for (const child of groups.get(name)?.children ?? []) {
      for (const ancestor of ancestors.get(name) ?? []) {
        ancestors.get(child)?.add(ancestor);
      }
    }
  }
  return ancestors;
}

/** Weakest first, as Ansible merges their variables: depth, then priority, then name (inventory/helpers.py). */
function byStrength(a: Group, b: Group): number {
  return a.depth - b.depth || a.priority - b.priority || byCodePoint(a.name, b.name);
}

/** File by file, line by line; problems of the same line stay in the order found. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(problem => problem.place?.file))];
  return problems.toSorted(
    (a, b) =>
      files.indexOf(a.place?.file) - files.indexOf(b.place?.file) ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0),
  );
}
