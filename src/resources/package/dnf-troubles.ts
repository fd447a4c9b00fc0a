import type { Section } from '../../core/section.ts';
import { type DnfTrouble, type FoundTrouble, findTrouble } from './dnf-trouble.ts';
import { HOST_TROUBLES, SIGNATURE_TROUBLES } from './dnf-troubles-host.ts';
import { OFFER_TROUBLES } from './dnf-troubles-offer.ts';
import { OTHERS_TROUBLES } from './dnf-troubles-others.ts';

/** The most telling first: the first that is found is told. Words of dnf 4.14, of rpm 4.18 and of their plugins. */
export const DNF_TROUBLES: readonly DnfTrouble[] = [
  ...HOST_TROUBLES,
  ...SIGNATURE_TROUBLES,
  ...OTHERS_TROUBLES,
  ...OFFER_TROUBLES,
];

/** What a failed call of dnf means; undefined where none of the troubles fits. */
export function dnfTrouble(failed: Section): FoundTrouble | undefined {
  return findTrouble(failed, DNF_TROUBLES);
}
