import type { Read } from '../properties.ts';
import type { Command } from './commands.ts';
import type { Group, Item, Node } from './syntax.ts';
import type { Use } from './words.ts';

/**
 * The variables that a script reads and nowhere sets: they come from its environment. Nothing is told of a script that
 * runs other text, where they may be set.
 */
export function environmentReads(
  items: readonly Item[],
  commands: readonly Command[],
  uses: readonly Use[],
): Read[] {
  if (commands.some(({ words }) => /^(?:\.|source|eval)$/.test(words[0]?.text ?? ''))) {
    return [];
  }
  const own = new Set([...commands.flatMap(setBy), ...groupsIn(items).map(one => one.words[0]?.text)]);
  return uses.filter(({ name, rest }) => /^[A-Za-z_]/.test(name) && !own.has(name) && !/^:?=/.test(rest));
}

const SETTERS = new Set([
  'read',
  'local',
  'declare',
  'typeset',
  'export',
  'readonly',
  'mapfile',
  'readarray',
]);

function setBy({ assignments, words }: Command): string[] {
  const [first, ...others] = words.map(word => word.text);
  const named = [...assignments.map(word => word.text), ...(SETTERS.has(first ?? '') ? others : [])];
  const more =
    first === 'getopts' ||
    first === 'printf' ||
    first === 'let' ||
    first === 'unset' ||
    first?.startsWith('((')
      ? [...(first.startsWith('((') ? first : others.join(' ')).matchAll(/[A-Za-z_]\w{0,80}/g)].map(
          ([name]) => name,
        )
      : [];
  return [...named.map(text => /^[A-Za-z_]\w*/.exec(text)?.[0] ?? ''), ...more];
}

/** The loops of a script, with the variable of each. */
function groupsIn(items: readonly Item[]): Group[] {
  return items.flatMap(item => item.nodes.flatMap(groupsOf));
}

function groupsOf(node: Node): Group[] {
  switch (node.type) {
    case 'simple':
      return [];
    case 'case':
      return node.arms.flatMap(({ body }) => groupsIn(body));
    case 'if':
      return [
        ...node.clauses.flatMap(({ condition, body }) => [...groupsIn(condition), ...groupsIn(body)]),
        ...groupsIn(node.otherwise ?? []),
      ];
    default:
      return [node, ...node.bodies.flatMap(groupsIn)];
  }
}
