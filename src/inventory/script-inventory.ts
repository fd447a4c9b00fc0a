import type { Place, Problem } from '../core/input-error.ts';
import {
  type DataNode,
  type DictEntry,
  type DictNode,
  isNull,
  keyText,
  kindOf,
  readVariables,
} from './data-node.ts';
import { nameFault } from './host-name.ts';
import type { Statement, Statements } from './statement.ts';
import { entryOf } from './yaml-data.ts';

/** What a program printed that prints an inventory: with `--list`, and for each host where that was asked for. */
export interface ScriptReply {
  readonly root: DataNode;
  /** What `--host` printed, by host; undefined where `_meta` had the variables. */
  readonly hostVariables: ReadonlyMap<string, DataNode> | undefined;
}

const FORM =
  'Ansible\'s form is {"group": {"hosts": [], "children": [], "vars": {}}, "_meta": {"hostvars": {}}}';

/** The hosts that a program must be asked for one by one: all of them, unless it has printed `_meta.hostvars`. */
export function hostsToAsk(root: DataNode): string[] {
  const { statements } = readGroups(root);
  return metaOf(root) === undefined ? hostsOf(statements) : [];
}

/**
 * Reads what a program printed, in Ansible's form of a dynamic inventory (lib/ansible/plugins/inventory/script.py). What
 * Ansible passes over is a problem. Pure.
 */
export function readScript({ root, hostVariables }: ScriptReply): Statements {
  const { statements, problems } = readGroups(root);
  const meta = metaOf(root);
  const variables =
    hostVariables ?? new Map(meta?.entries.map(entry => [keyText(entry) ?? '', entry.value]) ?? []);
  for (const host of hostsOf(statements)) {
    const node = variables.get(host);
    if (node === undefined || isNull(node)) {
      continue;
    }
    if (node.kind !== 'dict') {
      problems.push(
        problem(node.place, `The variables of the host "${host}" are ${kindOf(node)}, not an object`),
      );
      continue;
    }
    const read = readVariables(node);
    problems.push(...read.problems);
    statements.push({ kind: 'hosts', names: [host], variables: read.variables, place: node.place });
  }
  return { statements, problems, warnings: [] };
}

function readGroups(root: DataNode): { statements: Statement[]; problems: Problem[] } {
  if (root.kind !== 'dict') {
    return { statements: [], problems: [problem(root.place, `This is ${kindOf(root)}, and no inventory`)] };
  }
  const read = root.entries.filter(entry => keyText(entry) !== '_meta').map(readGroup);
  return {
    statements: read.flatMap(({ statements }) => statements),
    problems: read.flatMap(({ problems }) => problems),
  };
}

function readGroup(entry: DictEntry): { statements: Statement[]; problems: Problem[] } {
  const { place } = entry.key;
  const group = keyText(entry) ?? '';
  const { hosts, vars, children } = partsOf(group, entry.value);
  const statements: Statement[] = [{ kind: 'section', group, part: 'hosts', place }];
  const problems: Problem[] = group === '' ? [problem(place, 'A group without a name')] : [];
  for (const host of names(hosts, `"hosts" of the group "${group}"`, problems)) {
    const fault = nameFault(host.text);
    if (fault === undefined) {
      statements.push({ kind: 'hosts', group, names: [host.text], variables: [], place: host.place });
    } else {
      problems.push({ place: host.place, ...fault });
    }
  }
  if (vars?.kind === 'dict') {
    const read = readVariables(vars);
    problems.push(...read.problems);
    statements.push(
      ...read.variables.map(
        variable => ({ kind: 'variable', group, variable, place: variable.place }) as const,
      ),
    );
  } else if (vars !== undefined) {
    problems.push(problem(vars.place, `"vars" of the group "${group}" is ${kindOf(vars)}, not an object`));
  }
  for (const { text: child, place: at } of names(children, `"children" of the group "${group}"`, problems)) {
    statements.push(
      { kind: 'section', group: child, part: 'hosts', place: at },
      { kind: 'child', group, child, place: at },
    );
  }
  return { statements, problems };
}

type Parts = Partial<Record<'hosts' | 'vars' | 'children', DataNode>>;

/** A list alone is the hosts; an object without a known key is a host called like the group, with these variables. */
function partsOf(group: string, node: DataNode): Parts {
  if (node.kind !== 'dict') {
    return { hosts: node };
  }
  const part = (name: string) => entryOf(node, name)?.value;
  const [hosts, vars, children] = [part('hosts'), part('vars'), part('children')];
  if (hosts === undefined && vars === undefined && children === undefined) {
    const host = { kind: 'scalar', value: group, text: group, place: node.place } as const;
    return { hosts: { kind: 'list', items: [host], place: node.place }, vars: node };
  }
  return {
    ...(hosts === undefined ? {} : { hosts }),
    ...(vars === undefined ? {} : { vars }),
    ...(children === undefined ? {} : { children }),
  };
}

function names(
  node: DataNode | undefined,
  what: string,
  problems: Problem[],
): readonly { readonly text: string; readonly place: Place }[] {
  if (node === undefined) {
    return [];
  }
  if (node.kind !== 'list') {
    problems.push(problem(node.place, `${what} is ${kindOf(node)}, not a list`));
    return [];
  }
  return node.items.flatMap(item => {
    if (item.kind === 'scalar' && typeof item.value === 'string') {
      return [{ text: item.value, place: item.place }];
    }
    problems.push(problem(item.place, `${what} holds ${kindOf(item)}, which is no name`));
    return [];
  });
}

function metaOf(root: DataNode): DictNode | undefined {
  const meta = entryOf(root, '_meta');
  const hostvars = meta && entryOf(meta.value, 'hostvars')?.value;
  return hostvars?.kind === 'dict' ? hostvars : undefined;
}

function hostsOf(statements: readonly Statement[]): string[] {
  return [...new Set(statements.flatMap(statement => (statement.kind === 'hosts' ? statement.names : [])))];
}

function problem(place: Place, message: string): Problem {
  return { place, message, hint: FORM };
}
