import type { Word } from './words.ts';

/** Where an input or output of a command goes. */
export interface Redirect {
  /** `>`, `>>`, `<`, `&>` … */
  readonly operator: string;
  readonly fd: string;
  readonly target: Word;
  readonly line: number;
}

/** One command with its words; `NAME=value` before them are among the assignments. */
export interface Simple {
  readonly type: 'simple';
  readonly line: number;
  readonly assignments: readonly Word[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

/** `( … )`, `{ … }`, a loop, or the body of a function. */
export interface Group {
  readonly type: 'group' | 'subshell' | 'loop' | 'function';
  readonly line: number;
  /** Of a loop: its condition and its body. */
  readonly bodies: readonly (readonly Item[])[];
  /** Of a function. */
  readonly name?: string;
  /** Of `for` and `select`: the variable and what it goes through. */
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

export interface If {
  readonly type: 'if';
  readonly line: number;
  readonly clauses: readonly { readonly condition: readonly Item[]; readonly body: readonly Item[] }[];
  readonly otherwise?: readonly Item[];
  readonly redirects: readonly Redirect[];
}

export interface Case {
  readonly type: 'case';
  readonly line: number;
  readonly subject: Word;
  readonly arms: readonly {
    readonly line: number;
    readonly patterns: readonly Word[];
    readonly body: readonly Item[];
  }[];
  readonly redirects: readonly Redirect[];
}

export type Node = Simple | Group | If | Case;

/** A pipeline and what stands behind it. */
export interface Item {
  readonly nodes: readonly Node[];
  readonly after: ';' | '&' | '&&' | '||';
}
