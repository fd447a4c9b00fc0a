import { type FactChange, factChanges } from '../core/facts.ts';
import type { RunResult } from '../core/host-result.ts';
import { loadAsked, loadRecord, recordIds } from './record-folder.ts';

/** How far back hosts are looked for, in records. */
const FARTHEST = 200;

/**
 * The hosts of a run with other versions than in the last earlier record of each. A host is the same one where name and
 * address are.
 *
 * @param own the id of the run's own record.
 * @param addresses as in the record, by name.
 */
export async function changedSince(
  folder: string,
  own: string,
  { hosts }: RunResult,
  addresses: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, readonly FactChange[]>> {
  const wanted = new Map([...hosts].flatMap(([name, { facts }]) => (facts ? [[name, facts] as const] : [])));
  const changed = new Map<string, readonly FactChange[]>();
  const earlier = (await recordIds(folder)).filter(id => id < own).slice(0, FARTHEST);
  for (const id of earlier) {
    if (wanted.size === 0) {
      break;
    }
    const asked = await loadAsked(folder, id);
    const shared = [...wanted.keys()].filter(name => asked?.addresses[name] === addresses[name]);
    const record = shared.length === 0 ? undefined : await loadRecord(folder, id);
    for (const name of shared) {
      const before = record?.result.hosts.get(name)?.facts;
      const after = wanted.get(name);
      if (before !== undefined && after !== undefined) {
        wanted.delete(name);
        const changes = factChanges(before, after);
        if (changes.length > 0) {
          changed.set(name, changes);
        }
      }
    }
  }
  return changed;
}
