import { MOST_MEMORY, startLargeFleet } from '../remote/no-leaks-run.ts';
import type { Goal } from './table.ts';

/** How much memory one run held at a time (resident set), in bytes. */
export interface Memory {
  readonly name: string;
  readonly bytes: number;
}

/** Runs over a fleet of embedded servers, of which each 25th is dead and each 25th freezes. */
export async function measureMemory(): Promise<readonly Memory[]> {
  const fleet = await startLargeFleet();
  try {
    const runs = [
      ['check, 50 hosts', () => fleet.run('check', '--limit', 'first50')],
      ['check, 500 hosts', () => fleet.run('check')],
      ['apply with changes, 500 hosts', () => fleet.run('apply')],
    ] as const;
    const rows: Memory[] = [];
    for (const [name, run] of runs) {
      rows.push({ name, bytes: (await run()).held.peakBytes });
    }
    return rows;
  } finally {
    await fleet.stop();
  }
}

export function memoryGoals(rows: readonly Memory[]): readonly Goal[] {
  const most = Math.max(...rows.map(({ bytes }) => bytes));
  return [
    {
      text: `500 hosts, 20 of them dead and 20 frozen, in less than ${MOST_MEMORY / 1e6} MB: ${(most / 1e6).toFixed(0)} MB`,
      reached: most < MOST_MEMORY,
    },
  ];
}
