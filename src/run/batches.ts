/** How many hosts go at once: so many, or so many per cent of the play's hosts. */
export type BatchSize = { readonly hosts: number } | { readonly percent: number };

/**
 * Cuts a play's hosts into batches, in their order. The last size holds for all batches that follow; a percentage is
 * of all hosts of the play, rounded down, and a batch has one host at least. Without sizes all hosts are one batch.
 */
export function batchesOf<Item>(
  hosts: readonly Item[],
  sizes: readonly BatchSize[],
): readonly (readonly Item[])[] {
  const batches: (readonly Item[])[] = [];
  for (let start = 0; start < hosts.length; ) {
    const size = sizes[batches.length] ?? sizes.at(-1) ?? { percent: 100 };
    const end = start + countOf(size, hosts.length);
    batches.push(hosts.slice(start, end));
    start = end;
  }
  return batches;
}

function countOf(size: BatchSize, all: number): number {
  const count = 'hosts' in size ? size.hosts : Math.floor((all * size.percent) / 100);
  return Math.max(1, count);
}
