import type { Place, Problem } from '../core/input-error.ts';

/** A group's children, each with the place that made it one. */
export type Children = ReadonlyMap<string, Place>;

/**
 * How deep each group lies: the longest way down to it from a group without parent. Groups that contain each other
 * are problems, one a cycle, that name the cycle; the depths are then of no use.
 */
export function groupDepths(groups: ReadonlyMap<string, { readonly children: Children }>): {
  depths: Map<string, number>;
  problems: Problem[];
} {
  const dropped = new Set<Place>();
  const problems: Problem[] = [];
  for (;;) {
    const depths = topDown(groups, dropped);
    if (depths.size === groups.size) {
      return { depths, problems };
    }
    const cycle = findCycle(groups, depths, dropped);
    const names = cycle.map(edge => edge.parent);
    const places = cycle.map(edge => edge.place);
    // The line that closed the circle is the last one written.
    const place = places.reduce((last, next) => ((next.line ?? 0) > (last.line ?? 0) ? next : last));
    dropped.add(place);
    problems.push({
      place,
      message: `Groups contain each other: ${[...names, names[0]].join(' > ')}`,
      hint: 'Take one of them out of the children of another',
    });
  }
}

interface Edge {
  readonly parent: string;
  readonly place: Place;
}

/** Depths of all groups that no cycle holds up. */
function topDown(
  groups: ReadonlyMap<string, { readonly children: Children }>,
  dropped: ReadonlySet<Place>,
): Map<string, number> {
  const parentsLeft = new Map<string, number>();
  for (const { children } of groups.values()) {
    for (const [child, place] of children) {
      parentsLeft.set(child, (parentsLeft.get(child) ?? 0) + (dropped.has(place) ? 0 : 1));
    }
  }
  const found = new Map<string, number>();
  const ready = [...groups.keys()].filter(name => (parentsLeft.get(name) ?? 0) === 0);
  const deepest = new Map<string, number>();
  for (const name of ready) {
    const depth = deepest.get(name) ?? 0;
    found.set(name, depth);
    for (const [child, place] of groups.get(name)?.children ?? []) {
      if (dropped.has(place)) {
        continue;
      }
      deepest.set(child, Math.max(deepest.get(child) ?? 0, depth + 1));
      const left = (parentsLeft.get(child) ?? 0) - 1;
      parentsLeft.set(child, left);
      if (left === 0) {
        ready.push(child);
      }
    }
  }
  return found;
}

/** Goes from a held-up group to a held-up parent, again and again, until a group comes round. */
function findCycle(
  groups: ReadonlyMap<string, { readonly children: Children }>,
  depths: ReadonlyMap<string, number>,
  dropped: ReadonlySet<Place>,
): Edge[] {
  const above = new Map<string, Edge>();
  for (const [parent, { children }] of groups) {
    for (const [child, place] of children) {
      if (!depths.has(parent) && !dropped.has(place)) {
        above.set(child, { parent, place });
      }
    }
  }
  const way: Edge[] = [];
  const seen = new Set<string>();
  let edge = [...above.values()][0];
  while (edge !== undefined && !seen.has(edge.parent)) {
    seen.add(edge.parent);
    way.push(edge);
    edge = above.get(edge.parent);
  }
  const start = way.findIndex(({ parent }) => parent === edge?.parent);
  return [...way.slice(start + 1), ...(edge === undefined ? [] : [edge])].reverse();
}
