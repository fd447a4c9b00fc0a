import { findHookPoint, type HookPoint } from '../../catalog/events.ts';
import { releaseOf } from '../../catalog/releases.ts';
import { functionsOf, newPoint } from './new-point.ts';
import type { VdsmTree } from './read-tree.ts';
import { linesOf } from './splice.ts';

/**
 * A hook point of a tree: as the catalogue has it, or, for one that only this tree has, as its function in hooks.py says.
 */
export function treePoint(tree: VdsmTree, name: string): HookPoint {
  const known = findHookPoint(name);
  if (known) {
    return known;
  }
  const { input, aborts } = fromFunction(tree, name);
  return {
    name,
    input,
    output: false,
    aborts,
    user: 'vdsm',
    when: `${name.startsWith('before_') ? 'Before' : 'After'} ${name.replace(/^[a-z]+_/, '').replaceAll('_', ' ')}.`,
    since: releaseOf('4.50.0'),
    properties: input === 'domain' ? 'vm' : input === 'device' ? 'device' : 'none',
    notes: [],
  };
}

function fromFunction(tree: VdsmTree, name: string): Pick<HookPoint, 'input' | 'aborts'> {
  const guess = newPoint(name);
  const lines = linesOf(tree.files.get(functionsOf(tree)) ?? '');
  const start = lines.findIndex(line => line.startsWith(`def ${name}(`));
  if (start === -1) {
    return guess;
  }
  const end = lines.findIndex((line, i) => i > start && line.startsWith('def '));
  const body = lines.slice(start, end === -1 ? lines.length : end).join('\n');
  const input = body.includes('_JSON_HOOK')
    ? 'json'
    : /_runHooksDir\(\s*None\b/.test(body)
      ? 'empty'
      : guess.input === 'device'
        ? 'device'
        : 'domain';
  return { input, aborts: !body.includes('raiseError=False') };
}
