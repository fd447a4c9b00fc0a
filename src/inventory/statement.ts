import type { Place, Problem } from '../core/input-error.ts';
import type { Variable } from './inventory.ts';

/** One thing that an inventory says, whatever its form; an inventory is put together from these, in their order. */
export type Statement = SectionStatement | HostsStatement | ChildStatement | VariableStatement;

interface OfGroup {
  readonly group: string;
  readonly place: Place;
}

/** There is such a group. In an INI file, `vars` alone does not make it one. */
export interface SectionStatement extends OfGroup {
  readonly kind: 'section';
  readonly part: Part;
}

/** There are such hosts, in the group if one is named, and these are their variables. */
export interface HostsStatement {
  readonly kind: 'hosts';
  readonly group?: string;
  readonly names: readonly string[];
  readonly port?: number;
  readonly variables: readonly Variable[];
  readonly place: Place;
}

/** The group contains another one, which may come later. */
export interface ChildStatement extends OfGroup {
  readonly kind: 'child';
  readonly child: string;
}

export interface VariableStatement extends OfGroup {
  readonly kind: 'variable';
  readonly variable: Variable;
}

export type Part = 'hosts' | 'children' | 'vars';

/** What one source says, and what is wrong with it. */
export interface Statements {
  readonly statements: readonly Statement[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}
