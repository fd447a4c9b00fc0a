import { parseTokens } from './parse.ts';
import type { Item, Node, Redirect, Simple } from './syntax.ts';
import type { Word } from './words.ts';

/** A condition under which a command runs: the arm of a `case` it stands in, or a clause of an `if`. */
export type Branch =
  | { readonly kind: 'case'; readonly subject: Word; readonly patterns: readonly Word[] }
  /** `holds`: it stands behind `then` of this condition, not behind `else`. */
  | { readonly kind: 'if'; readonly condition: readonly Item[]; readonly holds: boolean };

/** Where an output leads: to what the script was started with, or into a file, a pipe or a variable. */
export type Output = 'out' | 'err' | 'away';

/** One command of a script with all that stands around it. */
export interface Command extends Simple {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The shell does not wait for it. */
  readonly background: boolean;
  /** Outermost first. */
  readonly branches: readonly Branch[];
  /** The function whose body it stands in. */
  readonly inFunction?: string;
  readonly inSubstitution: boolean;
  /** The line of the `<( … )` that it stands in. */
  readonly inProcess?: number;
}

type Around = Omit<Command, keyof Simple>;

const TOP: Around = {
  stdout: 'out',
  stderr: 'err',
  background: false,
  branches: [],
  inSubstitution: false,
};

// Of so many conditions that did not hold before, a later clause is told: more would cost too much in a hostile file.
const MOST = 16;

/** All commands of a script in the order in which they stand, those in `$(…)` too. */
export function commandsOf(items: readonly Item[]): Command[] {
  return walk(items, TOP);
}

function walk(items: readonly Item[], around: Around): Command[] {
  return items.flatMap(({ nodes, after }, i) => {
    const before = items[i - 1];
    const chained =
      before?.after === '&&' || before?.after === '||'
        ? within(around, [{ condition: [before], holds: before.after === '&&' }])
        : around;
    return nodes.flatMap((node, k) =>
      visit(node, {
        ...chained,
        background: around.background || after === '&',
        stdout: k < nodes.length - 1 ? 'away' : around.stdout,
      }),
    );
  });
}

function visit(node: Node, outside: Around): Command[] {
  const around = { ...outside, ...redirected(outside, node.redirects) };
  const targets = node.redirects.map(one => one.target);
  switch (node.type) {
    case 'simple': {
      const words = [...node.assignments, ...node.words, ...targets];
      return [...substitutions(words, around), { ...node, ...around }];
    }
    case 'if':
      return [
        ...substitutions(targets, around),
        ...node.clauses.flatMap(({ condition, body }, i) => [
          ...walk(condition, around),
          ...walk(
            body,
            within(around, [
              ...unless(node.clauses.slice(Math.max(0, i - MOST), i)),
              { condition, holds: true },
            ]),
          ),
        ]),
        ...walk(node.otherwise ?? [], within(around, unless(node.clauses.slice(-MOST)))),
      ];
    case 'case':
      return [
        ...substitutions([node.subject, ...targets], around),
        ...node.arms.flatMap(({ patterns, body }) =>
          walk(body, {
            ...around,
            branches: [...around.branches, { kind: 'case', subject: node.subject, patterns }],
          }),
        ),
      ];
    default:
      return [
        ...substitutions([...node.words, ...targets], around),
        ...node.bodies.flatMap(body =>
          walk(body, node.type === 'function' ? { ...around, inFunction: node.name ?? '' } : around),
        ),
      ];
  }
}

type Condition = Omit<Extract<Branch, { kind: 'if' }>, 'kind'>;

function unless(clauses: readonly { readonly condition: readonly Item[] }[]): Condition[] {
  return clauses.map(({ condition }) => ({ condition, holds: false }));
}

function within(around: Around, conditions: readonly Condition[]): Around {
  return {
    ...around,
    branches: [...around.branches, ...conditions.map(one => ({ kind: 'if' as const, ...one }))],
  };
}

function substitutions(words: readonly Word[], around: Around): Command[] {
  const inside: Around = { ...around, stdout: 'away', inSubstitution: true };
  return words.flatMap(word =>
    word.substitutions.flatMap(({ kind, tokens }) => {
      const reads = kind === 'process' && word.text.startsWith('<(');
      return walk(parseTokens(tokens), reads ? { ...inside, inProcess: word.line } : inside);
    }),
  );
}

/** Where the outputs lead after redirections, which the shell takes from left to right. */
export function redirected(
  { stdout, stderr }: Pick<Around, 'stdout' | 'stderr'>,
  redirects: readonly Redirect[],
): { readonly stdout: Output; readonly stderr: Output } {
  let [out, err] = [stdout, stderr];
  for (const { operator, fd, target } of redirects) {
    if (operator.startsWith('<')) {
      continue;
    }
    const both = operator.startsWith('&>') || (operator === '>&' && !/^[\d-]+$/.test(target.text));
    const to: Output =
      operator !== '>&' || both ? 'away' : target.text === '1' ? out : target.text === '2' ? err : 'away';
    out = both || fd === '1' ? to : out;
    err = both || fd === '2' ? to : err;
  }
  return { stdout: out, stderr: err };
}
