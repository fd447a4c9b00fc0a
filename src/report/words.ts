import type { Outcome } from '../core/outcome.ts';
import { OUTCOMES } from '../core/outcome.ts';
import { printable } from '../core/printable.ts';
import type { Cause } from './cause.ts';
import { foldHosts } from './host-ranges.ts';

/** `1 host`, `12 hosts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Hosts as one text, folded to ranges; unsafe characters become visible. */
export function hostsText(names: readonly string[]): string {
  return foldHosts(names).map(printable).join(', ');
}

/** `128 changed`, `3 failed`, the best first; what did not happen is left out. */
export function outcomeCounts(
  counts: ReadonlyMap<Outcome, number>,
): { readonly outcome: Outcome; readonly text: string }[] {
  return OUTCOMES.toReversed().flatMap(outcome => {
    const number = counts.get(outcome) ?? 0;
    return number === 0 ? [] : [{ outcome, text: `${number} ${outcome}` }];
  });
}

/** What a cause is, in one line. */
export function causeText({ failure: { message, step, kind } }: Cause): string {
  const first = printable(message.split('\n')[0] ?? '');
  return kind === 'apply' && !first.includes(step) ? `${first} (at: ${printable(step)})` : first;
}
