import { InputError, type Problem } from '../core/input-error.ts';
import { byCodePoint } from './code-point-order.ts';
import { Draft, type DraftGroup, type DraftHost } from './draft.ts';
import { groupDepths } from './group-tree.ts';
import { readIni } from './ini.ts';
import type { Group, Inventory, InventoryHost } from './inventory.ts';
import { variableWarnings } from './known-variables.ts';

/** An inventory file as read; `file` is what places in errors call it. */
export interface InventoryFile {
  readonly file: string;
  readonly text: string;
}

/**
 * Makes one inventory of the text of one or several INI files, with the meaning that Ansible gives them: the files
 * add to each other, a later value wins, every group without a parent is a child of `all`, and a host in no other
 * group is in `ungrouped` (lib/ansible/inventory/data.py).
 *
 * @throws {InputError} with everything that is wrong in all the files.
 */
export function parseInventory(files: readonly InventoryFile[]): Inventory {
  const draft = new Draft();
  for (const { file, text } of files) {
    const { statements, problems } = readIni(text, file);
    draft.problems.push(...problems);
    draft.add(statements);
  }
  draft.gatherOrphans();
  const { depths, problems } = groupDepths(draft.groups);
  const all = [...draft.problems, ...problems, ...ungroupedProblems(draft.groups)];
  if (all.length > 0) {
    throw new InputError(inOrder(all));
  }
  const groups = finishGroups(draft.groups, depths);
  const hosts = finishHosts(draft.hosts, groups);
  const warnings = [...draft.warnings, ...variableWarnings([...groups.values(), ...hosts.values()])];
  return { groups, hosts, warnings: inOrder(warnings) };
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
): Map<string, InventoryHost> {
  const weakestFirst = [...groups.values()].sort(byStrength).map(({ name }) => name);
  const strength = new Map(weakestFirst.map((name, i) => [name, i]));
  const ancestors = selfAndAncestors(weakestFirst, groups);
  const memberships = new Map<string, readonly string[]>();
  const hosts = new Map<string, InventoryHost>();
  for (const { name, groups: direct, variables } of drafts.values()) {
    // Most hosts share their set of groups with many others: worked out once.
    const key = [...direct].join('\n');
    const membership =
      memberships.get(key) ??
      [...new Set([...direct].flatMap(group => [...(ancestors.get(group) ?? [])]))].sort(
        (a, b) => (strength.get(a) ?? 0) - (strength.get(b) ?? 0),
      );
    memberships.set(key, membership);
    hosts.set(name, { name, groups: membership, variables });
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
