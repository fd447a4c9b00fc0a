import { printable } from '../core/printable.ts';
import { docsOf } from '../lint/finding.ts';
import type { LintResult, Located } from './lint.ts';

/** Colours for a terminal; each may give its text back. */
export interface LintPaint {
  error(text: string): string;
  warning(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

/** The places of findings that say the same. */
interface Fold {
  readonly finding: Located;
  readonly places: readonly string[];
}

/** Places beyond this many are counted. */
const MOST_PLACES = 5;

/** The findings for people: `path:line: severity id: message`, what to do below; what says the same stands once. */
export function lintText({ findings, scripts, missing }: LintResult, paint: LintPaint): string {
  const blocks = fold(findings).map(one => block(one, paint));
  const told = missing.map(program => `${program} is not installed here, so it was not asked.`);
  return [...blocks, [summary(findings, scripts), ...told].join('\n')].join('\n');
}

function fold(findings: readonly Located[]): Fold[] {
  const folds = new Map<string, { finding: Located; places: string[] }>();
  for (const finding of findings) {
    const { id, message, hint, severity, path, line } = finding;
    const key = JSON.stringify([id, message, hint, severity]);
    const same = folds.get(key) ?? { finding, places: [] };
    same.places.push(`${path}:${line}`);
    folds.set(key, same);
  }
  return [...folds.values()];
}

function block({ finding, places }: Fold, paint: LintPaint): string {
  const { severity, id, message, hint } = finding;
  const colour = severity === 'error' ? paint.error : severity === 'warning' ? paint.warning : paint.dim;
  const [first = '', ...others] = places;
  const more = others.length - MOST_PLACES;
  const also = [...others.slice(0, MOST_PLACES), ...(more > 0 ? [`and ${more} more`] : [])];
  return [
    `${paint.bold(oneLine(first))}: ${colour(severity)} ${id}: ${printable(message)}`,
    ...(also.length > 0 ? [`  also ${oneLine(also.join(', '))}`] : []),
    `  ${printable(hint)} ${paint.dim(`(${docsOf(id)})`)}`,
    '',
  ].join('\n');
}

/** The name of a file may have line feeds in it, which would pass for another finding. */
function oneLine(path: string): string {
  return printable(path).replaceAll('\n', '\\u{a}');
}

function summary(findings: readonly Located[], scripts: number): string {
  const count = (severity: string) => findings.filter(one => one.severity === severity).length;
  const parts = [
    [count('error'), 'error'],
    [count('warning'), 'warning'],
    [count('note'), 'note'],
  ] as const;
  const told = parts.filter(([n]) => n > 0).map(([n, word]) => many(n, word));
  return `${many(scripts, 'script')}: ${told.length === 0 ? 'nothing to tell' : told.join(', ')}`;
}

function many(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
