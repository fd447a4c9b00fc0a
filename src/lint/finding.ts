import { RULES, type RuleId } from './rules.ts';

/**
 * How bad a finding is. `error`: the script does not do its work, or takes the operation down with it; `warning`: it
 * does so in some cases; `note`: something to know.
 */
export type Severity = 'error' | 'warning' | 'note';

/** Something that is wrong with a hook. */
export interface Finding {
  /** One of {@link RULES}, or `shellcheck-SC…`. */
  readonly id: string;
  readonly severity: Severity;
  /** Counts from 1; 1 also for what concerns the file as a whole. */
  readonly line: number;
  /** What is wrong and why it matters, in one sentence. */
  readonly message: string;
  readonly hint: string;
}

/** Makes a finding of a rule, as severe as the rule says where nothing else is given. */
export function finding(
  id: RuleId,
  line: number,
  message: string,
  hint: string,
  severity: Severity = RULES[id].severity,
): Finding {
  return { id, severity, line, message, hint };
}

/** Where the docs tell of a finding: below the project's folder. */
export function docsOf(id: string): string {
  return `docs/lint.md#${id.startsWith('shellcheck-') ? 'shellcheck' : id}`;
}
