import test from 'ava';
import fc from 'fast-check';
import type { Place } from '../../src/core/input-error.ts';
import { groupDepths } from '../../src/inventory/group-tree.ts';

type Edge = readonly [number, number];

function tree(size: number, edges: readonly Edge[]) {
  const groups = new Map<string, { children: Map<string, Place> }>();
  for (let i = 0; i < size; i++) {
    groups.set(`g${i}`, { children: new Map() });
  }
  for (const [i, [parent, child]] of edges.entries()) {
    const children = groups.get(`g${parent}`)?.children;
    if (children?.has(`g${child}`) === false) {
      children.set(`g${child}`, { file: 'hosts', line: i + 1 });
    }
  }
  return groups;
}

test('a group lies as deep as the longest way down to it', t => {
  const { depths, problems } = groupDepths(
    tree(4, [
      [0, 3],
      [0, 1],
      [1, 2],
      [2, 3],
    ]),
  );
  t.deepEqual(problems, []);
  t.deepEqual([...depths].sort(), [
    ['g0', 0],
    ['g1', 1],
    ['g2', 2],
    ['g3', 3],
  ]);
});

test('each cycle is named once, from parent to child, at the line that closed it', t => {
  const { problems } = groupDepths(
    tree(6, [
      [0, 1],
      [1, 2],
      [2, 0],
      [2, 3],
      [4, 4],
    ]),
  );
  t.deepEqual(problems.map(({ place, message }) => `${place?.line} ${message}`).sort(), [
    '3 Groups contain each other: g0 > g1 > g2 > g0',
    '5 Groups contain each other: g4 > g4',
  ]);
});

test('groups either get depths that grow downwards, or a cycle that is really there', t => {
  const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 16 });
  fc.assert(
    fc.property(edges, list => {
      const groups = tree(8, list);
      const { depths, problems } = groupDepths(groups);
      for (const { message } of problems) {
        const names = message.replace('Groups contain each other: ', '').split(' > ');
        t.is(names[0], names.at(-1));
        names.slice(1).forEach((child, i) => {
          t.true(groups.get(names[i] ?? '')?.children.has(child), message);
        });
      }
      if (problems.length === 0) {
        for (const [parent, { children }] of groups) {
          for (const child of children.keys()) {
            t.true((depths.get(child) ?? 0) > (depths.get(parent) ?? 0));
          }
        }
      }
    }),
  );
});
