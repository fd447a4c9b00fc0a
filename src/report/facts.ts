import type { FactChange } from '../core/facts.ts';
import { printable } from '../core/printable.ts';
import { count, hostsText } from './words.ts';

/** Which hosts have other versions than before, those with the same changes together, a line each. */
export function factLines(changed: ReadonlyMap<string, readonly FactChange[]>): string[] {
  const groups = new Map<string, string[]>();
  for (const [name, changes] of changed) {
    const text = changes.map(factText).join(', ');
    groups.set(text, [...(groups.get(text) ?? []), name]);
  }
  return [...groups].map(([text, names]) => {
    const number = names.length === 1 ? '' : ` (${count(names.length, 'host')})`;
    const verb = names.length === 1 ? 'has' : 'have';
    return `note: ${hostsText(names)}${number} ${verb} other versions than in the last record: ${text}`;
  });
}

/** `vdsm 4.50.6-1.el9 -> 4.50.7-1.el9`. */
export function factText({ fact, before, after }: FactChange): string {
  return printable(`${fact} ${before ?? 'none'} -> ${after ?? 'none'}`);
}
