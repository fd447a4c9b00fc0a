import type { Place, Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';

import type { Variable } from './inventory.ts';
import type { HostsStatement, SectionStatement, Statement } from './statement.ts';

export interface DraftGroup {
  readonly name: string;
  readonly place: Place;
  readonly hosts: Set<string>;
  readonly children: Map<string, Place>;
  readonly variables: Map<string, Variable>;
  priority: number;
}

export interface DraftHost {
  readonly name: string;
  readonly groups: Set<string>;
  readonly variables: Map<string, Variable>;
}

/** A group that was spoken of before its section was seen: as a child, or for its variables alone. */
interface Pending {
  readonly kind: 'child' | 'variables';
  readonly mentions: { readonly parent: string; readonly place: Place }[];
}

/**
 * An inventory while it is being put together, statement by statement, in the order in which Ansible does it: the
 * order of hosts and children comes from that.
 */
export class Draft {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly groups = new Map<string, DraftGroup>();
  readonly hosts = new Map<string, DraftHost>();
  #pending = new Map<string, Pending>();

  constructor() {
    const nowhere = { file: '' };
    this.#group('all', nowhere).children.set('ungrouped', nowhere);
    this.#group('ungrouped', nowhere);
  }

  /** Adds the statements of one file. Each file must define the groups that it speaks of, unless an earlier one has. */
  add(statements: readonly Statement[]): void {
    this.#pending = new Map();
    for (const statement of statements) {
      switch (statement.kind) {
        case 'section':
          this.#addSection(statement);
          break;
        case 'hosts':
          this.#addHosts(statement);
          break;
        case 'child':
          this.#addChild(statement.group, statement.child, statement.place);
          break;
        case 'variable':
          this.#setGroupVariable(this.#group(statement.group, statement.place), statement.variable);
          break;
      }
    }
    for (const [name, pending] of this.#pending) {
      this.#reportUndefined(name, pending);
    }
  }

  /** Puts groups without a parent below `all`, and hosts without a group in `ungrouped`; after the last file. */
  gatherOrphans(): void {
    const withParent = new Set([...this.groups.values()].flatMap(group => [...group.children.keys()]));
    for (const { name, place } of this.groups.values()) {
      if (name !== 'all' && !withParent.has(name)) {
        this.#setChild('all', name, place);
      }
    }
    for (const host of this.hosts.values()) {
      const grouped = [...host.groups].some(name => name !== 'all' && name !== 'ungrouped');
      if (grouped) {
        host.groups.delete('ungrouped');
        this.groups.get('ungrouped')?.hosts.delete(host.name);
      } else if (!host.groups.has('ungrouped')) {
        host.groups.add('ungrouped');
        this.groups.get('ungrouped')?.hosts.add(host.name);
      }
    }
  }

  #group(name: string, place: Place): DraftGroup {
    const known = this.groups.get(name);
    if (known !== undefined) {
      return known;
    }
    const group = {
      name,
      place,
      hosts: new Set<string>(),
      children: new Map(),
      variables: new Map(),
      priority: 1,
    };
    this.groups.set(name, group);
    return group;
  }

  #addSection({ group, part, place }: SectionStatement): void {
    const pending = this.#pending.get(group);
    if (part === 'vars' && pending === undefined && !this.groups.has(group)) {
      this.#pending.set(group, { kind: 'variables', mentions: [{ parent: group, place }] });
    }
    this.#group(group, place);
    if (part === 'vars' || pending === undefined) {
      return;
    }
    this.#pending.delete(group);
    if (pending.kind === 'child') {
      for (const mention of pending.mentions) {
        this.#setChild(mention.parent, group, mention.place);
      }
    }
  }

  /** A child counts from when its own section is seen, which decides the order of the children. */
  #addChild(parent: string, child: string, place: Place): void {
    const pending = this.#pending.get(child);
    if (this.groups.has(child)) {
      this.#setChild(parent, child, place);
    } else if (pending === undefined) {
      this.#pending.set(child, { kind: 'child', mentions: [{ parent, place }] });
    } else {
      pending.mentions.push({ parent, place });
    }
  }

  #setChild(parent: string, child: string, place: Place): void {
    const { children } = this.#group(parent, place);
    if (!children.has(child)) {
      children.set(child, place);
    }
  }

  #addHosts({ group, names, port, variables, place }: HostsStatement): void {
    for (const name of names) {
      const known = this.hosts.get(name);
      const host = known ?? { name, groups: new Set<string>(), variables: new Map<string, Variable>() };
      this.hosts.set(name, host);
      if (group !== undefined) {
        host.groups.add(group);
        this.#group(group, place).hosts.add(name);
      }
      if (port !== undefined) {
        this.#setPort(host, String(port), known === undefined, place);
      }
      this.#setHostVariables(host, variables, place);
    }
  }

  /** Ansible heeds a port behind a name only where the host is first named. */
  #setPort(host: DraftHost, port: string, first: boolean, place: Place): void {
    if (first) {
      host.variables.set('ansible_port', { name: 'ansible_port', source: port, text: port, place });
    } else if (host.variables.get('ansible_port')?.text !== port) {
      this.warnings.push({
        place,
        message: `The port of ${host.name}:${port} is not heeded, because the host is already defined above`,
        hint: `Write ansible_port=${port}, or move the port to the first mention of the host`,
      });
    }
  }

  #setHostVariables(host: DraftHost, variables: readonly Variable[], place: Place): void {
    const namesake = this.groups.get(host.name);
    if (namesake !== undefined && variables.length > 0) {
      this.warnings.push({
        place,
        message: `"${host.name}" is a host and a group: as in Ansible, variables on this line hold for the whole group`,
        hint: 'Give the host or the group another name',
      });
    }
    for (const variable of variables) {
      if (namesake === undefined) {
        setVariable(host.variables, variable);
      } else {
        this.#setGroupVariable(namesake, variable);
      }
    }
  }

  #setGroupVariable(group: DraftGroup, variable: Variable): void {
    if (variable.name !== 'ansible_group_priority') {
      setVariable(group.variables, variable);
    } else if (/^[+-]?[0-9]{1,9}$/.test(variable.text)) {
      group.priority = Number(variable.text);
    } else {
      this.problems.push({
        place: variable.place,
        message: `Bad ansible_group_priority "${variable.text}"`,
        hint: 'A priority is a whole number; the greater one wins',
      });
    }
  }

  #reportUndefined(name: string, { kind, mentions }: Pending): void {
    const defined = [...this.groups.keys()].filter(known => !this.#pending.has(known));
    for (const { parent, place } of mentions) {
      const meant = didYouMean(
        name,
        defined.filter(known => known !== parent),
      );
      const add = `Add a section [${name}] or [${name}:children]; it may be empty`;
      this.problems.push({
        place,
        message:
          kind === 'child'
            ? `Group "${name}", a child of "${parent}", is not defined`
            : `[${name}:vars] is for a group that is not defined`,
        hint: meant === undefined ? add : `Did you mean "${meant}"? ${add}`,
      });
    }
  }
}

function setVariable(variables: Map<string, Variable>, variable: Variable): void {
  const overrode = variables.get(variable.name);
  variables.set(variable.name, overrode === undefined ? variable : { ...variable, overrode });
}
