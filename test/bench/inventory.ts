import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** What a large inventory costs, in milliseconds; medians of cold processes. */
export interface InventoryCost {
  readonly hosts: number;
  readonly loadMs: number;
  readonly limitMs: number;
}

export const MOST_LOAD_MS = 300;
export const MOST_LIMIT_MS = 50;

const PROGRAM = fileURLToPath(new URL('load-inventory.mjs', import.meta.url));
const RACKS = 20;
const HOSTS_A_RACK = 500;
const LIMIT = 'rack1*:&*-4*:!~.*-47[0-9]';

/** Loads an inventory of 10,000 hosts in 20 groups, with variables, and takes a limit of several terms from it. */
export async function measureInventory(folder: string, rounds: number): Promise<InventoryCost> {
  const file = join(folder, 'ten-thousand.ini');
  await writeFile(file, inventoryText());
  const costs: InventoryCost[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { stdout } = await execa(process.execPath, [PROGRAM, file, LIMIT]);
    costs.push(JSON.parse(stdout) as InventoryCost);
  }
  return {
    hosts: costs[0]?.hosts ?? 0,
    loadMs: median(costs.map(({ loadMs }) => loadMs)),
    limitMs: median(costs.map(({ limitMs }) => limitMs)),
  };
}

function inventoryText(): string {
  const racks = Array.from({ length: RACKS }, (_, rack) => `rack${String(rack).padStart(2, '0')}`);
  return [
    ...racks.flatMap((name, rack) => [
      `[${name}]`,
      ...Array.from(
        { length: HOSTS_A_RACK },
        (_, i) =>
          `kvm-${rack}-${i}.example.org ansible_host=10.${rack}.${i >> 8}.${i & 255} rack=${rack} note="a b"`,
      ),
    ]),
    '[hypervisors:children]',
    ...racks,
    '[hypervisors:vars]',
    'ansible_user=rollout',
    'ansible_become=true',
    '',
  ].join('\n');
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
