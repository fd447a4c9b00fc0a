import type { Place, Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import {
  type DataNode,
  type DictEntry,
  type DictNode,
  isNull,
  keyText,
  kindOf,
  readVariables,
} from './data-node.ts';
import { readHostNames } from './host-name.ts';
import type { Part, Statement, Statements } from './statement.ts';
import { entryOf } from './yaml-data.ts';

const PARTS: readonly Part[] = ['hosts', 'children', 'vars'];
const FORM = 'A group is a mapping with hosts, children and vars, each a mapping too';

/**
 * Reads a YAML inventory: groups, each with `hosts`, `children` and `vars`, in the order in which Ansible goes through
 * them (lib/ansible/plugins/inventory/yaml.py). What Ansible passes over with a warning is a problem. Pure.
 */
export function readYamlInventory(root: DataNode, file: string): Statements {
  const reader = new YamlReader();
  const plugin = entryOf(root, 'plugin');
  if (isNull(root)) {
    reader.report({ file }, 'The inventory is empty');
  } else if (root.kind !== 'dict') {
    reader.report(root.place, `A YAML inventory is a mapping of groups, and this is ${kindOf(root)}`, FORM);
  } else if (plugin !== undefined && !isNull(plugin.value)) {
    const name = plugin.value.kind === 'scalar' ? plugin.value.text : kindOf(plugin.value);
    reader.report(
      plugin.key.place,
      `This is a configuration of the inventory plugin ${name}, and plugins are not run`,
      'Save what `ansible-inventory --list` makes of it with --export -y, or name a program that prints it',
    );
  } else {
    for (const entry of root.entries) {
      reader.readGroup(entry);
    }
  }
  const { statements, problems } = reader;
  return { statements, problems, warnings: [] };
}

/** Gathers statements while it goes down the tree. */
class YamlReader {
  readonly statements: Statement[] = [];
  readonly problems: Problem[] = [];

  /** @returns the name of the group, or undefined where it has none. */
  readGroup(entry: DictEntry): string | undefined {
    const { place } = entry.key;
    const group = keyText(entry);
    if (group === undefined || group === '') {
      this.report(place, 'The name of a group must be text', 'Put it in quotes');
      return undefined;
    }
    this.statements.push({ kind: 'section', group, part: 'hosts', place });
    if (entry.value.kind === 'dict') {
      for (const part of entry.value.entries) {
        this.#readPart(group, part);
      }
    } else if (!isNull(entry.value)) {
      this.report(entry.value.place, `"${group}" is no group: it is ${kindOf(entry.value)}`, FORM);
    }
    return group;
  }

  report(place: Place, message: string, hint?: string): void {
    this.problems.push({ place, message, ...(hint === undefined ? {} : { hint }) });
  }

  #readPart(group: string, entry: DictEntry): void {
    const name = keyText(entry);
    const part = PARTS.find(known => known === name);
    if (part === undefined) {
      const meant = didYouMean(name ?? '', PARTS);
      this.report(
        entry.key.place,
        `The group "${group}" has an unknown key ${name === undefined ? '' : `"${name}"`}`.trimEnd(),
        meant === undefined ? `${FORM}; groups in a group stand below children` : `Did you mean "${meant}"?`,
      );
      return;
    }
    const { value } = entry;
    const members = value.kind === 'scalar' && typeof value.value === 'string' ? oneMember(value) : value;
    if (members.kind === 'dict') {
      this.#readMembers(group, part, members);
    } else if (!isNull(members)) {
      this.report(
        members.place,
        `"${part}" of the group "${group}" must be a mapping, and this is ${kindOf(members)}`,
        'Write each name with a colon behind it, without a dash',
      );
    }
  }

  #readMembers(group: string, part: Part, members: DictNode): void {
    if (part === 'vars') {
      const { variables, problems } = readVariables(members);
      this.problems.push(...problems);
      for (const variable of variables) {
        this.statements.push({ kind: 'variable', group, variable, place: variable.place });
      }
      return;
    }
    for (const member of members.entries) {
      if (part === 'hosts') {
        this.#readHosts(group, member);
        continue;
      }
      const child = this.readGroup(member);
      if (child !== undefined) {
        this.statements.push({ kind: 'child', group, child, place: member.key.place });
      }
    }
  }

  #readHosts(group: string, entry: DictEntry): void {
    const { place } = entry.key;
    const word = keyText(entry);
    const names = word === undefined ? undefined : readHostNames(word);
    if (names === undefined) {
      this.report(place, 'The name of a host must be text', 'Put it in quotes');
      return;
    }
    if ('message' in names) {
      this.problems.push({ place, ...names });
      return;
    }
    const { value } = entry;
    if (value.kind !== 'dict' && !isNull(value)) {
      this.report(
        value.place,
        `The variables of "${word}" must be a mapping, and this is ${kindOf(value)}`,
        'Write them as name: value, indented below the host',
      );
      return;
    }
    const { variables, problems } =
      value.kind === 'dict' ? readVariables(value) : { variables: [], problems: [] };
    this.problems.push(...problems);
    this.statements.push({ kind: 'hosts', group, ...names, variables, place });
  }
}

/** A name alone stands for a mapping with that one key. */
function oneMember(name: DataNode): DictNode {
  const nothing = { kind: 'scalar', value: null, text: '', place: name.place } as const;
  return { kind: 'dict', entries: [{ key: name, value: nothing }], place: name.place };
}
