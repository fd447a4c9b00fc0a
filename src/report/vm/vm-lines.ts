import type { Change } from '../../core/change.ts';
import type { Failure } from '../../core/failure.ts';
import type { Outcome } from '../../core/outcome.ts';
import { printable } from '../../core/printable.ts';
import { type Cell, type Look, table } from '../catalog/catalog-layout.ts';
import { changesLines } from '../changes-text.ts';
import type { Paint } from '../paint.ts';
import { count, hostsText, outcomeCounts } from '../words.ts';

/** What is meant to be done with one VM or vNIC profile. */
export interface PlanLine {
  readonly label: string;
  readonly changes: readonly Change[];
  /** What else there is to say of it: a restart, why it is left out. */
  readonly notes: readonly string[];
}

/** Plans before they are carried out; those that mean the same stand together. */
export function planLines(plans: readonly PlanLine[], paint: Paint): string[] {
  const groups = new Map<string, { plan: PlanLine; labels: string[] }>();
  for (const plan of plans) {
    const key = JSON.stringify([plan.changes, plan.notes]);
    const group = groups.get(key) ?? { plan, labels: [] };
    group.labels.push(plan.label);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ plan, labels }) => [
    paint.bold(hostsText(labels)) + (labels.length === 1 ? '' : `  (${labels.length})`),
    ...changesLines(plan.changes, true, paint),
    ...plan.notes.map(note => `  ${printable(note)}`),
  ]);
}

/** How one VM or vNIC profile ended. */
export interface ResultLine {
  readonly label: string;
  readonly outcome: Outcome;
  readonly changes: readonly Change[];
  readonly error: Pick<Failure, 'message' | 'hint'> | null;
  readonly notes: readonly string[];
}

/** A line each, what went wrong with it below it, and how many ended how. */
export function resultLines(noun: string, results: readonly ResultLine[], { paint }: Look): string[] {
  const rows = table(
    results.map(({ label, outcome, changes, error, notes }): Cell[] => [
      { text: label, paint: paint.bold },
      { text: outcome, paint: text => paint.outcome(outcome, text) },
      {
        text: [
          ...changes.map(change => changeText(change, outcome)),
          ...notes,
          ...(error === null ? [] : [error.message]),
        ].join('; '),
      },
    ]),
  );
  const counts = new Map<Outcome, number>();
  for (const { outcome } of results) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const parts = outcomeCounts(counts).map(({ outcome, text }) => paint.outcome(outcome, text));
  return [
    ...results.flatMap(({ error }, index) => [
      rows[index] ?? '',
      ...(error?.hint ? [`  ${printable(error.hint)}`] : []),
    ]),
    ...(results.length > 1 ? [`${count(results.length, noun)}: ${parts.join(', ')}`] : []),
  ];
}

function changeText({ resource, id, action, before, after }: Change, outcome: Outcome): string {
  if (resource === 'vm') {
    return outcome === 'drifted' ? `a ${action} is due` : action === 'start' ? 'started' : 'restarted';
  }
  return `${id}: ${before ?? '(none)'} -> ${after ?? '(none)'}`;
}
