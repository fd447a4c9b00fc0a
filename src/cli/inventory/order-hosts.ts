import { byCodePoint } from '../../inventory/code-point-order.ts';

/** In which order hosts come into the batches of a play. */
export const ORDERS = ['inventory', 'sorted', 'shuffle'] as const;

export type Order = (typeof ORDERS)[number];

/** Puts hosts, given as the inventory has them, into an order. @param random from 0 to below 1, as `Math.random`. */
export function orderHosts<Item extends { readonly name: string }>(
  hosts: readonly Item[],
  order: Order,
  random: () => number = Math.random,
): readonly Item[] {
  switch (order) {
    case 'inventory':
      return hosts;
    case 'sorted':
      return hosts.toSorted((a, b) => byCodePoint(a.name, b.name));
    case 'shuffle':
      return shuffled(hosts, random);
  }
}

/** Fisher and Yates: every order is as likely as any other. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(Math.floor(random() * left.length), 1));
}
