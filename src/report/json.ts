import type { HostResult, RunResult } from '../core/host-result.ts';
import { OUTCOMES, type Outcome } from '../core/outcome.ts';

/** The document of `--json`: the contract that scripts rely on. */
export interface JsonReport {
  readonly hookfleet: string;
  readonly command: string;
  readonly exitCode: number;
  readonly totals: Readonly<Record<Outcome, number>>;
  readonly hosts: Readonly<Record<string, HostResult>>;
}

/** Makes the document of a run; {@link jsonText} prints it. */
export function jsonReport(result: RunResult, exitCode: number, version: string): JsonReport {
  return {
    hookfleet: version,
    command: result.command,
    exitCode,
    totals: totals(result),
    hosts: Object.fromEntries(result.hosts),
  };
}

/** How many hosts ended in each outcome. */
export function totals(result: RunResult): Record<Outcome, number> {
  const outcomes = [...result.hosts.values()].map(host => host.outcome);
  const counts = OUTCOMES.toReversed().map(
    outcome => [outcome, outcomes.filter(o => o === outcome).length] as const,
  );
  return Object.fromEntries(counts) as Record<Outcome, number>;
}

/** Prints a document: indented, and with everything escaped that could drive a terminal, which `JSON.stringify` leaves. */
export function jsonText(document: unknown): string {
  return JSON.stringify(document, null, 2).replaceAll(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
