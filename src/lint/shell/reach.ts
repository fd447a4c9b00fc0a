import type { Branch, Command } from './commands.ts';
import type { Item, Node } from './syntax.ts';
import type { Word } from './words.ts';

/** The variables that hold the second argument, the operation: `2`, and what is set from it. */
export function operationVariables(commands: readonly Command[]): Set<string> {
  const names = new Set(['2']);
  for (const { assignments, words } of commands) {
    for (const { text } of [...assignments, ...words]) {
      const found = /^([A-Za-z_]\w{0,60})=\$\{?2(?:\}|:?[-?=][^{}$]{0,60}\})?$/.exec(text);
      if (found?.[1] !== undefined) {
        names.add(found[1]);
      }
    }
  }
  return names;
}

/** Where an operation is compared with words: the operand, and what separates it from others beside it (`$2/$3`). */
function subjectOf(text: string, variables: ReadonlySet<string>): { separator: string } | undefined {
  const found = /^\$(?:\{([A-Za-z_]\w{0,60}|2)(?::?-[^{}$]{0,60})?\}|([A-Za-z_]\w{0,60}|2))(.{0,1})/s.exec(
    text,
  );
  const name = found?.[1] ?? found?.[2];
  return found && name !== undefined && variables.has(name) ? { separator: found[3] ?? '' } : undefined;
}

/** One operation that a script asks for, as a word of its own. */
export interface Asked {
  readonly name: string;
  readonly line: number;
}

/** The operations that a branch asks for; undefined where it asks for something else. */
export function askedIn(branch: Branch, variables: ReadonlySet<string>): Asked[] | undefined {
  if (branch.kind === 'case') {
    const subject = subjectOf(branch.subject.text, variables);
    return subject === undefined
      ? undefined
      : branch.patterns.map(({ text, line }) => ({ name: upTo(text, subject.separator), line }));
  }
  const found = branch.condition.flatMap(item => item.nodes.flatMap(node => comparisons(node, variables)));
  return found.length === 0 ? undefined : found;
}

function upTo(text: string, separator: string): string {
  return separator === '' ? text : (text.split(separator)[0] ?? '');
}

/** The words that tests compare the operation with: `[ "$2" = start ]`, `[[ $2 == start || $2 == stopped ]]`. */
function comparisons(node: Node, variables: ReadonlySet<string>): Asked[] {
  if (node.type !== 'simple' || !isTest(node.words[0])) {
    return node.type === 'group' || node.type === 'subshell'
      ? node.bodies.flatMap(body =>
          body.flatMap(item => item.nodes.flatMap(one => comparisons(one, variables))),
        )
      : [];
  }
  return node.words.flatMap(({ text, line }, i) => {
    const [left, right] = [node.words[i - 1], node.words[i + 1]];
    if (!/^(?:=|==|!=)$/.test(text) || left === undefined || right === undefined) {
      return [];
    }
    const [operand, constant] = subjectOf(left.text, variables) ? [left, right] : [right, left];
    const subject = subjectOf(operand.text, variables);
    return subject === undefined || constant.text.includes('$')
      ? []
      : [{ name: upTo(constant.text, subject.separator), line }];
  });
}

export function isTest(word: Word | undefined): boolean {
  return word !== undefined && ['[', '[[', 'test'].includes(word.text);
}

/** The operations asked for anywhere in a script: in cases, in tests behind `if` and before `&&`. */
export function askedAnywhere(items: readonly Item[], commands: readonly Command[]): Asked[] {
  const variables = operationVariables(commands);
  const cases = casesIn(items).flatMap(branch => askedIn(branch, variables) ?? []);
  const tests = commands.flatMap(command => comparisons(command, variables));
  return [...cases, ...tests].filter(({ name }) => /^[A-Za-z][\w-]*$/.test(name));
}

function casesIn(items: readonly Item[]): Branch[] {
  return items.flatMap(item => item.nodes.flatMap(casesOf));
}

function casesOf(node: Node): Branch[] {
  switch (node.type) {
    case 'simple':
      return [];
    case 'case':
      return node.arms.flatMap(({ patterns, body }) => [
        { kind: 'case' as const, subject: node.subject, patterns },
        ...casesIn(body),
      ]);
    case 'if':
      return [
        ...node.clauses.flatMap(({ condition, body }) => [...casesIn(condition), ...casesIn(body)]),
        ...casesIn(node.otherwise ?? []),
      ];
    default:
      return node.bodies.flatMap(casesIn);
  }
}
